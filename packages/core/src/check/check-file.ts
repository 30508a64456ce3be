import type { ResolvedConfig, ResolvedRule } from '../config/resolved-config.ts'
import type { Language } from '../language/language.ts'
import type { Project } from '../project/project.ts'
import type { ReadLog } from '../project/read-recorder.ts'
import type { Finding } from '../results/finding.ts'
import type { ListenerTable, TableEntry } from '../rules/listener-table.ts'
import type { AnyRule, ReportDescriptor } from '../rules/rule.ts'
import type { SourceCode } from '../source/source-code.ts'
import { createFinding } from './report.ts'
import type { RuleTimings } from './rule-timings.ts'
import { walkTree } from './walk-tree.ts'

/** A rule that threw, with what a person needs to find out why. */
export interface InternalError {
  readonly ruleId: string
  readonly path: string
  readonly stack: string
}

export interface CheckInput {
  readonly source: SourceCode
  readonly language: Language
  readonly project: Project
  readonly config: ResolvedConfig
  /** The rule's code by its id; ids without code are passed over, since the config was validated before. */
  rule(id: string): AnyRule | undefined
  /** Emptied and filled again by this check. */
  readonly table: ListenerTable
  readonly timings?: RuleTimings | undefined
  /** Takes what the rules read of other files. */
  readonly log?: ReadLog | undefined
}

export interface CheckOutput {
  readonly findings: Finding[]
  readonly internalErrors: InternalError[]
}

/** A rule at work on one file. */
interface Running {
  readonly setting: ResolvedRule
  readonly rule: AnyRule
  readonly findings: Finding[]
  failed: boolean
}

/**
 * Runs the rules on one file. A rule that throws is dropped for this file with a `krait/internal-error` finding; the others go on.
 */
export function checkFile(input: CheckInput): CheckOutput {
  const { source, language, config, table, timings } = input
  const internalErrors: InternalError[] = []
  const failures: Finding[] = []
  const running: Running[] = []
  const reader = input.project.reader(input.log)
  const shared = delegateTo(language.createServices({ sourceCode: source, reader, settings: config.settings }))

  table.clear()
  for (const setting of config.rules) {
    const rule = input.rule(setting.id)
    if (!rule || !applies(rule, input)) continue
    const run: Running = { setting, rule, findings: [], failed: false }
    const owner = running.push(run) - 1
    attempt(run, 0, () => table.add(owner, rule.create(createContext(run, input, shared), setting.options)))
  }
  walkTree(source.tree, table, visit)
  return { findings: [...running.flatMap((run) => run.findings), ...failures], internalErrors }

  function visit(entries: readonly TableEntry[], index: number): void {
    const node = source.tree.node(index)
    for (const { owner, listener, matches } of entries) {
      const run = running[owner]!
      if (run.failed) continue
      attempt(run, node.start, () => {
        if (!matches || matches(node)) listener(node)
      })
    }
  }

  function attempt(run: Running, offset: number, work: () => void): void {
    const started = timings ? performance.now() : 0
    try {
      work()
    } catch (error) {
      run.failed = true
      failures.push(internalErrorFinding(run.setting.id, error, source, offset))
      internalErrors.push({ ruleId: run.setting.id, path: source.path, stack: stackOf(error) })
    }
    timings?.add(run.setting.id, performance.now() - started)
  }
}

function applies(rule: AnyRule, { source, language }: CheckInput): boolean {
  if (rule.meta.languages && !rule.meta.languages.includes(language.name)) return false
  const modules = rule.requires?.imports
  return !modules || language.imports(source, modules)
}

function createContext(run: Running, { source, config }: CheckInput, shared: object): object {
  return Object.create(shared, {
    id: { value: run.setting.id },
    options: { value: run.setting.options },
    settings: { value: config.settings },
    path: { value: source.path },
    filename: { value: source.path },
    sourceCode: { value: source },
    report: {
      value: (descriptor: ReportDescriptor<string>) => {
        run.findings.push(createFinding(run.rule, run.setting, source, descriptor))
      },
    },
  }) as object
}

/**
 * An object with the members of the services, each called on the services themselves: contexts inherit from it, and private fields of a
 * class are out of reach for an heir.
 */
function delegateTo(services: object): object {
  const members: PropertyDescriptorMap = {}
  for (let layer = services; layer !== Object.prototype; layer = Object.getPrototypeOf(layer) as object) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(layer))) {
      if (name === 'constructor' || name in members) continue
      members[name] =
        typeof descriptor.value === 'function'
          ? { value: (descriptor.value as (...args: unknown[]) => unknown).bind(services) }
          : { get: () => (services as Record<string, unknown>)[name] }
    }
  }
  return Object.defineProperties<object>({}, members)
}

function internalErrorFinding(ruleId: string, error: unknown, source: SourceCode, offset: number): Finding {
  const { line, column } = source.getLocFromIndex(offset)
  const reason = error instanceof Error ? error.message : String(error)
  return {
    ruleId: 'krait/internal-error',
    severity: 2,
    message: `The rule ${ruleId} failed here: ${reason}. Its findings in this file may be incomplete; please report this to the pack's authors.`,
    messageId: 'ruleFailed',
    line,
    column,
    endLine: line,
    endColumn: column,
    range: [offset, offset],
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
