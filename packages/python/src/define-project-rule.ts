import type { AnyIndex, IndexDefinition, MessageData, Range, RelatedPlace, Rule, RuleMeta, Settings } from '@krait/core'
import { defineIndex } from '@krait/core'
import { defineRule } from './define-rule.ts'
import type { PythonRuleContext } from './define-rule.ts'
import { definitionPlaceFact } from './facts/definition-place-fact.ts'
import { PythonProject } from './project/python-project.ts'

/** Something about the project, said at a place in one of its files. The first line of the file is the place if there is no other. */
export interface ProjectReport<MessageIds extends string = string> {
  /** The file, relative to the project root, with `/`. */
  readonly path: string
  /** The first definition of a member of the module, as in `User.name`; also of a name that is imported. */
  readonly member?: string
  /** From 1. */
  readonly line?: number
  /** Offsets in UTF-16 code units. */
  readonly range?: Range
  readonly messageId: MessageIds
  readonly data?: MessageData
  readonly related?: readonly RelatedPlace[]
}

/** What a project rule gets. */
export interface ProjectRuleContext<MessageIds extends string = string, Options extends readonly unknown[] = readonly unknown[]> {
  /** The project, seen from its root. */
  readonly project: PythonProject
  readonly options: Options
  /** Those of the project as a whole. */
  readonly settings: Settings
  report(report: ProjectReport<MessageIds>): void
}

export interface ProjectRule<MessageIds extends string, Options extends readonly unknown[]> {
  readonly name: string
  readonly meta: RuleMeta<MessageIds>
  readonly defaultOptions: Options
  check(context: ProjectRuleContext<MessageIds, Options>): void
}

type AnyReport = ProjectReport<string>
type ReportsByFile = ReadonlyMap<string, readonly AnyReport[]>

/**
 * Declares a rule whose subject is the project itself: cycles of imports, constants that are defined twice. `check` runs once, whatever the number of files;
 * what it reports about a file is a finding of that file like any other: severities, suppressions and the cache work as for other rules.
 *
 * It should go by facts and indexes, and it can not fix: it sees no tree.
 */
export function defineProjectRule<MessageIds extends string, const Options extends readonly unknown[]>({
  check,
  ...rule
}: ProjectRule<MessageIds, Options>): Rule<MessageIds, Options, PythonRuleContext<MessageIds, Options>> {
  const indexes = new Map<string, ReportIndex>()
  const indexOf = (id: string): ReportIndex => {
    let index = indexes.get(id)
    if (!index) indexes.set(id, (index = reportIndex(id, check as (context: ProjectRuleContext) => void)))
    return index
  }
  const fileRule = defineRule<MessageIds, Options>({
    ...rule,
    create(context, options) {
      const reports = context.project.ask(indexOf(context.id), JSON.stringify([options, context.path]))
      return {
        module() {
          for (const { messageId, data, related, ...place } of reports) {
            const said = { messageId: messageId as MessageIds, ...(data && { data }), ...(related && { related }) }
            context.report({ range: rangeOf(context, place), ...said })
          }
        },
      }
    },
  })
  return { ...fileRule, indexes: (id: string): readonly AnyIndex[] => [indexOf(id)] }
}

type ReportIndex = IndexDefinition<(options: string) => ReportsByFile, string, readonly AnyReport[]>

/** What a rule reports, by its options and the file: the answer for a file is all that the findings there rest on. */
function reportIndex(id: string, check: (context: ProjectRuleContext) => void): ReportIndex {
  return defineIndex({
    name: `project rule ${id}`,
    version: 1,
    build(reader) {
      const known = new Map<string, ReportsByFile>()
      return (options) => {
        let reports = known.get(options)
        if (!reports) {
          const project = new PythonProject(reader, reader.settings(), '')
          known.set(options, (reports = collect(check, project, JSON.parse(options) as readonly unknown[], reader.settings())))
        }
        return reports
      }
    },
    ask(reportsWith, key) {
      const [options, path] = JSON.parse(key) as [unknown, string]
      return reportsWith(JSON.stringify(options)).get(path) ?? []
    },
  })
}

function collect(check: (context: ProjectRuleContext) => void, project: PythonProject, options: readonly unknown[], settings: Settings): ReportsByFile {
  const found = new Map<string, AnyReport[]>()
  const report = (one: AnyReport): void => {
    const known = found.get(one.path)
    if (known) known.push(one)
    else found.set(one.path, [one])
  }
  check({ project, options, settings, report })
  return found
}

type Place = Pick<ProjectReport, 'member' | 'line' | 'range'>

function rangeOf({ project, path, sourceCode }: PythonRuleContext, { member, line, range }: Place): Range {
  if (range) return range
  const [row, column] = (member === undefined ? undefined : project.part(definitionPlaceFact, path, member)) ?? [line ?? 1, 1]
  const start = sourceCode.getIndexFromLoc({ line: row, column })
  if (member !== undefined && column > 0 && sourceCode.text.startsWith(lastOf(member), start)) return [start, start + lastOf(member).length]
  const end = sourceCode.text.indexOf('\n', start)
  return [start, end < 0 ? sourceCode.text.length : end]
}

function lastOf(member: string): string {
  return member.slice(member.lastIndexOf('.') + 1)
}
