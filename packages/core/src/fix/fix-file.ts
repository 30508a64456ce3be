import { keepChanged, type ChangesByPath } from '../filter/keep-changed.ts'
import type { LintResult } from '../linter.ts'
import type { Project } from '../project/project.ts'
import type { Finding } from '../results/finding.ts'
import { sortFindings } from '../results/sort-findings.ts'
import type { LineTable } from '../source/line-table.ts'
import { NodeFlag, type FlatTree } from '../syntax/tree.ts'
import { applyEdits, type RuleEdit } from './apply-edits.ts'
import { changesAfterEdits } from './changes-after-edits.ts'

export interface FixOptions {
  /** Also apply the suggestion of a finding that has exactly one: it can change what the program does. */
  readonly unsafe: boolean
  /** Fix and report only what these changes caused. */
  readonly changes?: ChangesByPath | undefined
}

/** Why a rule's fixes were not all applied. */
export interface FixProblem {
  readonly ruleId: string
  readonly message: string
}

export interface FixOutcome {
  /** The text after all passes, with the byte order mark if there was one. */
  readonly text: string
  readonly changed: boolean
  /** What is left to report on the new text. */
  readonly result: LintResult
  readonly problems: readonly FixProblem[]
}

/** ESLint's limit, too: rules that still disagree after ten passes never settle. */
const MAX_PASSES = 10
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Applies the fixes of one file in passes until nothing is left to fix. A rule whose edits would add a syntax error loses all its fixes in
 * this file and is named with a `krait/internal-error`.
 */
export function fixFile(lint: (project: Project) => LintResult, project: Project, path: string, options: FixOptions): FixOutcome {
  const source = project.source(path)
  if (!source) throw new Error(`'${path}' can not be fixed: it can not be read`)
  const mark = source.hasBom ? BYTE_ORDER_MARK : ''
  const excluded = new Set<string>()
  let view = project
  let text = source.text
  let { changes } = options
  let result = lintView()
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const edits = editsOf(result.findings, options).filter((edit) => !excluded.has(edit.ruleId))
    if (edits.length === 0) return outcome([])
    const next = tryEdits(edits)
    if (next === null) continue
    if (next.text === text) return outcome([])
    changes &&= changesAfterEdits(changes, path, { before: tableOf(view), after: tableOf(next.view), edits: next.applied })
    text = next.text
    view = next.view
    result = lintView()
  }
  const restless = new Set(editsOf(result.findings, options).map((edit) => edit.ruleId))
  return outcome([...restless].map((ruleId) => ({ ruleId, message: `its fixes still change the file after ${MAX_PASSES} passes` })))

  function lintView(): LintResult {
    const linted = lint(view)
    return changes ? keepChanged(linted, changes) : linted
  }

  function tableOf(some: Project): LineTable {
    return some.source(path)!.lineTable
  }

  /** Applies the edits; `null` if they broke the file and the rules at fault are now excluded. */
  function tryEdits(edits: readonly RuleEdit[]): { text: string; view: Project; applied: readonly RuleEdit[] } | null {
    const before = brokenNodes(view.source(path)!.tree)
    const { text: edited, applied } = applyEdits(text, edits)
    const editedView = project.withText(path, mark + edited)
    if (brokenNodes(editedView.source(path)!.tree) <= before) return { text: edited, view: editedView, applied }
    const suspects = [...new Set(applied.map((edit) => edit.ruleId))]
    const guilty = suspects.filter((ruleId) => {
      const alone = applyEdits(text, applied.filter((edit) => edit.ruleId === ruleId)).text
      return brokenNodes(project.withText(path, mark + alone).source(path)!.tree) > before
    })
    for (const ruleId of guilty.length > 0 ? guilty : suspects) excluded.add(ruleId)
    return null
  }

  function outcome(restless: readonly FixProblem[]): FixOutcome {
    const rolledBack = [...excluded].map((ruleId) => ({ ruleId, message: 'its fix would add a syntax error and was taken back' }))
    const findings = sortFindings([...result.findings, ...rolledBack.map(({ ruleId }) => brokenFixFinding(ruleId))])
    return {
      text: mark + text,
      changed: text !== source!.text,
      result: { ...result, findings },
      problems: [...rolledBack, ...restless],
    }
  }
}

function editsOf(findings: readonly Finding[], { unsafe }: FixOptions): RuleEdit[] {
  return findings.flatMap(({ ruleId, fix, suggestions }) => {
    if (fix) return [{ ...fix, ruleId }]
    if (unsafe && suggestions?.length === 1) return [{ ...suggestions[0]!.fix, ruleId }]
    return []
  })
}

function brokenNodes({ kind, flags, size, grammar }: FlatTree): number {
  let count = 0
  for (let i = 0; i < size; i++) if (kind[i] === grammar.errorKind || flags[i]! & NodeFlag.missing) count++
  return count
}

function brokenFixFinding(ruleId: string): Finding {
  return {
    ruleId: 'krait/internal-error',
    severity: 2,
    message: `A fix of ${ruleId} would have added a syntax error, so none of its fixes was applied to this file. Please report this to the pack's authors.`,
    messageId: 'brokenFix',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    range: [0, 0],
  }
}
