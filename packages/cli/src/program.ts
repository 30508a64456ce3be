import { Command, CommanderError, Option } from 'commander'
import type { LintOptions } from './commands/lint-options.ts'
import type { LintRuntime } from './commands/lint.ts'
import type { Io } from './io.ts'
import { readVersion } from './version.ts'

/** The program's exit code when it was used in a wrong way. */
const WRONG_USAGE = 2

/**
 * Runs krait.
 * @param args the command line without the program's name
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], io: Io, runtime: LintRuntime): Promise<number> {
  const result = { exitCode: 0 }
  const program = createProgram(io, runtime, (exitCode) => (result.exitCode = exitCode))
  try {
    await program.parseAsync(args, { from: 'user' })
    return result.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE
    return describeFailure(error, io)
  }
}

type Finish = (exitCode: number) => void

/** Each command's code is loaded when it is called: `krait --version` loads none. */
function createProgram(io: Io, runtime: LintRuntime, finish: Finish): Command {
  const program = new Command('krait')
    .description('A linter for Python backends whose rules know the whole project.')
    .usage('[command] [options] [paths...]')
    .version(readVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: (.)/, (_, first: string) => `krait: ${first.toUpperCase()}`)),
    })
    .addHelpText('after', `
krait [paths] is the same as krait lint [paths]; its options are listed by krait lint --help.

Examples:
  krait                       lint the current folder
  krait src tests/test_api.py lint a folder and a file
  krait --fix                 repair what can be repaired safely
  krait explain RULE          tell what a rule wants, with examples`)
  addLint(program, io, runtime, finish)
  addRules(program, io, finish)
  addExplain(program, io, finish)
  addConfig(program, io, finish)
  addDebug(program, io, finish)
  for (const command of allCommands(program)) command.showHelpAfterError(`Run '${fullName(command)} --help' for help.`)
  return program
}

function addLint(program: Command, io: Io, runtime: LintRuntime, finish: Finish): void {
  const command = program
    .command('lint [paths...]', { isDefault: true })
    .description('Lint files, folders and globs; the current folder if none is given.')
    .option('--rule <setting>', 'set a rule, such as \'datetime/no-utcnow: off\'; may be repeated', collect, [])
    .option('-f, --format <name>', 'how to write the report: stylish, json, sarif, github, gitlab, junit, agent, markdown', 'stylish')
    .option('-o, --output-file <file>', 'write the report to a file')
    .option('--fix', 'apply safe fixes')
    .option('--fix-unsafe', 'also apply fixes that can change what the program does')
    .option('--fix-dry-run', 'write nothing; print the fixes as a patch for git apply')
    .option('--diff', 'the same as --fix-dry-run')
    .option('--quiet', 'report errors only')
    .option('--max-warnings <number>', 'exit with 1 if there are more warnings than this')
    .option('--since <ref>', 'report on the lines changed since this commit, branch or tag, and what they cause elsewhere')
    .option('--staged', 'lint what is staged in git, and report on the lines that differ from HEAD (or from --since)')
    .option('--stdin', 'lint standard input; with --fix, print the fixed text, and the report to standard error')
    .option('--stdin-filename <file>', 'where the text of standard input belongs')
    .option('--no-cache', 'lint every file, and keep nothing for the next run')
    .option('--cache', 'lint again only what a change can have affected (the default)')
    .option('--cache-location <folder>', 'keep the cache there instead of in .krait_cache beside the config')
    .option('--concurrency <number>', 'how many threads: a number, or auto', 'auto')
    .addOption(new Option('--report-unused-ignores <severity>', 'how to report ignore comments that suppress nothing').choices(['error', 'warn', 'off']))
    .option('--stats', 'tell on standard error what took how long')
    .option('--no-progress', 'show no progress line')
    .option('--color', 'color the report, also where it is not shown on a terminal')
    .option('--no-color', 'do not color the report')
    .action(async (paths: string[], options: LintOptions) => {
      const { lint } = await import('./commands/lint.ts')
      finish(await lint(paths, options, io, runtime))
    })
    .addHelpText('after', `
Exit codes: 0 no error; 1 errors, or too many warnings; 2 wrong usage, a broken config, or an internal error.

Examples:
  krait lint src --format json --output-file report.json
  krait lint --fix 'app/**/*.py'
  krait lint --diff > fixes.patch && git apply fixes.patch
  krait lint --since origin/main
  krait lint --staged
  krait lint --preset strict --rule 'datetime/no-utcnow: off'
  cat app/main.py | krait lint --stdin --stdin-filename app/main.py`)
  addConfigOptions(command)
}

