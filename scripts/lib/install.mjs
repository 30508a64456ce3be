import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { run, say, secondsSince } from './run.mjs'
import { cacheFolder, readJson, root, workspacePackages } from './workspace.mjs'

const stampFile = join(cacheFolder, 'installed')

/** Installs the workspace's dependencies unless they are there already. Throws when that fails. */
export function ensureInstalled() {
  requireNode()
  const wanted = installFingerprint()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return
  say(`Installing dependencies with pnpm ${pnpmVersion()} ...`)
  const start = performance.now()
  // Without the question whether node_modules of another Node version may be replaced: nobody may be there to answer.
  const code = runPnpm(['install', '--frozen-lockfile', '--loglevel=error', '--config.confirmModulesPurge=false'])
  if (code !== 0) throw new Error(`The installation failed (pnpm's exit code ${code}). Its own message stands above.`)
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(stampFile, wanted)
  say(`Installed in ${secondsSince(start)}.`)
}

/** Runs the pnpm that `packageManager` pins, through npx: a machine with nothing but Node and npm can do it. Gives its exit code. */
export function runPnpm(args, options = {}) {
  return run('npx', ['--yes', '--loglevel=error', `pnpm@${pnpmVersion()}`, ...args], { ...options, shell: process.platform === 'win32' })
}

function requireNode() {
  const { engines } = readJson(join(root, 'package.json'))
  const [major, minor] = engines.node.match(/\d+/g).map(Number)
  const [currentMajor, currentMinor] = process.versions.node.split('.').map(Number)
  if (currentMajor > major || (currentMajor === major && currentMinor >= minor)) return
  throw new Error(`krait needs Node ${engines.node}; this is Node ${process.versions.node}. Install a newer Node and run the command again.`)
}

function pnpmVersion() {
  return readJson(join(root, 'package.json')).packageManager.replace(/^pnpm@/, '').replace(/\+.*$/, '')
}

// The lockfile names everything that is installed; a package.json that has left it behind makes pnpm say so.
function installFingerprint() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].map((name) => join(root, name))
  const manifests = workspacePackages().map(({ path }) => join(path, 'package.json'))
  const major = process.versions.node.split('.')[0]
  return fingerprint([...files, ...manifests], `${process.platform} ${process.arch} node ${major}`)
}
