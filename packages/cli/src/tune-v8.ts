import { setFlagsFromString } from 'node:v8'

/** V8 complains about a flag that it does not know: each stands with the newest major version of Node that is known to have it. */
const FLAGS: readonly (readonly [flag: string, newestNode: number])[] = [
  // Else a heap grows to four times what is in use before V8 looks for garbage: a third of all memory, saved for a hundredth of the time.
  ['--heap-growing-percent=100', 24],
  // The code of rules and indexes is broad, and no part of it runs for long. Compiled later and with less inlining it takes a quarter less time where
  // there are as many workers as processors.
  ['--max-inlined-bytecode-size-cumulative=300', 24],
  ['--max-optimized-bytecode-size=10000', 24],
  ['--interrupt-budget=200000', 20],
]

/** Fits V8 to how krait works, in this thread and in workers that start later. */
export function tuneV8(): void {
  const node = Number(process.versions.node.split('.', 1)[0])
  for (const [flag, newestNode] of FLAGS) if (node <= newestNode) setFlagsFromString(flag)
}
