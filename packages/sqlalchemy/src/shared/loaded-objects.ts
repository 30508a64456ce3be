import type { CallNode, Definition, Model, OrmSession, PythonNode, PythonRuleContext, SubscriptNode } from '@krait/python'
import { isModelClass, keywordArguments, ormSessionOf, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { optionsOfTerms } from './loader-options.ts'
import type { LoaderOption } from './loader-options.ts'
import { columnIn, rowIn, rowsIn } from './loaded-rows.ts'
import type { LoadedRows } from './loaded-rows.ts'

/** Objects of a model that an expression gives. */
export interface Loaded {
  readonly model: Model
  readonly session: OrmSession['kind']
  /** For each path through the code: what the loader options say. */
  readonly options: readonly (readonly LoaderOption[])[]
  /** The statement, if there is one. */
  readonly rows: LoadedRows | null
  /** `session.get(...)`. */
  readonly get: CallNode | null
}

/** The object that an expression is: a row of a known statement, or what `session.get` gives. */
export function loadedObject(context: PythonRuleContext, expression: PythonNode): Loaded | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'subscript') return isElement(node) ? loadedObjects(context, node.value) : null
  return ofGet(context, expression) ?? ofRows(rowIn(context, expression)) ?? ofGetInFunction(context, expression)
}

/** `rows[0]` */
function isElement({ subscript }: SubscriptNode): boolean {
  const [index] = subscript
  return subscript.length === 1 && (index?.kind === 'integer' || (index?.kind === 'unary_operator' && index.argument.kind === 'integer'))
}

/** The objects that an expression holds several of. */
export function loadedObjects(context: PythonRuleContext, expression: PythonNode): Loaded | null {
  return ofRows(rowsIn(context, expression))
}

/** The objects in one column of the rows that an expression holds. */
export function loadedColumn(context: PythonRuleContext, expression: PythonNode, column: number): Loaded | null {
  return ofRows(columnIn(context, expression, column))
}

function ofRows(rows: LoadedRows | null): Loaded | null {
  return rows && { model: rows.source.model, session: rows.session, options: rows.options, rows, get: null }
}

function ofGet(context: PythonRuleContext, expression: PythonNode): Loaded | null {
  let node = withoutParentheses(expression)
  const isAwaited = node.kind === 'await'
  if (node.kind === 'await') node = withoutParentheses(node.namedChildren[0]!)
  if (node.kind !== 'call') return null
  const called = withoutParentheses(node.function)
  if (called.kind !== 'attribute' || !GETTERS.has(called.attribute.text)) return null
  const [first] = positionalArguments(node)
  const session = first ? ormSessionOf(context, called.object) : null
  const statements = statementsOf(context)
  const name = session && first ? (context.resolve(first) ?? statements.classNameOf(statements.locate(first))) : null
  const model = name === null ? null : context.project.model(name)
  if (!session || !model) return null
  const given = keywordArguments(node).get('options')
  const term = given && statements.locate(given).term
  if (term && (term.kind !== 'items' || term.open)) return null
  const options = term?.kind === 'items' ? optionsOfTerms(context.project, term.items, context.project.path) : []
  const kind = session.kind === 'unknown' && isAwaited ? 'async' : session.kind
  return options && { model, session: kind, options: [options], rows: null, get: node }
}

/** `await session.get(...)` that a function of the project returns, which is awaited itself. */
function ofGetInFunction(context: PythonRuleContext, expression: PythonNode): Loaded | null {
  const awaiting = withoutParentheses(expression)
  if (awaiting.kind !== 'await') return null
  const node = withoutParentheses(awaiting.namedChildren[0]!)
  const result = node.kind === 'call' && mayBeOfProject(node) ? statementsOf(context).resultOf(node) : null
  const call = result?.term.kind === 'await' ? result.term.operand : null
  if (!result || call?.kind !== 'call' || call.open || call.function.kind !== 'attribute' || !GETTERS.has(call.function.attribute)) return null
  const [first] = call.arguments
  const name = first && statementsOf(context).classNameOf({ term: first, frame: result.frame })
  const model = name ? context.project.model(name) : null
  if (!model) return null
  const given = call.keywords.find(([keyword]) => keyword === 'options')?.[1]
  if (given && (given.kind !== 'items' || given.open)) return null
  const options = given?.kind === 'items' ? optionsOfTerms(context.project, given.items, result.frame.path) : []
  return options && { model, session: 'async', options: [options], rows: null, get: null }
}

const GETTERS: ReadonlySet<string> = new Set(['get', 'get_one'])

/** A class that is called is no function, and is called often. */
function mayBeOfProject({ function: called }: CallNode): boolean {
  return !/^[A-Z]/.test(called.kind === 'attribute' ? called.attribute.text : called.text)
}

/** An object that is constructed: its relationships that are given are there. */
export function constructedModel(context: PythonRuleContext, { value }: Definition): { readonly model: Model; readonly given: ReadonlySet<string> } | null {
  const call = value && withoutParentheses(value)
  if (call?.kind !== 'call') return null
  const name = context.resolve(call.function)
  if (name === null || !isModelClass(context.project, name)) return null
  const model = context.project.model(name)
  const hasSplat = call.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat' || kind === 'list_splat')
  return model && !hasSplat ? { model, given: new Set(keywordArguments(call).keys()) } : null
}

/** The name that an assignment binds alone. */
export function assignedDefinition(context: PythonRuleContext, left: PythonNode): Definition | null {
  const binding = left.kind === 'identifier' ? context.scopes.bindingOf(left) : null
  if (binding?.scope.kind !== 'function') return null
  return binding.definitions.find(({ name }) => name === left) ?? null
}
