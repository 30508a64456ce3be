import { argument, attributeAssignmentsFact, calledProjectFunction, callsOf, calleeName, keywordArguments, ownCode, stringText, withoutParentheses } from '@krait/python'
import type { CallNode, EffectContext, FlowPoint, FunctionDefinitionNode, PythonNode } from '@krait/python'

/** Whether a way leads through an assignment to the end of its function on which the status of the object is never assigned. */
export function leavesStatus(context: EffectContext, definition: FunctionDefinitionNode, assignment: PythonNode, object: PythonNode, status: string): boolean {
  const setting = new Set<PythonNode>()
  for (const node of ownCode(definition.body)) if (setsStatus(context, node, object.text, status)) setting.add(node)
  const flow = context.flow(definition)
  const options = { avoiding: ({ node }: FlowPoint) => setting.has(node), exceptions: 'none' as const, consistent: true }
  return flow.canReach('entry', assignment, options) && flow.canReach(assignment, 'normal-exit', options)
}

function setsStatus(context: EffectContext, node: PythonNode, object: string, status: string): boolean {
  switch (node.kind) {
    case 'assignment':
    case 'augmented_assignment':
      return targetsOf(node.left).some((target) => target.kind === 'attribute' && target.attribute.text === status && target.object.text === object)
    case 'call':
      return isSetAttribute(node, object, status) || isUpdate(node, status) || isHelper(context, node, object, status)
    default:
      return false
  }
}

function targetsOf(target: PythonNode): readonly PythonNode[] {
  return target.kind === 'pattern_list' || target.kind === 'tuple_pattern' ? target.namedChildren : [target]
}

function isSetAttribute(call: CallNode, object: string, status: string): boolean {
  if (call.function?.text !== 'setattr') return false
  const name = argument(call, null, 1)
  return argument(call, null, 0)?.text === object && name !== null && (name.kind !== 'string' || stringText(name) === status)
}

/** `update(User).values(status=...)`, `.update({User.status: ...})`. */
function isUpdate(call: CallNode, status: string): boolean {
  const called = call.function
  const method = called?.kind === 'attribute' ? called.attribute.text : ''
  if (method !== 'values' && method !== 'update') return false
  if (keywordArguments(call).has(status)) return true
  const first = argument(call, null, 0)
  if (first?.kind !== 'dictionary') return false
  return first.namedChildren.some((pair) => pair.kind === 'pair' && nameOfKey(pair.key) === status)
}

function nameOfKey(key: PythonNode): string | null {
  return key.kind === 'attribute' ? key.attribute.text : key.kind === 'string' ? stringText(key) : null
}

/** A function that gets the object, or a method of it or of what holds it, and assigns the status. A method that is not known may do so. */
function isHelper(context: EffectContext, call: CallNode, object: string, status: string): boolean {
  const called = withoutParentheses(call.function)
  const isMethod = called.kind === 'attribute' && called.object.text === object
  // `self._open()` may set `self.order.status`.
  const isOfOwner = called.kind === 'attribute' && object.startsWith(`${called.object.text}.`)
  if (!isMethod && !isOfOwner && !isGiven(call, object)) return false
  const name = calledProjectFunction(context, call)
  return name === null ? isMethod : assigns(context, name, status)
}

function isGiven({ arguments: list }: CallNode, object: string): boolean {
  if (list?.kind !== 'argument_list') return false
  return list.namedChildren.some((child) => (child.kind === 'keyword_argument' ? child.value : child).text === object)
}

/** Calls are followed this deep. */
const MAX_DEPTH = 4

function assigns({ project }: EffectContext, name: string, status: string): boolean {
  const seen = new Set<string>()
  let level = [name]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = []
    for (const each of level) {
      const caller = seen.has(each) ? null : callsOf(project, each)
      seen.add(each)
      if (!caller) continue
      const key = project.pathInModule(caller.name, caller.path)
      if (project.part(attributeAssignmentsFact, caller.path, key)?.some(({ attribute }) => attribute === status)) return true
      for (const call of caller.calls) {
        const callee = calleeName(project, caller, call)
        if (callee === 'builtins.setattr') return true
        if (callee !== null) next.push(callee)
      }
    }
    level = next
  }
  return false
}
