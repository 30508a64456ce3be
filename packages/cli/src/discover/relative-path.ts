import { relative, sep } from 'node:path'

/** The path of a file relative to a folder, with `/`; `..` where it lies outside. */
export function relativePath(folder: string, path: string): string {
  const prefix = folder.endsWith(sep) ? folder : folder + sep
  const result = path.startsWith(prefix) ? path.slice(prefix.length) : relative(folder, path)
  return sep === '/' ? result : result.split(sep).join('/')
}

/** Whether the path is the folder or lies below it. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
