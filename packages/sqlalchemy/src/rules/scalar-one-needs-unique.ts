import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, Execution, ModelColumn, PythonNode } from '@krait/python'
import { defineRule, isTestFile, lastPart, statementsOf, terminalFunctionsIndex } from '@krait/python'
import { isCaughtAround } from '../shared/caught-errors.ts'
import { looseSourceOf } from '../shared/loose-sources.ts'
import type { LooseSource } from '../shared/loose-sources.ts'

export interface ScalarOneNeedsUniqueOptions {
  /** Calls that raise when there are several rows. */
  readonly methods: readonly string[]
}

const defaultOptions: readonly [ScalarOneNeedsUniqueOptions] = [{ methods: ['scalar_one_or_none', 'one_or_none'] }]

/** What `MultipleResultsFound` is called, where it is defined and where it used to be. */
const RAISED: ReadonlySet<string> = new Set(['sqlalchemy.exc.MultipleResultsFound', 'sqlalchemy.orm.exc.MultipleResultsFound'])

export const scalarOneNeedsUnique = defineRule({
  name: 'scalar-one-needs-unique',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a unique key behind lookups that raise when there are two rows',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      shared:
        '`{{method}}()` raises `MultipleResultsFound` once two `{{model}}` rows share `{{columns}}`, and no unique constraint prevents that. Add {{key}}, or use `{{remedy}}`.',
      unkeyed: '`{{method}}()` raises `MultipleResultsFound` once two `{{model}}` rows match, and nothing that the statement compares is unique. Filter by a unique key, or use `{{remedy}}`.',
      joined:
        '`{{method}}()` raises `MultipleResultsFound` once two `{{model}}` rows match, since the join gives one result for each. Put the condition into `.any()` or `EXISTS`, or take equal rows together with `.unique()`.',
      useFirst: 'Use `{{remedy}}`',
      useOrderedFirst: 'Use `{{remedy}}`, ordered by {{order}}',
    },
    schema: [
      {
        type: 'object',
        properties: { methods: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ methods }]) {
    if (isTestFile(context)) return {}
    const wanted = new Set(methods)

    return {
      call(node) {
        const called = node.function
        const identifier = called?.kind === 'attribute' ? called.attribute : called
        if (identifier?.kind !== 'identifier') return
        if (!wanted.has(identifier.text) && !mayEnd(originalName(called, identifier))) return
        const execution = statementsOf(context).executionOf(node, wanted)
        const loose = execution && looseIn(execution)
        if (loose && !isCaughtAround(context, node, RAISED)) report(node, identifier, execution, loose)
      },
    }

    /** The name before an import changed it: `fetch_one` for `load` after `from app.repo import fetch_one as load`. */
    function originalName(called: PythonNode, identifier: PythonNode): string {
      const definition = called === identifier ? context.scopes.bindingOf(identifier)?.onlyDefinition : null
      return definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : identifier.text
    }

    /** Whether a function of this name may end in one of the calls. */
    function mayEnd(name: string): boolean {
      return context.project.ask(terminalFunctionsIndex, name)?.some((method) => wanted.has(method)) ?? false
    }

    function report(call: CallNode, identifier: PythonNode, execution: Execution, { source, columns, isOnlyJoined }: LooseSource): void {
      const remedy = execution.method.startsWith('scalar') ? '.scalars().first()' : '.first()'
      const order = orderOf(source)
      const given = execution.given.frame.isHere ? execution.given.term.node : undefined
      const isOrdered = execution.statement?.paths.some(({ steps }) => steps.some(({ name }) => name === 'order_by')) ?? false
      const ordering = given && order !== null && !isOrdered ? { node: given, order } : null
      const data = {
        method: identifier.text,
        model: lastPart(source.model.name),
        columns: columns.map(({ attribute }) => attribute).join('`, `'),
        key: missingKey(columns),
        remedy,
        order: order ?? '',
      }
      context.report({
        node: identifier,
        messageId: isOnlyJoined ? 'joined' : columns.length > 0 ? 'shared' : 'unkeyed',
        data,
        suggest: [
          canUseFirst(call, execution) && {
            messageId: ordering ? 'useOrderedFirst' : 'useFirst',
            data,
            fix: (fixer) => [...orderBy(fixer, ordering), fixer.replaceText(identifier, remedy.slice(1, -2))],
          },
        ],
      })
    }
  },
})

/** What makes the statement of an execution give several rows on some path. */
function looseIn({ statement, isUnique }: Execution): LooseSource | null {
  for (const path of statement?.paths ?? []) {
    const loose = looseSourceOf(path, isUnique)
    if (loose) return loose
  }
  return null
}

/** The constraint that would do; flags such as `is_default` tell the rows that a partial one is over. */
function missingKey(columns: readonly ModelColumn[]): string {
  const flags = columns.filter(({ family }) => family === 'boolean')
  const others = columns.filter(({ family }) => family !== 'boolean')
  const over = (others.length > 0 ? others : flags).map(({ attribute }) => attribute).join(', ')
  return flags.length > 0 ? `a partial one on (${over})` : `one on (${over})`
}

/** `one()` and `scalar_one()` raise for no row, too, and a function of the project has its own result. */
function canUseFirst(call: CallNode, { method, isThroughFunction }: Execution): boolean {
  return !isThroughFunction && method.endsWith('_or_none') && call.function.kind === 'attribute'
}

/** `Lead.id` for `.order_by(...)`, by the primary key; `null` if the file has no name for the model. */
function orderOf({ text, model }: LooseSource['source']): string | null {
  const key = model.uniqueKeys.find(({ from }) => from === 'primary-key')
  if (text === null || !key || !/^[\w.]+$/.test(text) || text.includes('__')) return null
  const columns = model.kind === 'table' ? `${text}.c` : text
  return key.columns.map((attribute) => `${columns}.${attribute}`).join(', ')
}

/** Orders the statement that is executed. */
function orderBy(fixer: RuleFixer, ordering: { readonly node: PythonNode; readonly order: string } | null): Fix[] {
  return ordering ? [fixer.insertTextAfter(ordering.node, `.order_by(${ordering.order})`)] : []
}
