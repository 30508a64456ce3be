// Builds every package into its `dist`: ES modules, source maps and type declarations.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'tsdown'
import { forgetBuild, rememberBuild, sourcesFingerprint } from './lib/build-state.mjs'
import { say, secondsSince } from './lib/run.mjs'
import { root, workspacePackages } from './lib/workspace.mjs'

// Beside the entries that package.json exports: the program and the worker threads of the command line.
const programs = ['src/main.ts', 'src/worker.ts']

const start = performance.now()
const sources = sourcesFingerprint()
forgetBuild()
const packages = workspacePackages().filter(({ path }) => existsSync(join(path, 'src', 'index.ts')))
const results = await Promise.allSettled(packages.map(buildPackage))
const failed = packages.map(({ name }, index) => ({ name, reason: results[index].reason })).filter(({ reason }) => reason !== undefined)
for (const { name, reason } of failed) say(`${name}: ${stripVTControlCharacters(reason.message)}`)
if (failed.length > 0) {
  process.exitCode = 1
} else {
  rememberBuild(sources)
  say(`Built ${packages.length} packages in ${secondsSince(start)}.`)
}

function buildPackage({ path, name, manifest }) {
  const exported = Object.values(manifest.exports)
    .map((target) => target['krait-source'])
    .filter((source) => source !== undefined)
    .map((source) => source.replace(/^\.\//, ''))
  return build({
    config: false,
    cwd: path,
    name,
    entry: [...exported, ...programs.filter((entry) => existsSync(join(path, entry)))],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    fixedExtension: false,
    hash: false,
    tsconfig: join(root, 'tsconfig.build.json'),
    // `eager` lets all packages share one TypeScript program: 8 programs would each read the same sources again.
    dts: { cwd: path, entry: exported, eager: true, sourcemap: true },
    deps: { skipNodeModulesBundle: true },
    checks: { pluginTimings: false },
    logLevel: 'warn',
    failOnWarn: true,
  })
}
