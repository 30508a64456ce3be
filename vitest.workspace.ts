import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const packages = readdirSync(new URL('./packages', import.meta.url))

export default defineConfig({
  test: {
    projects: packages.map((name) => ({
      // Tests run from the sources: the same condition makes TypeScript and the editor jump there.
      ssr: { resolve: { conditions: ['krait-source', 'node', 'import', 'module', 'default'] } },
      resolve: { conditions: ['krait-source', 'node', 'import', 'module', 'default'] },
      test: { name, root: `packages/${name}`, include: ['tests/**/*.test.ts'], testTimeout: 60_000 },
    })),
    maxWorkers: 2,
    // Every test file imports most of the sources: each is compiled once.
    experimental: { fsModuleCache: true },
  },
})
