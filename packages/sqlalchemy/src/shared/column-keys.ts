import type { CallNode, PythonNode, PythonServices, Statement } from '@krait/python'
import { positionalArguments, sourcesOf, statementsOf, stringText } from '@krait/python'

/** A name that a call takes for a column: a keyword, or a key of a dict. */
export interface ColumnKey {
  readonly name: string
  readonly node: PythonNode
}

/** The names of columns in a call, and the models that they are meant to be of, on each path. */
export interface ColumnKeys {
  readonly keys: readonly ColumnKey[]
  /** On each path through the code, the qualified names of the models of which one has to have them. */
  readonly models: readonly (readonly string[])[]
  /** The names of columns in the database do as well. */
  readonly takesColumns: boolean
}

const METHODS: ReadonlySet<string> = new Set(['exec', 'execute', 'filter_by', 'update', 'values'])

/** The columns that `filter_by(...)`, `insert(M).values(...)`, `query.update({...})` and `execute(insert(M), [...])` name; `null` for other calls. */
export function columnKeysOf(services: PythonServices, call: CallNode): ColumnKeys | null {
  const { function: called } = call
  if (called.kind !== 'attribute' || !METHODS.has(called.attribute.text)) return null
  const method = called.attribute.text
  const keys = keysGiven(call, method)
  if (keys.length === 0) return null
  const statement = method === 'execute' || method === 'exec' ? positionalArguments(call)[0] : called.object
  if (!statement || (method === 'update' && !mayBeQuery(services, statement))) return null
  const paths = statementsOf(services).statementOf(statement)?.paths
  if (!paths || !paths.every((path) => takesKeys(path, method))) return null
  const models = paths.map((path) => (method === 'filter_by' ? entitiesOf(path) : path.target ? [path.target] : sourcesOf(path.selected)))
  if (models.some((sources) => sources.length === 0 || sources.some(({ model }) => !model))) return null
  return { keys, models: models.map((sources) => sources.map(({ model }) => model!.name)), takesColumns: method !== 'filter_by' }
}

function keysGiven(call: CallNode, method: string): readonly ColumnKey[] {
  const { arguments: list } = call
  if (list.kind !== 'argument_list') return []
  const keywords = method === 'filter_by' || method === 'values' ? list.namedChildren.filter((child) => child.kind === 'keyword_argument') : []
  const given = method === 'filter_by' ? [] : positionalArguments(call).slice(method === 'execute' || method === 'exec' ? 1 : 0)
  return [...keywords.map(({ name }) => ({ name: name.text, node: name })), ...given.flatMap(keysIn)]
}

/** The string keys of a dict, or of the dicts in a list. */
function keysIn(node: PythonNode): readonly ColumnKey[] {
  const dictionaries = node.kind === 'list' || node.kind === 'tuple' ? node.namedChildren : [node]
  return dictionaries.flatMap((dictionary) => {
    if (dictionary.kind !== 'dictionary') return []
    return dictionary.namedChildren.flatMap((pair) => {
      const name = pair.kind === 'pair' ? stringText(pair.key) : null
      return pair.kind === 'pair' && name !== null ? [{ name, node: pair.key }] : []
    })
  })
}

/** Most objects with `update({...})` are dicts. */
export function mayBeQuery(services: PythonServices, object: PythonNode): boolean {
  if (object.kind === 'call') return true
  if (object.kind !== 'identifier') return false
  return services.scopes.bindingOf(object)?.definitions.some(({ value }) => value !== null && /\bquery\b/.test(value.text)) ?? false
}

function takesKeys({ kind, isQuery, isOpen, steps, conditions }: Statement, method: string): boolean {
  if (isOpen) return false
  switch (method) {
    case 'filter_by':
      return kind !== 'compound'
    case 'values':
      return kind === 'insert' || kind === 'update'
    case 'update':
      return isQuery && kind === 'select'
    default:
      // With `values(...)`, the dicts fill the parameters in there.
      return kind === 'insert' && conditions.length === 0 && !steps.some(({ name }) => name === 'values' || name === 'on_conflict_do_update')
  }
}

/** Of which `filter_by` speaks: the latest join, else what `select_from` says, else what is selected. */
function entitiesOf({ joins, selectFrom, target, selected }: Statement) {
  const join = joins.at(-1)
  if (join) return [join.source]
  if (selectFrom[0]) return [selectFrom[0]]
  return target ? [target] : sourcesOf(selected)
}
