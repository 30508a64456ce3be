import type { FileVersion } from '../read/file-version.ts'
import type { FactEntry } from '../run/shared-facts.ts'
import type { ProjectCache } from './project-cache.ts'
import { contentOf, FactsBuilder, type StoredFacts } from './stored-facts.ts'

/** More segments than this are put together. */
export const MOST_SEGMENTS = 8

/** Less than this part of all facts is not much. */
const LITTLE = 64

/**
 * Adds facts to those that are stored.
 * @param collected what this run has collected; owners are files by their place in the project
 * @returns the names of all segments @throws {CacheError}
 */
export function saveFacts(cache: ProjectCache, collected: readonly FactEntry[], versions: ReadonlyMap<string, FileVersion>): readonly string[] {
  const { folder, job } = cache
  const builder = new FactsBuilder()
  for (const { owner, ...fact } of collected) {
    const path = job.files[owner]!
    const version = versions.get(path)
    if (version) builder.add({ content: contentOf(path, version.identity), ...fact })
  }
  // Most runs find nothing new, and then nobody has to look at what is stored.
  if (builder.size === 0 && !cache.hasReadFacts) return cache.factNames
  const stored = cache.facts()
  const names = stored.map(({ name }) => name)
  if (builder.size === 0) return names
  const wanted = new Set([...versions].map(([path, { identity }]) => contentOf(path, identity)))
  const merged = toMerge(stored, builder.size, wanted)
  for (const segment of merged) for (const fact of segment.ofContents(wanted)) builder.add(fact)
  const kept = names.filter((_, i) => !merged.includes(stored[i]!))
  return [...kept, folder.writeSegment(builder.pieces())]
}

/** Which segments become one with the new facts: all if most of them is of contents that are gone; if there are many, all but the largest. */
function toMerge(stored: readonly StoredFacts[], added: number, wanted: ReadonlySet<string>): readonly StoredFacts[] {
  const size = sum(stored, (segment) => segment.size)
  // Little by little there are many, and to look at all that is stored takes longer than to add a little.
  if (stored.length < MOST_SEGMENTS && added < size / LITTLE) return []
  if (sum(stored, (segment) => segment.sizeOf(wanted)) < size / 2) return stored
  if (stored.length < MOST_SEGMENTS) return []
  const largest = stored.reduce((a, b) => (a.size < b.size ? b : a))
  return size - largest.size + added < largest.size / 2 ? stored.filter((segment) => segment !== largest) : stored
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0)
}
