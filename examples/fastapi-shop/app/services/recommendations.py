"""Which products are bought together with a given one."""

from functools import lru_cache

import torch

from app import cache
from app.cache import CacheError

CACHE_SECONDS = 600


@lru_cache(maxsize=1)
def load_model(path: str) -> torch.jit.ScriptModule:
    model = torch.jit.load(path, map_location="cpu")
    model.eval()
    return model


def also_bought(model: torch.jit.ScriptModule, product_id: int, count: int) -> list[int]:
    key = f"also-bought:{product_id}:{count}"
    if cached := read_cached(key):
        return cached

    with torch.inference_mode():
        scores = model(torch.tensor([product_id]))
    identifiers: list[int] = torch.topk(scores, count).indices.flatten().tolist()

    try:
        cache.client.set(key, ",".join(map(str, identifiers)), ex=CACHE_SECONDS)
    except CacheError:
        # The next request computes it again.
        pass
    return identifiers


def read_cached(key: str) -> list[int] | None:
    raw = cache.client.get(key)
    try:
        return [int(part) for part in raw.split(",")] if raw else None
    except ValueError:
        return None
