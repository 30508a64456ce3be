import type { CallNode, Model, PythonNode, Statement } from '@krait/python'
import { defineRule, lastPart, positionalArguments, sourcesOf, statementsOf, stringText } from '@krait/python'
import { filtersOf } from '../shared/filters.ts'
import type { Filter } from '../shared/filters.ts'
import { libraryName } from '../shared/library-name.ts'
import { methodNode } from '../shared/statement-parts.ts'

const EXECUTING: ReadonlySet<string> = new Set('exec execute scalar scalars stream stream_scalars'.split(' '))
const LEGACY: ReadonlySet<string> = new Set('all count first one one_or_none scalar'.split(' '))
const NOT_FOUND: ReadonlySet<string> = new Set(['sqlalchemy.exc.NoResultFound', 'sqlalchemy.orm.exc.NoResultFound'])

/** A SELECT that is executed. */
interface Query {
  /** On each path. */
  readonly filters: readonly (readonly Filter[])[]
  readonly models: readonly Model[]
  readonly node: PythonNode
  /** The call with which the statement begins: both may be built from one. */
  readonly base: object | undefined
}

export const fallbackSameFilters = defineRule({
  name: 'fallback-same-filters',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a query in an except clause to keep the filters of the query that failed',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      dropped: 'The fallback query on `{{model}}` drops the filter(s) `{{filters}}` of the primary query (line {{line}}), so it returns other rows.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    return {
      try_statement(node) {
        const handlers = node.namedChildren.filter((child) => child.kind === 'except_clause' && mayQuery(child) && !isExempt(child))
        if (handlers.length === 0 || !mayQuery(node.body)) return
        const primary = queriesIn(node.body)
        if (primary.length === 0) return
        for (const handler of handlers) checkHandler(handler, primary)
      },
    }

    /** A look at the text. */
    function mayQuery(node: PythonNode): boolean {
      return /\b(?:exec|execute|scalars?|stream|stream_scalars|all|count|first|one|one_or_none)\s*\(/.test(node.text)
    }

    /** It raises, or it only handles that nothing was found. */
    function isExempt(clause: PythonNode): boolean {
      for (const statement of clause.descendants('raise_statement')) if (context.scopes.scopeOf(statement) === context.scopes.scopeOf(clause)) return true
      const [caught] = clause.namedChildren
      const names = caught?.kind === 'block' ? [] : [...(caught ? [caught, ...caught.descendants('identifier', 'attribute')] : [])]
      return names.some((name) => context.resolvesTo(name, NOT_FOUND))
    }

    function queriesIn(block: PythonNode): readonly Query[] {
      const found: Query[] = []
      for (const call of block.descendants('call')) {
        if (context.scopes.scopeOf(call).function !== context.scopes.scopeOf(block).function) continue
        const statement = executedBy(call)
        if (statement) found.push(...queryOf(statement, call))
      }
      return found
    }

    function executedBy({ function: called, arguments: list }: CallNode): PythonNode | null {
      if (called.kind !== 'attribute') return null
      const first = list.namedChildren[0]
      if (EXECUTING.has(called.attribute.text) && first) return first.kind === 'keyword_argument' ? first.value : first
      return LEGACY.has(called.attribute.text) && list.namedChildren.length === 0 ? called.object : null
    }

    function queryOf(statement: PythonNode, call: CallNode): readonly Query[] {
      const statements = statementsOf(context)
      const paths = statements.statementOf(statement)?.paths
      const isLegacy = call.function.kind === 'attribute' && !EXECUTING.has(call.function.attribute.text)
      if (!paths || paths.some(({ kind, isQuery, isOpen }) => kind !== 'select' || isOpen || (isLegacy && !isQuery))) return []
      const filters = paths.map((path) => filtersOf(statements, path))
      if (filters.includes(null)) return []
      const models = sourcesOf(paths[0]!.selected).flatMap(({ model }) => model ?? [])
      return [{ filters: filters as readonly (readonly Filter[])[], models, node: beginningOf(paths[0]!) ?? call.function, base: paths[0]!.steps[0]?.call.term }]
    }

    function checkHandler(handler: PythonNode, primary: readonly Query[]): void {
      for (const fallback of queriesIn(handler)) {
        if (fallback.base && primary.some(({ base }) => base === fallback.base)) continue
        const [model] = fallback.models
        const dropped = model && leastDropped(primary, model, (filter) => fallback.filters.some((path) => path.some(({ key }) => key === filter.key)))
        if (dropped) report(fallback.node, model, dropped)
      }
      for (const call of handler.descendants('call')) checkText(call, primary)
    }

    /** `execute(text("SELECT ..."))`. */
    function checkText(call: CallNode, primary: readonly Query[]): void {
      const statement = executedBy(call)
      const source = statement && textIn(statement)
      if (!source) return
      const sql = source.text
      const where = /\bwhere\b([\s\S]*)$/i.exec(sql)?.[1] ?? ''
      const models = new Set(primary.flatMap((query) => query.models))
      for (const model of models) {
        const table = model.table === null ? null : lastPart(model.table)
        if (table === null || !hasWord(sql, table)) continue
        const dropped = leastDropped(primary, model, (filter) => filter.columns.every((column) => hasWord(where, columnName(model, column))))
        if (dropped) report(source.node, model, dropped)
        return
      }
    }

    function textIn(statement: PythonNode): { readonly text: string; readonly node: PythonNode } | null {
      const definition = statement.kind === 'identifier' ? context.scopes.bindingOf(statement)?.onlyDefinition : null
      const made = definition?.value ?? statement
      const given = made.kind === 'call' && libraryName(context, made.function) === 'sqlalchemy.text' ? positionalArguments(made)[0] : made
      const text = given ? (stringText(given) ?? context.constantOf(given)) : null
      if (typeof text !== 'string' || !/^\s*(?:select|with)\b/i.test(text)) return null
      if (made.kind !== 'call') return { text, node: made }
      return { text, node: made.function.kind === 'attribute' ? made.function.attribute : made.function }
    }

    function report(node: PythonNode, model: Model, { filters, query }: Dropped): void {
      const data = { model: lastPart(model.name), filters: filters.map(({ text }) => text).join('`, `'), line: String(query.node.loc.start.line) }
      context.report({ node, messageId: 'dropped', data })
    }
  },
})

interface Dropped {
  readonly filters: readonly Filter[]
  readonly query: Query
}

/** The filters on a model that the nearest primary query has and the fallback has not; `null` if it keeps all of one. */
function leastDropped(primary: readonly Query[], model: Model, keeps: (filter: Filter) => boolean): Dropped | null {
  let least: Dropped | null = null
  for (const query of primary) {
    if (!query.models.some(({ name }) => name === model.name)) continue
    const [first = [], ...others] = query.filters
    const onModel = first.filter(({ key, columns }) => {
      return columns.some((column) => column.startsWith(`${model.name}.`)) && others.every((path) => path.some((filter) => filter.key === key))
    })
    const filters = onModel.filter((filter) => !keeps(filter))
    if (filters.length === 0) return null
    if (!least || filters.length < least.filters.length) least = { filters, query }
  }
  return least
}

function columnName({ columns }: Model, column: string): string {
  const attribute = lastPart(column)
  return columns.find((candidate) => candidate.attribute === attribute)?.name ?? attribute
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<!\\w)${word.replace(/[^\w]/g, '\\$&')}(?!\\w)`, 'i').test(text)
}

/** The name of the call with which a statement begins. */
function beginningOf({ steps }: Statement): PythonNode | null {
  return steps[0] ? methodNode(steps[0]) : null
}
