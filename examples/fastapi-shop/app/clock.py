"""The only place that reads the clock, so that tests can freeze it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
