"""Runs the code of standard input with a clock that the test turns, and prints what it does: see datetime-fixes.mjs."""

import builtins
import datetime as real
import inspect
import json
import sys
import time
import types

START = real.datetime(2026, 3, 2, 9, 30, 15, 250000, tzinfo=real.timezone.utc)
BOOTED = 1000.0
ticks = 0
seen = []


def elapsed():
    """Every reading of a clock, whichever it is, finds it a quarter of a second later."""
    global ticks
    ticks += 1
    return ticks / 4


class FakeDatetime(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return (START + real.timedelta(seconds=elapsed())).astimezone(tz).replace(tzinfo=tz)

    @classmethod
    def utcnow(cls):
        return cls.now(real.timezone.utc).replace(tzinfo=None)


class Anything:
    """What the examples use and do not define: notes how it is called."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(f"{self.name}.{name}")

    def __call__(self, *positional, **keywords):
        seen.append([self.name, [show(value) for value in positional], {name: show(value) for name, value in keywords.items()}])
        return Anything(f"{self.name}()")

    def __mro_entries__(self, bases):
        return ()


class Number(int):
    """What the examples get as an argument; some call it."""

    def __call__(self, *positional, **keywords):
        return Anything("argument")(*positional, **keywords)


class Names(dict):
    def __missing__(self, name):
        if hasattr(builtins, name):
            return getattr(builtins, name)
        return Anything(name)


class Library(types.ModuleType):
    """A library that need not be installed."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name)


def show(value):
    if callable(value) and not isinstance(value, (type, Anything)):
        return show(result_of(value))
    if isinstance(value, (list, tuple)):
        return [show(item) for item in value]
    if isinstance(value, dict):
        return {str(key): show(item) for key, item in value.items()}
    return repr(value) if not isinstance(value, Anything) else value.name


def result_of(function):
    """What a function gives; each parameter is the number 5."""
    count = sum(parameter.default is parameter.empty for parameter in inspect.signature(function).parameters.values())
    result = function(*[Number(5)] * count)
    return list(result) if inspect.isgenerator(result) else result


def main():
    real.datetime = FakeDatetime
    time.time = lambda: START.timestamp() + elapsed()
    time.monotonic = lambda: BOOTED + elapsed()
    time.perf_counter = time.monotonic
    for name in ("django", "django.utils", "django.utils.timezone", "pydantic", "sqlalchemy", "sqlalchemy.orm", "sqlmodel"):
        sys.modules[name] = Library(name)
    names = Names(__name__="example", print=Anything("print"))
    exec(compile(sys.stdin.read(), "example.py", "exec"), names)
    for name, value in list(names.items()):
        if getattr(value, "__module__", None) == "example" and isinstance(value, types.FunctionType):
            seen.append([name, "gives", show(value)])
        elif not name.startswith("__") and not isinstance(value, (type, types.ModuleType, types.FunctionType, Anything)):
            seen.append([name, "is", show(value)])
    json.dump(seen, sys.stdout)


main()
