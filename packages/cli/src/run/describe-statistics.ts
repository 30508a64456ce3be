import type { Timing } from '@krait/core'
import type { RunStatistics } from './job.ts'

/** Wall times of the stages that one thread does, in milliseconds, in order. */
export type StageTimes = ReadonlyMap<string, number>

const SHOWN = 30

/**
 * The text of `--stats`.
 * @param peakMemory of the whole process, in bytes
 */
export function describeStatistics(statistics: RunStatistics, wall: StageTimes, peakMemory: number): string {
  const { threads, files, lines, recalled, stages, rules, shared, decodings } = statistics
  const total = [...wall.values()].reduce((sum, ms) => sum + ms, 0)
  const rows = [
    `Files linted: ${files} (${lines} lines)   threads: ${threads}   memory at the peak: ${Math.round(peakMemory / 1024 / 1024)} MB`,
    `Files from the cache: ${recalled}`,
    `Time: ${formatTime(total)} (${[...wall].map(([stage, ms]) => `${stage} ${formatTime(ms)}`).join(', ')})`,
  ]
  if (decodings.length > 0) {
    rows.push(`Trees read from the parser: ${describeDecodings(decodings)}`)
    rows.push(`Work of all threads: ${[...stages].map(([stage, ms]) => `${stage} ${formatTime(ms)}`).join(', ')}`)
  }
  rows.push(...describeTimings('Work that all rules share, the slowest first:', shared), ...describeTimings('Rules, the slowest first:', rules))
  return rows.join('\n') + '\n'
}

function describeTimings(title: string, timings: ReadonlyMap<string, Timing>): string[] {
  const slowest = [...timings].sort(([idA, a], [idB, b]) => b.ms - a.ms || (idA < idB ? -1 : 1)).slice(0, SHOWN)
  const rows = slowest.map(([id, { ms, calls }]) => `  ${formatTime(ms).padStart(10)}  ${id} (${calls} calls)`)
  return rows.length > 0 ? [title, ...rows] : []
}

function describeDecodings(decodings: readonly string[]): string {
  const slow = decodings.filter((decoding) => decoding !== 'memory').length
  return slow === 0 ? 'fast, from its memory' : `slowly, node by node, in ${slow} of ${decodings.length} threads`
}

function formatTime(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`
}
