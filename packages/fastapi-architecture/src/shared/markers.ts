/** What declares a dependency. */
export const DEPENDENCY_MARKERS: ReadonlySet<string> = new Set(['fastapi.Depends', 'fastapi.Security'])

/** What a parameter of a route or a dependency can have as its default: FastAPI's functions say where the value comes from. */
export const PARAMETER_MARKERS: ReadonlySet<string> = new Set([
  ...DEPENDENCY_MARKERS,
  'fastapi.Query',
  'fastapi.Body',
  'fastapi.Header',
  'fastapi.Path',
  'fastapi.Cookie',
  'fastapi.Form',
  'fastapi.File',
])
