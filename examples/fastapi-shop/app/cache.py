"""The shared Redis client. Callers catch `CacheError`, so that nobody else depends on the client library."""

from redis import Redis
from redis.exceptions import RedisError as CacheError

from app.settings import get_settings

__all__ = ["CacheError", "client", "count_hit"]

client = Redis.from_url(str(get_settings().redis_url), socket_timeout=2, decode_responses=True)

COUNT_HIT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return hits
"""


def count_hit(key: str, window_seconds: int) -> int:
    """Counts one hit and gives the number of hits in the running window."""
    return int(client.eval(COUNT_HIT, 1, key, window_seconds))
