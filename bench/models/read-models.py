"""What SQLAlchemy itself knows of the models of a project, as JSON: `python read-models.py SOURCE_ROOT 'app/models/*.py' > python.json`. See README.md."""

import argparse
import glob
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import re
import sys
import traceback
import types
import typing


class Dummy(type):
    """The class of stand-ins: a stand-in can be called, subscripted, combined, inherited from and used as a decorator."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return make_dummy(f"{cls.__name__}.{name}")

    def __call__(cls, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        return make_dummy(f"{cls.__name__}()")

    def __getitem__(cls, item):
        return cls

    def __iter__(cls):
        return iter(())

    def __or__(cls, other):
        return typing.Union[cls, other]

    def __ror__(cls, other):
        return typing.Union[other, cls]

    def __enter__(cls):
        return cls

    def __exit__(cls, *args):
        return False

    def __mro_entries__(cls, bases):
        return ()


def make_dummy(name):
    return Dummy(name, (), {"__slots__": ()})


class DummyModule(types.ModuleType):
    __path__ = []
    __all__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return make_dummy(name)


class DummyFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for modules that files below the root import and that are not installed, and for those that are named on the command line."""

    def __init__(self, root, always):
        self.root = root
        self.always = always
        self.made = set()

    def find_spec(self, name, path=None, target=None):
        is_named = any(name == prefix or name.startswith(prefix + ".") for prefix in self.always)
        if is_named or name.partition(".")[0] in self.made or (self.is_for_project() and not self.is_there(name, path)):
            self.made.add(name)
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def is_for_project(self):
        frame = sys._getframe(2)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename.startswith(self.root + os.sep)

    def is_there(self, name, path):
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            if finder.find_spec(name, path) is not None:
                return True
        return name in sys.builtin_module_names

    def create_module(self, spec):
        return DummyModule(spec.name)

    def exec_module(self, module):
        pass


def qualified_name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def columns_of(mapper):
    from sqlalchemy import Column

    found = {}
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        if isinstance(column, Column):
            found[prop.key] = {"name": column.name, "nullable": column.nullable, "primaryKey": column.primary_key}
    return found


def name_of_table(table):
    return table.fullname if hasattr(table, "fullname") else None


def target_of(element):
    """`table.column` as it is written, since the table may be in a module that was not imported."""
    return element._get_colspec()


def column_names(expression, table):
    """The columns of one part of an index: also those of `lower(email)`, `created_at DESC` and of an SQL text."""
    from sqlalchemy import Column
    from sqlalchemy.sql import visitors

    names = []
    for part in visitors.iterate(expression):
        if part.__visit_name__ == "textclause" or getattr(part, "is_literal", False):
            names += [word for word in re.findall(r"\w+", str(getattr(part, "text", part))) if word in {column.name for column in table.columns}]
        elif isinstance(part, Column):
            names.append(part.name)
    return names


def keys_of(tables):
    from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

    unique, indexes, foreign = set(), set(), set()
    for table in tables:
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                unique.add(",".join(sorted(column.name for column in constraint.columns)))
            elif isinstance(constraint, ForeignKeyConstraint):
                foreign.add(", ".join(sorted(f"{element.parent.name} -> {target_of(element)}" for element in constraint.elements)))
        for index in table.indexes:
            names = list(dict.fromkeys(name for expression in index.expressions for name in column_names(expression, table)))
            if None in names:
                continue
            indexes.add(",".join(names))
            if index.unique:
                unique.add(",".join(sorted(names)))
    return sorted(unique), sorted(indexes), sorted(foreign)


def relationships_of(mapper):
    found = {}
    for prop in mapper.relationships:
        found[prop.key] = {
            "target": qualified_name(prop.mapper.class_),
            "uselist": prop.uselist,
            "direction": {"MANYTOONE": "many-to-one", "ONETOMANY": "one-to-many", "MANYTOMANY": "many-to-many"}[prop.direction.name],
            "secondary": None if prop.secondary is None else name_of_table(prop.secondary),
            "backPopulates": prop.back_populates or next((other.key for other in prop._reverse_property), None),
            "lazy": prop.lazy if isinstance(prop.lazy, str) else None,
            "viewonly": prop.viewonly,
            "cascade": sorted(prop.cascade),
        }
    return found


