import type { AssignmentNode, CallNode, Definition, Model, OrmSession, PythonNode, PythonRuleContext } from '@krait/python'
import { isModelClass, keywordArguments, ormSessionOf, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { optionsOfTerms } from './loader-options.ts'
import type { LoaderOption } from './loader-options.ts'
import { rowIn, rowsIn } from './loaded-rows.ts'
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
  return ofGet(context, expression) ?? ofRows(rowIn(context, expression))
}

/** The objects that an expression holds several of. */
export function loadedObjects(context: PythonRuleContext, expression: PythonNode): Loaded | null {
  return ofRows(rowsIn(context, expression))
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
  if (called.kind !== 'attribute' || (called.attribute.text !== 'get' && called.attribute.text !== 'get_one')) return null
  const [first] = positionalArguments(node)
  const session = first ? ormSessionOf(context, called.object) : null
  const name = session && first ? context.resolve(first) : null
  const model = name === null ? null : context.project.model(name)
  if (!session || !model) return null
  const given = keywordArguments(node).get('options')
  const term = given && statementsOf(context).locate(given).term
  if (term && (term.kind !== 'items' || term.open)) return null
  const options = term?.kind === 'items' ? optionsOfTerms(context.project, term.items, context.project.path) : []
  const kind = session.kind === 'unknown' && isAwaited ? 'async' : session.kind
  return options && { model, session: kind, options: [options], rows: null, get: node }
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
export function assignedDefinition(context: PythonRuleContext, { left }: AssignmentNode): Definition | null {
  const binding = left.kind === 'identifier' ? context.scopes.bindingOf(left) : null
  if (binding?.scope.kind !== 'function') return null
  return binding.definitions.find(({ name }) => name === left) ?? null
}
