import type { CallNode, ColumnUse, Condition, Located, Model, PythonNode, Statement } from '@krait/python'
import { at, calledProjectFunction, columnsOfCondition, defineRule, isMigrationFile, isMigrationModule, isTestFile, lastPart, matchesName, positionalArguments, sourcesOf, statementsOf } from '@krait/python'
import { hasTerm } from '../shared/condition-terms.ts'
import { isInFunctionNamed } from '../shared/enclosing-functions.ts'
import { finalPlaces } from '../shared/final-statements.ts'
import { libraryName } from '../shared/library-name.ts'

/** Models whose rows belong to owners. */
export interface OwnerScope {
  /** Globs of the names of models. */
  readonly models: readonly string[]
  /** The attribute that says to whom a row belongs. */
  readonly owner: string
  /** Attributes whose values several owners can share. */
  readonly lookup: readonly string[]
}

export interface RequireOwnerScopeOptions {
  readonly scopes: readonly OwnerScope[]
  /** Globs of the names of functions that look across owners. */
  readonly exempt: readonly string[]
}

const defaultOptions: readonly [RequireOwnerScopeOptions] = [{ scopes: [], exempt: [] }]

const FILTERS: ReadonlySet<string> = new Set(['filter', 'filter_by', 'where'])
const METHODS: ReadonlySet<string> = new Set(['ilike', 'in_', 'like'])
/** Steps that can speak of the owner. */
const CONDITIONS: ReadonlySet<string> = new Set([...FILTERS, 'having', 'join', 'join_from', 'outerjoin', 'outerjoin_from', 'select_from'])

const STRINGS = { type: 'array', items: { type: 'string' } } as const

export const requireOwnerScope = defineRule({
  name: 'require-owner-scope',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require lookups by a shared natural key to name the owner',
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
    const { text } = context.sourceCode
    // Most files speak of no lookup at all.
    const possible = scopes.filter(({ lookup }) => lookup.some((name) => text.includes(name)))
    if (possible.length === 0 || isTestFile(context) || isMigrationFile(context) || isMigrationModule(context)) return {}
    const checked = new Set<number>()

    return {
      call(node) {
        if (node.function.kind !== 'attribute' || !FILTERS.has(node.function.attribute.text)) return
        for (const place of finalPlaces(context, node)) check(place)
      },
    }

    function check(start: PythonNode): void {
      const place = throughHelpers(start)
      if (!place || checked.has(place.index)) return
      checked.add(place.index)
      const paths = statementsOf(context).statementOf(place)?.paths ?? []
      if (paths.length === 0 || paths.some(isUnread)) return
      for (const scope of possible) {
        for (const path of paths) {
          const found = lookupIn(path, scope)
          if (!found || paths.some((other) => speaksOfOwner(other, scope, found.model)) || isSpokenOfAround(place, scope.owner)) continue
          report(found, place, scope)
          return
        }
      }
    }

    /** Where functions of the project have changed the statement; `null` if it goes where more may be added. */
    function throughHelpers(start: PythonNode): PythonNode | null {
      let place = start
      for (let call = callAround(place); call; call = callAround(place)) {
        if (calledProjectFunction(context, call) === null) return call.function.kind === 'identifier' && context.resolve(call.function) === null ? null : place
        if (!statementsOf(context).statementOf(call)) return null
        const [next, ...others] = finalPlaces(context, call)
        if (!next || others.length > 0 || next === place) return null
        place = next
      }
      return isReturnedToCallers(place) ? null : place
    }

    function isReturnedToCallers(place: PythonNode): boolean {
      const definition = place.parent?.kind === 'return_statement' ? place.closest('function_definition') : null
      const name = definition && context.resolve(definition)
      return name !== null && context.project.callers(name).length > 0
    }

    function lookupIn(path: Statement, { models, owner, lookup }: OwnerScope): Lookup | null {
      for (const { columns, node } of path.conditions.flatMap(equalitiesIn)) {
        const use = columns.find(({ column }) => lookup.includes(column.attribute))
        const model = use?.source.model
        if (!use || !model || ownerColumn(model, owner) === undefined || bindsPrimaryKey(path, use) || isNarrowedBeside(path, use)) continue
        if (models.some((entry) => matchesName(model.name, entry) || matchesName(lastPart(model.name), entry))) return { model, node, name: use.column.attribute }
      }
      return null
    }

    /** The condition, if it is one that looks up; of `or_(...)` those in it. */
    function equalitiesIn(condition: Condition): readonly Equality[] {
      const { kind, node } = condition
      if (isEquality(condition)) return [{ columns: columnsOfCondition(condition), node }]
      if (kind !== 'other' || !node || !isDisjunction(node)) return []
      return [...node.descendants('comparison_operator', 'call')].flatMap((part) => {
        const operands = part.kind === 'call' ? operandsOfCall(part) : part.operators[0]?.kind === '==' ? part.namedChildren : []
        const [left, right] = operands.map((operand) => statementsOf(context).expressionOf(operand))
        if (!left || !right || (left.kind === 'column') === (right.kind === 'column')) return []
        return [left, right].flatMap((side) => (side.kind === 'column' ? [{ columns: [side], node: part }] : []))
      })
    }

    function isDisjunction(node: PythonNode): boolean {
      if (node.kind === 'call') return libraryName(context, node.function) === 'sqlalchemy.or_'
      return node.kind === 'binary_operator' && node.operator.kind === '|'
    }

    function speaksOfOwner({ conditions, joins, steps }: Statement, { owner }: OwnerScope, model: Model): boolean {
      const column = ownerColumn(model, owner)
      const all = [...conditions, ...joins.flatMap((join) => join.conditions)]
      if (all.some((condition) => columnsOfCondition(condition).some((use) => use.column.attribute === column))) return true
      const names = new Set([owner, column, ...model.relationships.flatMap(({ attribute, pairs }) => (pairs?.some(({ local }) => local === column) ? [attribute] : []))])
      const isOwner = ({ term }: Located): boolean =>
        (term.kind === 'attribute' && names.has(term.attribute)) ||
        (term.kind === 'name' && names.has(lastPart(term.name))) ||
        (term.kind === 'call' && term.keywords.some(([keyword]) => names.has(keyword)))
      return steps.some(({ name, call }) => CONDITIONS.has(name) && [...call.term.arguments, ...call.term.keywords.map(([, value]) => value)].some((part) => hasTerm(at(part, call), isOwner)))
    }

    function report({ model, node: lookup, name }: Lookup, place: PythonNode, { owner }: OwnerScope): void {
      const node = lookup ?? place
      if (isInFunctionNamed(context, node, exempt)) return
      context.report({
        node: node.parent?.kind === 'keyword_argument' ? node.parent : node,
        messageId: 'unscoped',
        data: { model: lastPart(model.name), lookup: name, owner },
      })
    }
  },
})