def mapped_keys(keys, mapper):
    """The keys without those over columns that only other classes of the same table have."""
    mapped = {column.name for prop in mapper.column_attrs for column in prop.columns if hasattr(column, "name")}
    parts = lambda key: [part.split(" -> ")[0].strip() for part in key.split(",")]
    return [key for key in keys if all(part in mapped for part in parts(key))]


def describe(mapper):
    tables = [table for table in mapper.tables if hasattr(table, "constraints")]
    unique, indexes, foreign = (mapped_keys(keys, mapper) for keys in keys_of(tables))
    return {
        "name": qualified_name(mapper.class_),
        "kind": "class",
        "table": name_of_table(mapper.local_table),
        "columns": columns_of(mapper),
        "primaryKey": sorted({column.name for table in tables for column in table.primary_key}),
        "unique": unique,
        "indexes": indexes,
        "foreignKeys": foreign,
        "relationships": relationships_of(mapper),
    }


def all_mappers():
    import gc
    from sqlalchemy.orm import Mapper

    return [thing for thing in gc.get_objects() if isinstance(thing, Mapper)]


def tables_of_dialects():
    """SQLAlchemy describes the catalogues of some databases by tables of its own."""
    import importlib
    from sqlalchemy import dialects

    for name in dialects.__all__:
        for module in [f"sqlalchemy.dialects.{name}", f"sqlalchemy.dialects.{name}.dictionary", f"sqlalchemy.dialects.{name}.information_schema"]:
            try:
                importlib.import_module(module)
            except ImportError:
                pass
    return all_tables()


def all_tables():
    import gc
    from sqlalchemy import Table

    return [thing for thing in gc.get_objects() if isinstance(thing, Table)]


def module_name(path, root):
    parts = os.path.relpath(path, root)[: -len(".py")].split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", help="the folder that the imports start from")
    parser.add_argument("patterns", nargs="+", help="the files that hold models, relative to the root")
    parser.add_argument("--stand-in", action="append", default=[], metavar="MODULE", help="do not import this module, take a stand-in")
    arguments = parser.parse_args()
    sys.dont_write_bytecode = True
    root = os.path.abspath(arguments.root)
    sys.path.insert(0, root)
    foreign = {table.fullname for table in tables_of_dialects()}
    finder = DummyFinder(root, arguments.stand_in)
    sys.meta_path.insert(0, finder)
    errors = []
    for pattern in arguments.patterns:
        for path in sorted(glob.glob(os.path.join(root, pattern), recursive=True)):
            try:
                importlib.import_module(module_name(path, root))
            except BaseException as error:
                place = traceback.extract_tb(error.__traceback__)[-1]
                errors.append(f"{module_name(path, root)}: {type(error).__name__}: {error} ({place.filename}:{place.lineno})")
    for line in [f"stand-ins: {', '.join(sorted(finder.made))}", *errors]:
        print(line, file=sys.stderr)
    mappers = sorted(all_mappers(), key=lambda mapper: qualified_name(mapper.class_))
    models = {qualified_name(mapper.class_): describe(mapper) for mapper in mappers}
    tables = {}
    mapped = {name_of_table(table) for mapper in mappers for table in mapper.tables}
    for table in all_tables():
        if table.fullname in mapped or table.fullname in tables or table.fullname in foreign:
            continue
        unique, indexes, foreign = keys_of([table])
        tables[table.fullname] = {
            "name": table.fullname,
            "kind": "table",
            "table": table.fullname,
            "columns": {column.key: {"name": column.name, "nullable": column.nullable, "primaryKey": column.primary_key} for column in table.columns},
            "primaryKey": sorted(column.name for column in table.primary_key),
            "unique": unique,
            "indexes": indexes,
            "foreignKeys": foreign,
            "relationships": {},
        }
    json.dump({"models": models, "tables": tables}, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
