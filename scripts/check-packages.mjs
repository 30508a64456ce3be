// Packs every package as it would be published and checks the tarballs: the right files, exports and types for every way to import them.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { runPnpm } from './lib/install.mjs'
import { say } from './lib/run.mjs'

// The packages are ES modules only: importing them with `require` from TypeScript's oldest resolutions is not promised.
const ignoredResolutions = new Set(['node10', 'node16-cjs'])

const folder = mkdtempSync(join(tmpdir(), 'krait-packages-'))
try {
  process.exitCode = (await checkAll()) === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Checks all packages and gives the number of problems, each of which is printed. */
async function checkAll() {
  const code = runPnpm(['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder, '--loglevel=error'], { stdout: 'ignore' })
  if (code !== 0) throw new Error(`The packages could not be packed (pnpm's exit code ${code}). Its own message stands above.`)
  const tarballs = readdirSync(folder).sort()
  let count = 0
  for (const tarball of tarballs) {
    for (const problem of await problemsOf(join(folder, tarball))) {
      say(`${tarball}: ${problem}`)
      count++
    }
  }
  say(`Checked ${tarballs.length} packages: ${count === 0 ? 'no problem' : `${count} problems`}.`)
  return count
}

async function problemsOf(path) {
  const data = new Uint8Array(readFileSync(path))
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, level: 'warning', strict: true })
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(data), { excludeEntrypoints: [/\.(?:json|wasm)$/] })
  return [
    ...messages.map((message) => formatMessage(message, pkg, { color: false })),
    ...(types ? [] : ['it has no type declarations']),
    ...problems.filter(({ resolutionKind }) => !ignoredResolutions.has(resolutionKind)).map(describeTypeProblem),
  ]
}

function describeTypeProblem({ kind, entrypoint, resolutionKind }) {
  return `${kind}${entrypoint ? ` at '${entrypoint}'` : ''}${resolutionKind ? ` (${resolutionKind})` : ''}; see https://arethetypeswrong.github.io`
}