function addRules(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('rules')
    .description('List all rules, with their severity in the config of the current folder.')
    .addOption(new Option('-f, --format <name>', 'how to write the list').choices(['stylish', 'json', 'markdown']).default('stylish'))
    .action(async (options: ConfigOptionValues & { format: 'stylish' | 'json' | 'markdown' }) => {
      const { rulesCommand } = await import('./commands/rules.ts')
      finish(await rulesCommand({ format: options.format, config: configOptions(options) }, io))
    })
    .addHelpText('after', `
Examples:
  krait rules
  krait rules --format markdown > docs/python-rules.md`)
  addConfigOptions(command)
}

function addExplain(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('explain <rule>')
    .description('Print the page of a rule: what it wants and why, with examples.')
    .action(async (rule: string, options: ConfigOptionValues) => {
      const { explainCommand } = await import('./commands/explain.ts')
      finish(await explainCommand({ rule, config: configOptions(options) }, io))
    })
    .addHelpText('after', `
Example:
  krait explain error-handling/no-silent-except`)
  addConfigOptions(command)
}

function addConfig(program: Command, io: Io, finish: Finish): void {
  const config = program.command('config').description('Show how a file is configured.')
  const print = config
    .command('print <file>')
    .description('Print the config that holds for a file, as JSON.')
    .action(async (file: string, options: ConfigOptionValues) => {
      const { configPrintCommand } = await import('./commands/config-print.ts')
      finish(await configPrintCommand({ file, config: configOptions(options) }, io))
    })
    .addHelpText('after', `
Example:
  krait config print app/main.py`)
  const why = config
    .command('why <file> [rule]')
    .description('Tell where the settings of a file, or of one rule in it, come from.')
    .action(async (file: string, rule: string | undefined, options: ConfigOptionValues) => {
      const { configWhyCommand } = await import('./commands/config-why.ts')
      finish(await configWhyCommand({ file, rule, config: configOptions(options) }, io))
    })
    .addHelpText('after', `
Examples:
  krait config why app/main.py
  krait config why app/main.py error-handling/no-silent-except`)
  addConfigOptions(print)
  addConfigOptions(why)
}

function addDebug(program: Command, io: Io, finish: Finish): void {
  const debug = program.command('debug').description('Show what krait knows of a piece of code; for authors of rules.')
  debug
    .command('flow <file> [function]')
    .description('Print the control flow of a function (\'load\', \'Order.cancel\'), or of the module.')
    .option('--mermaid', 'as a Mermaid flowchart')
    .action(async (file: string, name: string | undefined, options: { mermaid?: boolean }) => {
      const { debugFlowCommand } = await import('./commands/debug-flow.ts')
      finish(await debugFlowCommand({ file, function: name, mermaid: options.mermaid === true }, io))
    })
    .addHelpText('after', `
Examples:
  krait debug flow app/orders.py Order.cancel
  krait debug flow app/orders.py --mermaid > flow.mmd`)
  debug
    .command('kinds <file>')
    .description('Print which expressions are dates and times, and of which kind: aware, naive, date, delta, text ...')
    .action(async (file: string) => {
      const { debugKindsCommand } = await import('./commands/debug-kinds.ts')
      finish(await debugKindsCommand(file, io))
    })
    .addHelpText('after', `
Example:
  krait debug kinds app/orders.py`)
}

/** The options of every command that reads a config. */
type ConfigOptionValues = Pick<LintOptions, 'config' | 'configLookup' | 'pack' | 'preset' | 'code'>

function addConfigOptions(command: Command): void {
  command
    .option('-c, --config <file>', 'use this config for all files')
    .option('--no-config-lookup', 'look for no config file')
    .option('--pack <name>', 'load a pack: a package or a path; may be repeated', collect, [])
    .option('--preset <name>', 'add a preset, such as strict; may be repeated', collect, [])
    .option('--no-code', 'refuse configs and packs that are code')
}

function configOptions({ config, configLookup, pack, preset, code }: ConfigOptionValues): object {
  return { configFile: config, lookup: configLookup, packs: pack, presets: preset, noCode: !code }
}

function collect(value: string, values: readonly string[]): readonly string[] {
  return [...values, value]
}

function allCommands(program: Command): Command[] {
  return [program, ...program.commands.flatMap(allCommands)]
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name()
}

async function describeFailure(error: unknown, io: Io): Promise<number> {
  const { ConfigError, formatConfigError } = await import('./config/config-error.ts')
  if (error instanceof ConfigError) io.stderr.write(formatConfigError(error, io.cwd))
  else if (isUsageError(error)) io.stderr.write(`krait: ${error.message}\nRun 'krait --help' for help.\n`)
  else io.stderr.write(`krait: Internal error: ${error instanceof Error ? error.stack : String(error)}\n`)
  return WRONG_USAGE
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'UsageError' || error.name === 'UnknownFormatError')
}
