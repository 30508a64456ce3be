import type { ResolvedConfig, ResolvedRule } from '../config/resolved-config.ts'
import type { Language } from '../language/language.ts'
import type { Project } from '../project/project.ts'
import type { ReadLog } from '../project/read-recorder.ts'
import type { Finding } from '../results/finding.ts'
import type { ListenerTable, TableEntry } from '../rules/listener-table.ts'
import type { AnyRule, ReportDescriptor } from '../rules/rule.ts'
import type { SourceCode } from '../source/source-code.ts'
import { createFinding } from './report.ts'
import type { WorkTimings } from '../timing/work-timings.ts'
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
  readonly timings?: WorkTimings | undefined
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
  const share = timings && (<Result>(what: string, work: () => Result) => timings.share(what, work))
  const shared: SharedServices = { services: language.createServices({ sourceCode: source, reader, settings: config.settings, share }), bound: {} }

  table.clear()
  for (const setting of config.rules) {
    const rule = input.rule(setting.id)
    if (!rule || !applies(rule, input)) continue
    const run: Running = { setting, rule, findings: [], failed: false }
    const owner = running.push(run) - 1
    const started = timings ? timings.now() : 0
    try {
      table.add(owner, rule.create(createContext(run, input, shared), setting.options))
    } catch (error) {
      fail(run, error, 0)
    }
    timings?.addRule(setting.id, timings.now() - started)
  }
  walkTree(source.tree, table, visit)
  return { findings: [...running.flatMap((run) => run.findings), ...failures], internalErrors }

  // The hottest loop of all: nothing is made anew for a call of a listener.
  function visit(entries: readonly TableEntry[], index: number): void {
    const node = source.tree.node(index)
    for (let i = 0; i < entries.length; i++) {
      const { owner, listener, matches } = entries[i]!
      const run = running[owner]!
      if (run.failed) continue
      const started = timings ? timings.now() : 0
      try {
        if (!matches || matches(node)) listener(node)
      } catch (error) {
        fail(run, error, node.start)
      }
      if (timings) timings.addRule(run.setting.id, timings.now() - started)
    }
  }

  function fail(run: Running, error: unknown, offset: number): void {
    run.failed = true
    failures.push(internalErrorFinding(run.setting.id, error, source, offset))
    internalErrors.push({ ruleId: run.setting.id, path: source.path, stack: stackOf(error) })
  }
}

function applies(rule: AnyRule, { source, language }: CheckInput): boolean {
  if (rule.meta.languages && !rule.meta.languages.includes(language.name)) return false
  const modules = rule.requires?.imports
  return !modules || language.imports(source, modules)
}

/** The language's services for one file, and those of their methods that a rule has asked for. */
interface SharedServices {
  readonly services: object
  readonly bound: Record<string, (...args: unknown[]) => unknown>
}

function createContext(run: Running, { source, config }: CheckInput, shared: SharedServices): object {
  const Context = contextClassOf(shared.services)
  return new Context(shared, run, source, config)
}

type ContextClass = new (shared: SharedServices, run: Running, source: SourceCode, config: ResolvedConfig) => object

const contextClasses = new WeakMap<object, ContextClass>()

/**
 * The class of the contexts of a language: what the host gives, and the members of the language's services, each called on the services
 * themselves. One class for all files keeps reads fast.
 */
function contextClassOf(services: object): ContextClass {
  const prototype = Object.getPrototypeOf(services) as object
  const known = prototype === Object.prototype ? undefined : contextClasses.get(prototype)
  if (known) return known
  class LanguageContext extends HostContext {}
  Object.defineProperties(LanguageContext.prototype, delegatingMembers(services))
  if (prototype !== Object.prototype) contextClasses.set(prototype, LanguageContext)
  return LanguageContext
}

/** What every rule gets, whatever the language. */
class HostContext {
  readonly shared: SharedServices
  readonly id: string
  readonly options: readonly unknown[]
  readonly settings: ResolvedConfig['settings']
  readonly path: string
  readonly filename: string
  readonly sourceCode: SourceCode
  readonly report: (descriptor: ReportDescriptor<string>) => void

  constructor(shared: SharedServices, run: Running, source: SourceCode, config: ResolvedConfig) {
    this.shared = shared
    this.id = run.setting.id
    this.options = run.setting.options
    this.settings = config.settings
    this.path = source.path
    this.filename = source.path
    this.sourceCode = source
    this.report = (descriptor) => {
      run.findings.push(createFinding(run.rule, run.setting, source, descriptor))
    }
  }
}

function delegatingMembers(services: object): PropertyDescriptorMap {
  const members: PropertyDescriptorMap = {}
  for (let layer = services; layer !== Object.prototype; layer = Object.getPrototypeOf(layer) as object) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(layer))) {
      if (name === 'constructor' || name in members) continue
      members[name] = typeof descriptor.value === 'function' ? boundMethod(name) : { get: property(name) }
    }
  }
  return members
}

function property(name: string) {
  return function (this: HostContext): unknown {
    return (this.shared.services as Record<string, unknown>)[name]
  }
}

/** Rules may take a method out of their context: `const { resolve } = context`. */
function boundMethod(name: string): PropertyDescriptor {
  return {
    get(this: HostContext): unknown {
      const { services, bound } = this.shared
      return (bound[name] ??= (services as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(services))
    },
  }
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
