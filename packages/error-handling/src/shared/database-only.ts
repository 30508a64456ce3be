import { calledProjectFunction, calleeName, callsOf, effectsOfCall, isDatabaseCall, loggingCall, ownCode, sessionOf, withoutParentheses } from '@krait/python'
import type { BlockNode, CallNode, Effect, EffectContext, FunctionSummary, PythonNode } from '@krait/python'

/** The calls of a block that talk to the database; `null` if any other call in it can fail, too, or if it is not known whether it can. */
export function onlyDatabaseCalls(context: EffectContext, block: BlockNode): readonly CallNode[] | null {
  const found: CallNode[] = []
  for (const node of ownCode(block)) {
    if (node.kind === 'yield') return null
    if (node.kind === 'await' && withoutParentheses(node.namedChildren[0]!).kind !== 'call') return null
    if (node.kind !== 'call') continue
    const does = whatCallDoes(context, node)
    if (does === 'other') return null
    if (does === 'database') found.push(node)
  }
  return found
}

/** Whether a database call goes through an asynchronous driver. */
export function isAsynchronous(context: EffectContext, calls: readonly CallNode[]): boolean {
  return calls.some((call) => {
    if (call.parent?.kind === 'await') return true
    const called = withoutParentheses(call.function)
    return called.kind === 'attribute' && sessionOf(context, called.object)?.kind === 'async'
  })
}

function whatCallDoes(context: EffectContext, call: CallNode): 'database' | 'harmless' | 'other' {
  if (isCertainDatabaseCall(context, call)) return 'database'
  const called = withoutParentheses(call.function)
  if (loggingCall(context, call)) return 'harmless'
  const name = context.resolve(called)
  if (name !== null && HARMLESS_MODULE.test(name)) return IMPURE.has(name) ? 'other' : 'harmless'
  if (calledProjectFunction(context, call) !== null) return whatFunctionDoes(context, call)
  const type = context.typeOf(called)
  if (type.kind === 'class' && context.project.definition(type.class)?.kind === 'class') return 'harmless'
  // It makes a session, or a connection, that is entered by `with`.
  if (sessionOf(context, call)) return 'harmless'
  return called.kind === 'attribute' && isHarmlessMethod(context, called.object, called.attribute.text) ? 'harmless' : 'other'
}

const HARMLESS_MODULE = /^(builtins|sqlalchemy|sqlmodel|datetime|uuid|decimal|collections|itertools|functools|operator|math|typing|enum)\./
const IMPURE: ReadonlySet<string> = new Set(['builtins.__import__', 'builtins.eval', 'builtins.exec', 'builtins.input', 'builtins.open'])

/** `session.get()` also reads as a request of a `requests.Session`: its session must be known. */
function isCertainDatabaseCall(context: EffectContext, call: CallNode): boolean {
  if (!isDatabaseCall(context, call)) return false
  const called = withoutParentheses(call.function)
  return called.kind !== 'attribute' || called.attribute.text !== 'get' || sessionOf(context, called.object) !== null
}

function whatFunctionDoes(context: EffectContext, call: CallNode): 'database' | 'harmless' | 'other' {
  const { summary, paths } = effectsOfCall(context, call)
  if (!summary || mayFailOtherwise(context, summary) || OUTSIDE.some((effect) => paths.has(effect))) return 'other'
  return OF_DATABASE.some((effect) => paths.has(effect)) ? 'database' : 'harmless'
}

/** Whether a function calls something that may fail and of which nothing is known. */
function mayFailOtherwise({ project }: EffectContext, { mayFail }: FunctionSummary): boolean {
  const last = mayFail?.path.at(-1)
  if (!mayFail || mayFail.by === 'external' || last?.call === undefined) return mayFail !== null
  const caller = callsOf(project, last.function)
  const call = caller?.calls[last.call]
  if (!caller || !call) return true
  return !HARMLESS_MODULE.test(calleeName(project, caller, call) ?? '') && !(call.method !== undefined && RESULT_METHODS.has(call.method))
}

/** Methods of results, statements and columns: their receivers are seldom known from facts. */
const RESULT_METHODS: ReadonlySet<string> = new Set(
  `all any_ asc between contains count desc distinct execution_options exists fetchall fetchone filter filter_by first group_by has having ilike in_ is_ is_not
  isnot join label like limit mappings not_in notin_ offset on_conflict_do_nothing on_conflict_do_update one one_or_none options order_by outerjoin partitions
  returning rowcount scalar scalar_one scalar_one_or_none scalars select_from subquery unique values where with_for_update yield_per`.split(/\s+/),
)

const OUTSIDE: readonly Effect[] = ['network', 'process', 'file', 'external-effect', 'enqueue']
const OF_DATABASE: readonly Effect[] = ['database', 'query', 'write', 'commit']

/** Methods of results, of statements, of columns and models, and of builtin objects. */
function isHarmlessMethod(context: EffectContext, receiver: PythonNode, method: string): boolean {
  if (MODEL_METHODS.has(method)) return true
  const seen = new Set<PythonNode>()
  let node = withoutParentheses(receiver)
  while (!seen.has(node)) {
    seen.add(node)
    const type = context.typeOf(node)
    const className = type.kind === 'instance' || type.kind === 'class' ? type.class : null
    if (className !== null && (HARMLESS_MODULE.test(className) || context.project.model(className))) return true
    if (node.kind === 'call') {
      if (isCertainDatabaseCall(context, node) || (calledProjectFunction(context, node) !== null && whatFunctionDoes(context, node) === 'database')) return true
      if (HARMLESS_MODULE.test(context.resolve(node.function) ?? '')) return true
      node = withoutParentheses(node.function)
    } else if (node.kind === 'attribute') node = withoutParentheses(node.object)
    else if (node.kind === 'subscript') node = withoutParentheses(node.value)
    else if (node.kind === 'await' && node.namedChildren[0]) node = withoutParentheses(node.namedChildren[0])
    else if (node.kind === 'identifier') {
      const value = valueOfName(context, node)
      if (!value) return HARMLESS_MODULE.test(context.resolve(node) ?? '')
      node = withoutParentheses(value)
    } else return LITERALS.has(node.kind)
  }
  return false
}

/** What a local name is bound to: a value, or what a loop goes over. */
function valueOfName({ scopes }: EffectContext, identifier: PythonNode): PythonNode | null {
  const definition = scopes.bindingOf(identifier)?.onlyDefinition
  if (!definition) return null
  if (definition.value) return definition.value
  const { node } = definition
  if (node.kind === 'for_statement') return node.right
  return node.kind === 'for_in_clause' ? (node.right.find((part): part is Exclude<typeof part, { isNamed: false }> => part.isNamed) ?? null) : null
}

/** What Pydantic's models can do. */
const MODEL_METHODS: ReadonlySet<string> = new Set('construct dict from_orm model_construct model_copy model_dump model_validate parse_obj'.split(' '))

const LITERALS: ReadonlySet<string> = new Set(['string', 'concatenated_string', 'list', 'dictionary', 'set', 'tuple', 'list_comprehension', 'dictionary_comprehension', 'set_comprehension'])
