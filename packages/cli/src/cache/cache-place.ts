import { join } from 'node:path'

/** The folder in a project's root that holds its cache. */
export const CACHE_FOLDER = '.krait_cache'

/** Raise it whenever what is stored takes another form: a cache of another format is not looked at. */
export const FORMAT = 4

/** Where the cache of a project is. */
export interface CachePlace {
  /** Absolute. */
  readonly folder: string
  /** Whether krait chose the folder, so that nobody else uses it. */
  readonly isOwn: boolean
}

/** @param location the folder that was named, absolute, if one was @param root the project's, absolute */
export function cachePlace(location: string | undefined, root: string): CachePlace {
  return { folder: location ?? join(root, CACHE_FOLDER), isOwn: location === undefined }
}

/** The part of a cache that this format has. */
export function formatFolder({ folder }: CachePlace): string {
  return join(folder, `v${FORMAT}`)
}
