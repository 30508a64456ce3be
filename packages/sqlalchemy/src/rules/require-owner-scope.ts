import type { CallNode, Condition, Model, PythonNode, Source, Statement } from '@krait/python'
import { columnsOfCondition, defineRule, fromListOf, isMigrationFile, isTestFile, lastPart, matchesGlobs, statementsOf } from '@krait/python'
import { finalPlaces } from '../shared/final-statements.ts'
import { isMigrationModule } from '../shared/migration.ts'

export interface OwnerScope {
  /** Globs of the names of models. */
  readonly models: readonly string[]
  /** The column that tells whose a row is. */
  readonly owner: string
  /** Columns whose values several owners can share. */
  readonly lookup: readonly string[]
}

export interface RequireOwnerScopeOptions {
  readonly scopes: readonly OwnerScope[]
  /** Globs of the names of functions that look over all owners. */
  readonly exempt: readonly string[]
}

const defaultOptions: readonly [RequireOwnerScopeOptions] = [{ scopes: [], exempt: [] }]

const METHODS: ReadonlySet<string> = new Set(['filter', 'filter_by', 'where'])
const EQUALITIES: ReadonlySet<string> = new Set(['ilike', 'in_', 'like'])
const STRINGS = { type: 'array', items: { type: 'string' } } as const

export const requireOwnerScope = defineRule({
  name: 'require-owner-scope',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require lookups by a shared natural key to be scoped to an owner',
      preset: 'needs-config',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      unscoped: '`{{model}}` is looked up by `{{lookup}}` without `{{owner}}`; two owners can share that value. Add `{{model}}.{{owner}} == …`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          scopes: {
            type: 'array',
            items: {
              type: 'object',
              properties: { models: STRINGS, owner: { type: 'string' }, lookup: STRINGS },
              required: ['models', 'owner', 'lookup'],
              additionalProperties: false,
            },
          },
          exempt: STRINGS,
        },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ scopes, exempt }]) {
    if (scopes.length === 0 || isTestFile(context) || isMigrationFile(context) || isMigrationModule(context)) return {}
    const reported = new Set<PythonNode>()

    return {
      call(node) {
        const { function: called } = node
        if (called.kind !== 'attribute' || !METHODS.has(called.attribute.text)) return
        if (!scopes.some(({ lookup }) => lookup.some((name) => node.text.includes(name))) || isExempt(node)) return
        for (const place of finalPlaces(context, node)) {
          for (const path of statementsOf(context).statementOf(place)?.paths ?? []) checkPath(path, place)
        }
      },
    }

    function isExempt(node: CallNode): boolean {
      for (let around = node.closest('function_definition'); around; around = around.parent?.closest('function_definition') ?? null) {
        if (matchesGlobs(around.name.text, exempt)) return true
      }
      return false
    }

    function checkPath(path: Statement, place: PythonNode): void {
      if (path.isOpen || path.kind === 'insert' || path.kind === 'compound') return
      const conditions = [...path.conditions, ...path.joins.flatMap((join) => join.conditions)]
      if (conditions.some(({ kind }) => kind === 'unknown')) return
      for (const source of path.target ? [path.target, ...fromListOf(path)] : fromListOf(path)) {
        for (const scope of scopes) if (source.model && isScoped(source.model, scope)) checkSource(path, place, source, source.model, scope, conditions)
      }
    }

    function isScoped({ name, columns }: Model, { models, owner }: OwnerScope): boolean {
      return matchesGlobs(lastPart(name), models) && columns.some(({ attribute }) => attribute === owner)
    }

    function checkSource(path: Statement, place: PythonNode, source: Source, model: Model, { owner, lookup }: OwnerScope, conditions: readonly Condition[]): void {
      const isOwned = conditions.some((condition) => columnsOfCondition(condition).some((use) => use.source.key === source.key && use.column.attribute === owner))
      if (isOwned || mentionsOwner(path, place, model, owner)) return
      for (const condition of path.conditions) {
        const { node } = condition
        if (!node || !isEquality(condition)) continue
        const use = columnsOfCondition(condition).find(({ source: of, column }) => of.key === source.key && lookup.includes(column.attribute))
        if (use) report(node, model, use.column.attribute, owner)
      }
    }

    /** By name: in a subquery, or by a relationship that the owner's column makes. */
    function mentionsOwner({ steps }: Statement, place: PythonNode, { relationships }: Model, owner: string): boolean {
      const owning = relationships.filter(({ pairs }) => pairs?.some(({ local }) => local === owner)).map(({ attribute }) => attribute)
      const names = new Set([owner, ...owning])
      const nodes = [place, ...steps.flatMap(({ call }) => (call.frame.isHere && call.term.node ? [call.term.node] : []))]
      return nodes.some((node) => {
        for (const identifier of node.descendants('identifier')) {
          const isMember = identifier.fieldName === 'attribute' || (identifier.fieldName === 'name' && identifier.parent?.kind === 'keyword_argument')
          if (isMember && names.has(identifier.text) && !isWritten(identifier)) return true
        }
        return false
      })
    }

    function report(node: PythonNode, model: Model, lookup: string, owner: string): void {
      const place = node.parent?.kind === 'keyword_argument' ? node.parent : node
      if (reported.has(place)) return
      reported.add(place)
      context.report({ node: place, messageId: 'unscoped', data: { model: lastPart(model.name), lookup, owner } })
    }
  },
})

/** Whether a condition compares with a value as a whole: `==`, `in_`, `like`. */
function isEquality({ kind, node }: Condition): boolean {
  if (kind === 'bound' || kind === 'computed') return true
  return kind === 'other' && node?.kind === 'call' && node.function.kind === 'attribute' && EQUALITIES.has(node.function.attribute.text)
}

/** What `values(...)` writes says nothing of the rows that are meant. */
function isWritten(identifier: PythonNode): boolean {
  const call = identifier.parent?.kind === 'keyword_argument' ? identifier.parent.parent?.parent : null
  return call?.kind === 'call' && call.function.kind === 'attribute' && call.function.attribute.text === 'values'
}
