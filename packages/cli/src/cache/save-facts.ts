import type { FileVersion } from '../read/file-version.ts'
import type { FactEntry } from '../run/shared-facts.ts'
import type { ProjectCache } from './project-cache.ts'
import { contentOf, FactsBuilder, type StoredFacts } from './stored-facts.ts'

/** So many segments are put into one. */
export const MOST_SEGMENTS = 8

/**
 * Adds facts to those that are stored.
 * @param collected what this run has collected; files by their place in the project
 * @returns the names of all segments @throws {CacheError}
 */
export function saveFacts(cache: ProjectCache, collected: readonly FactEntry[], versions: ReadonlyMap<string, FileVersion>): readonly string[] {
  const { folder, job, state } = cache
  const builder = new FactsBuilder()
  for (const { file, ...rest } of collected) {
    const path = job.files[file]!
    const version = versions.get(path)
    if (version) builder.add({ content: contentOf(path, version.identity), ...rest })
  }
  // Unless there was something to collect, nobody has looked at what is stored.
  const stored = cache.hasReadFacts ? cache.storedFacts() : undefined
  const names = stored?.names ?? (state?.facts ?? []).filter((name) => folder.hasSegment(name))
  if (builder.size === 0 && names.length <= MOST_SEGMENTS) return names
  const contents = new Set([...versions].map(([path, { identity }]) => contentOf(path, identity)))
  const facts = stored ?? cache.storedFacts()
  if (names.length < MOST_SEGMENTS && !isMostlyOld(facts, contents)) return [...names, folder.writeSegment(builder.finish())]
  for (const fact of facts.ofContents(contents)) builder.add(fact)
  return [folder.writeSegment(builder.finish())]
}

function isMostlyOld(facts: StoredFacts, contents: ReadonlySet<string>): boolean {
  let live = 0
  for (const { bytes } of facts.ofContents(contents)) live += bytes.length
  return live < facts.size / 2
}