/** A condition that looks rows up by a shared value. */
interface Lookup {
  readonly model: Model
  readonly node: PythonNode | null
  readonly name: string
}

/** Columns that a value is compared with. */
interface Equality {
  readonly columns: readonly ColumnUse[]
  readonly node: PythonNode | null
}

/** `M.phone.in_(values)`: the column and the values. */
function operandsOfCall(call: CallNode): readonly PythonNode[] {
  const [first] = positionalArguments(call)
  return call.function.kind === 'attribute' && METHODS.has(call.function.attribute.text) && first ? [call.function.object, first] : []
}

function isUnread({ kind, isOpen, conditions, joins }: Statement): boolean {
  if (isOpen || kind === 'compound' || kind === 'insert') return true
  return [...conditions, ...joins.flatMap((join) => join.conditions)].some((condition) => condition.kind === 'unknown')
}

/** `==`, also of an expression such as `func.lower(M.email)`; `in_()`, `like()` and `ilike()` of a value. */
function isEquality(condition: Condition): boolean {
  const { kind, node } = condition
  if (kind === 'bound' || kind === 'computed') return true
  if (kind !== 'other' || node?.kind !== 'call' || node.function.kind !== 'attribute') return false
  return METHODS.has(node.function.attribute.text) && condition.columns.length === 1
}

function ownerColumn({ columns }: Model, owner: string): string | undefined {
  return columns.find(({ attribute, name }) => attribute === owner || name === owner)?.attribute
}

/** The row is known by its primary key, and the lookup only checks it. */
function bindsPrimaryKey({ conditions }: Statement, { source }: ColumnUse): boolean {
  const bound = new Set(conditions.flatMap((condition) => (condition.kind === 'bound' && condition.column.source.key === source.key ? [condition.column.column.attribute] : [])))
  const key = source.model.uniqueKeys.find(({ from }) => from === 'primary-key')
  return key !== undefined && key.columns.length > 0 && key.columns.every((column) => bound.has(column))
}

/** The lookup is on a model that is only joined, and what is selected or changed is narrowed by a value of its own, such as that of an incident. */
function isNarrowedBeside({ conditions, selected, target }: Statement, { source }: ColumnUse): boolean {
  const own = target ? [target] : sourcesOf(selected)
  if (own.some(({ key }) => key === source.key)) return false
  return conditions.some((condition) => condition.kind === 'bound' && own.some(({ key }) => key === condition.column.source.key))
}

/** The call that an expression is an argument of. */
function callAround({ parent }: PythonNode): CallNode | null {
  const list = parent?.kind === 'keyword_argument' ? parent.parent : parent
  return list?.kind === 'argument_list' && list.parent?.kind === 'call' ? list.parent : null
}

/** The statement stands inside of another one that names the owner. */
function isSpokenOfAround(place: PythonNode, owner: string): boolean {
  let outer = place
  while (outer.parent && !/_statement$|^(?:assignment|block|module|lambda|decorator)$/.test(outer.parent.kind)) outer = outer.parent
  if (outer === place) return false
  for (const identifier of outer.descendants('identifier')) if (identifier.text === owner && identifier.parent?.kind === 'attribute') return true
  return false
}
