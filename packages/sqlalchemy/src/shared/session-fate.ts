import type { CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { localAttributeUsesFact, callsOf, calledProjectFunction, enclosingDefinition, lastPart, withoutParentheses } from '@krait/python'

/** What becomes of a session in a local name. */
export interface SessionFate {
  /** It is handed on to what may close it, or to the caller. */
  readonly escapes: boolean
  /** Where it is closed. */
  readonly closes: readonly CallNode[]
  /** Some of these stand in a `finally`. */
  readonly isClosedFinally: boolean
}

const ESCAPED: SessionFate = { escapes: true, closes: [], isClosedFinally: true }
const CLOSING: ReadonlySet<string> = new Set(['close', 'remove', 'aclose', 'invalidate'])

export function fateOfSession(context: PythonRuleContext, references: readonly IdentifierNode[], home: PythonNode | null): SessionFate {
  const closes: CallNode[] = []
  let isClosedFinally = false
  for (const reference of references) {
    if (enclosingDefinition(reference) !== home) return ESCAPED
    const { parent } = reference
    if (parent?.kind === 'attribute' && parent.object === reference) {
      const call = parent.parent?.kind === 'call' && parent.parent.function === parent ? parent.parent : null
      // `addfinalizer(session.close)`
      if (!call && CLOSING.has(parent.attribute.text)) return ESCAPED
      if (!call || !CLOSING.has(parent.attribute.text)) continue
      closes.push(call)
      isClosedFinally ||= call.closest('finally_clause') !== null
      continue
    }
    if (!isHarmless(context, reference)) return ESCAPED
  }
  return { escapes: false, closes, isClosedFinally }
}

/** Whether a use leaves the session to the function: a test, or an argument of a project function that neither closes nor keeps it. */
function isHarmless(context: PythonRuleContext, reference: PythonNode): boolean {
  const { parent } = reference
  switch (parent?.kind) {
    // Who gets it from a generator does not close it, and may throw an exception in.
    case 'yield':
    case 'comparison_operator':
    case 'not_operator':
    case 'boolean_operator':
    case 'if_statement':
      return true
    case 'argument_list':
    case 'keyword_argument': {
      const call = parent.kind === 'argument_list' ? parent.parent : parent.parent?.parent
      return call?.kind === 'call' && leavesOpen(context, call, reference)
    }
    default:
      return false
  }
}

/** Whether a call of a project function neither closes nor keeps the session that it is given. */
export function leavesOpen(context: PythonRuleContext, call: CallNode, given: PythonNode): boolean {
  const { project } = context
  const name = calledProjectFunction(context, call)
  const found = name === null ? null : callsOf(project, name)
  if (name === null || !found || /\.__(init|post_init)__$/.test(name)) return false
  const parameter = parameterFor(context, call, given, name)
  if (parameter === null) return false
  const module = project.moduleName(found.path)
  const uses = project.fact(localAttributeUsesFact, found.path)?.[module === '' ? found.name : found.name.slice(module.length + 1)]
  if (!uses || uses.writes.length > 0) return false
  // A function that calls no method of it may hand it on, or enter it.
  if (!uses.reads.some((read) => read.startsWith(`${parameter}.`))) return false
  return !uses.reads.some((read) => read.startsWith(`${parameter}.`) && CLOSING.has(lastPart(read)))
}

function parameterFor({ project }: PythonRuleContext, call: CallNode, given: PythonNode, name: string): string | null {
  const holder = given.parent
  if (holder?.kind === 'keyword_argument') return holder.name.text
  const definition = project.definition(name)
  const member = definition ? null : project.member(name.slice(0, Math.max(0, name.lastIndexOf('.'))), lastPart(name))
  const fact = definition?.kind === 'function' ? definition.fact : member?.fact
  if (fact?.kind !== 'function') return null
  const index = call.arguments.namedChildren.filter(({ kind }) => kind !== 'comment').findIndex((child) => withoutParentheses(child) === given)
  const isBound = member !== null && fact.method !== 'static' && withoutParentheses(call.function).kind === 'attribute'
  return fact.parameters[index + (isBound ? 1 : 0)]?.name ?? null
}
