// `npm start`: installs, builds and lints `examples/`. `npm start -- PATH ...` lints something else; every option and command of krait works.
import { join, relative } from 'node:path'
import { ensureBuilt } from './lib/build-state.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { runNode, say } from './lib/run.mjs'
import { root } from './lib/workspace.mjs'

// The options of krait that take their value from the next argument, so that the value is not taken for a path.
const optionsWithValue = new Set([
  '-c', '--config', '--rule', '--pack', '--preset', '-f', '--format', '-o', '--output-file', '--max-warnings', '--stdin-filename',
  '--cache-location', '--concurrency', '--since', '--report-unused-ignores', '--shard',
])

try {
  ensureInstalled()
  ensureBuilt()
  process.exitCode = lint(process.argv.slice(2))
} catch (error) {
  say(error.message)
  process.exitCode = 2
}

function lint(args) {
  // Paths are meant as seen from where the user called npm, which itself moves to the folder of package.json.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  const krait = (given) => runNode([join(root, 'packages', 'cli', 'bin', 'krait.js'), ...given], { cwd, stdout: 'inherit' })
  if (namesPathOrCommand(args)) return krait(args)
  say('Linting examples/ with the official packs. For another project: npm start -- PATH ...')
  const code = krait([...args, relative(cwd, join(root, 'examples'))])
  if (code !== 1) return code
  say('The examples hold these findings on purpose, so this command still ends with exit code 0. With a PATH it ends with krait\'s own.')
  return 0
}

function namesPathOrCommand(args) {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (optionsWithValue.has(arg)) i++
    else if (!arg.startsWith('-') || ['--stdin', '--help', '--version', '-h', '-v'].includes(arg)) return true
  }
  return false
}
