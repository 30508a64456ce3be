/** Modules whose functions work on what they are given and fail only where the code is wrong. */
export const HARMLESS_MODULES: ReadonlySet<string> = new Set(
  `abc base64 builtins collections contextlib copy dataclasses datetime decimal enum functools hashlib html inspect itertools jinja2 json logging loguru math
  operator prometheus_client pydantic random re secrets sentry_sdk string structlog textwrap time traceback types typing uuid warnings zoneinfo`.split(/\s+/),
)

/** Methods of strings, containers and the like, for receivers that are not known. */
export const HARMLESS_METHODS: ReadonlySet<string> = new Set(
  `add append as_dict capitalize copy dict encode decode extend format get isoformat items join json keys lower lstrip model_dump pop render replace rstrip
  setdefault split startswith endswith strftime strip title total_seconds update upper values`.split(/\s+/),
)
