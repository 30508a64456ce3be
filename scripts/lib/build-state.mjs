import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, fingerprint } from './fingerprint.mjs'
import { runNode, say } from './run.mjs'
import { root, workspacePackages } from './workspace.mjs'

const stampFile = join(root, '.krait-build.json')

/** Builds the packages unless their sources are the ones last built. Throws when the build fails. */
export function ensureBuilt() {
  if (isBuilt()) return
  say('Building the packages ...')
  const code = runNode([join(root, 'scripts', 'build.mjs')])
  if (code !== 0) throw new Error('The build failed. Its own message stands above.')
}

/** Forgets the last build, so that one that is interrupted is not taken for a finished one. */
export function forgetBuild() {
  rmSync(stampFile, { force: true })
}

/** Notes that the sources with this fingerprint are built. */
export function rememberBuild(sources) {
  writeFileSync(stampFile, `${JSON.stringify({ sources })}\n`)
}

/** The fingerprint of everything a build reads. */
export function sourcesFingerprint() {
  const shared = ['tsconfig.json', 'tsconfig.build.json', 'pnpm-lock.yaml', 'scripts/build.mjs'].map((name) => join(root, name))
  const own = workspacePackages().flatMap(({ path }) => [join(path, 'package.json'), ...filesBelow(join(path, 'src'))])
  return fingerprint([...shared, ...own])
}

function isBuilt() {
  if (!existsSync(stampFile)) return false
  if (readFileSync(stampFile, 'utf8') !== `${JSON.stringify({ sources: sourcesFingerprint() })}\n`) return false
  return workspacePackages()
    .filter(({ path }) => existsSync(join(path, 'src', 'index.ts')))
    .every(({ path }) => existsSync(join(path, 'dist', 'index.js')))
}
