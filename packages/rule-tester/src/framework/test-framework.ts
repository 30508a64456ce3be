/** What registering tests takes; vitest, node:test, Mocha and Jest all have it. */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: TestFunction
}

export interface TestFunction {
  (name: string, body: () => Promise<void>): unknown
  readonly only?: (name: string, body: () => Promise<void>) => unknown
}

// Outside of a test framework's process (`node --test` has no mark of its own) node:test is the one that is always there.
const imported: TestFramework = process.env['VITEST'] === undefined ? await import('node:test') : await import('vitest')

/** The framework that runs this process: its globals if it has any, else vitest's or Node's own. */
export function findTestFramework(): TestFramework {
  const { describe, it } = globalThis as unknown as Partial<TestFramework>
  return typeof describe === 'function' && typeof it === 'function' ? { describe, it } : imported
}
