import { KNOWN_LIBRARIES, calledProjectFunction, functionNamed, lastPart, loggingCall, parameterUsesFact, positionalArguments, withoutLastPart, withoutParentheses } from '@krait/python'
import type { CallNode, Definition, HttpLibrary, IdentifierNode, LoggerContext, PythonNode } from '@krait/python'

/** The attributes of a response that say how the request went. */
export const STATUS_ATTRIBUTES: ReadonlySet<string> = new Set(
  'raise_for_status status_code status ok is_success is_error is_client_error is_server_error reason_phrase history'.split(' '),
)

const BODY = /^(json|text|content|read|aread|iter_\w+|aiter_\w+)$/

/** Whether an attribute of a response is its body, or reads it. */
export function isBodyAttribute(name: string): boolean {
  return BODY.test(name)
}

/** What is done with a response that a name is bound to. */
export interface ResponseUses {
  /** Where its body is read. */
  readonly bodies: readonly IdentifierNode[]
  /** Where its status is looked at, or may be. */
  readonly examinations: readonly PythonNode[]
}

export function usesOf(context: LoggerContext, { name, scope }: Definition, library: HttpLibrary): ResponseUses {
  const bodies: IdentifierNode[] = []
  const examinations: PythonNode[] = []
  for (const reference of context.scopes.bindingOf(name)?.references ?? []) {
    const identifier = reference as IdentifierNode
    if (context.scopes.scopeOf(identifier) !== scope && !isInComprehension(identifier)) continue
    const attribute = attributeOf(identifier)
    if (attribute !== null && isBodyAttribute(attribute)) bodies.push(identifier)
    else if (attribute === null ? isLookedAt(context, identifier, library) : STATUS_ATTRIBUTES.has(attribute)) examinations.push(identifier)
  }
  return { bodies, examinations }
}

function isInComprehension(node: PythonNode): boolean {
  return node.closest('list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression') !== null
}

/** The attribute that is taken of an expression. */
export function attributeOf(expression: PythonNode): string | null {
  let node = expression
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node.parent?.kind === 'attribute' && node.parent.object === node ? node.parent.attribute.text : null
}

/** A truth test of a response of `requests`, which is false for 4xx and 5xx; or a call that gets the response, and may look at it. */
function isLookedAt(context: LoggerContext, identifier: IdentifierNode, library: HttpLibrary): boolean {
  if (isTested(identifier)) return library === 'requests'
  const { parent } = identifier
  const list = parent?.kind === 'keyword_argument' ? parent.parent : parent
  const call = list?.kind === 'argument_list' ? list.parent : null
  return call?.kind === 'call' && mayExamine(context, call, identifier)
}

export function isTested(expression: PythonNode): boolean {
  let node = expression
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  const { parent } = node
  switch (parent?.kind) {
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return parent.condition === node
    case 'not_operator':
    case 'boolean_operator':
    case 'assert_statement':
      return true
    case 'conditional_expression':
      return parent.namedChildren[1] === node
    default:
      return false
  }
}

function mayExamine(context: LoggerContext, call: CallNode, given: IdentifierNode): boolean {
  if (loggingCall(context, call)) return false
  const name = calledProjectFunction(context, call)
  if (name === null) return isUnknown(context, context.resolve(withoutParentheses(call.function)))
  const found = functionNamed(context.project, name)
  const parameter = found && parameterOf(context, found.name, call, given)
  if (!found || parameter === null) return true
  const key = context.project.pathInModule(found.name, found.path)
  const uses = context.project.part(parameterUsesFact, found.path, key)?.[parameter] ?? []
  return uses.some((attribute) => attribute === '' || STATUS_ATTRIBUTES.has(attribute))
}

/** Whether nothing is known of a function: of no library that backends use, they parse and print. */
function isUnknown({ project }: LoggerContext, name: string | null): boolean {
  return name === null || (!KNOWN_LIBRARIES.has(name.split('.', 1)[0]!) && project.definition(name) === null)
}

/** The name of the parameter that gets an argument; `null` if that is not known. */
function parameterOf({ project }: LoggerContext, name: string, call: CallNode, given: IdentifierNode): string | null {
  if (given.parent?.kind === 'keyword_argument') return given.parent.name.text
  const position = positionalArguments(call).indexOf(given)
  const definition = project.definition(name) ?? project.member(withoutLastPart(name), lastPart(name))
  const fact = definition && 'fact' in definition ? definition.fact : null
  if (position < 0 || !fact || !('kind' in fact) || fact.kind !== 'function') return null
  const isBound = fact.method !== undefined && fact.method !== 'static'
  return fact.parameters[position + (isBound ? 1 : 0)]?.name ?? null
}
