import { calledProjectFunction, callsOf, instanceAttributesFact, isCallOf, lastPart, ownCode, withoutParentheses } from '@krait/python'
import type { CallNode, LoggerContext, PythonNode, Value } from '@krait/python'

/** Methods that give a logger which adds values to each line. */
const BINDING: ReadonlySet<string> = new Set(['bind', 'new'])

/** Context managers that add values to each line that is logged inside. */
const BOUND_BLOCKS: ReadonlySet<string> = new Set(['bound_contextvars', 'contextualize', 'bound_threadlocal'])

/** Functions that add values to each line that is logged from then on. */
const BINDERS: ReadonlySet<string> = new Set(['bind_contextvars', 'bind_threadlocal'])

/** Longer chains of calls and names are not followed. */
const MAX_STEPS = 10

/** Whether values are bound to what a call logs: to its logger, or to all that is logged there. */
export function hasBoundContext(context: LoggerContext, call: CallNode, logger: PythonNode | null): boolean {
  return (logger !== null && isBoundLogger(context, logger)) || isInBoundBlock(call) || isBoundBefore(context, call)
}

/** `log.bind(order_id=1)`, a local name or attribute of the class that was made so, or a logger that somebody passes in. */
function isBoundLogger(context: LoggerContext, logger: PythonNode): boolean {
  const node = withoutParentheses(logger)
  switch (node.kind) {
    case 'call':
      return isBound(context, context.values.summary(node))
    case 'identifier': {
      const binding = context.scopes.bindingOf(node)
      if (!binding || binding.scope.function === null) return false
      return binding.definitions.some(({ kind, value }) => kind === 'parameter' || (value !== null && isBound(context, context.values.summary(value))))
    }
    case 'attribute':
      return node.object.kind === 'identifier' && isBoundAttribute(context, node, node.attribute.text)
    default:
      return false
  }
}

function isBoundAttribute(context: LoggerContext, node: PythonNode, attribute: string): boolean {
  const { project, scopes } = context
  const enclosing = scopes.scopeOf(node).enclosingClass
  const className = enclosing && context.resolve(enclosing.node)
  if (!className) return false
  const member = project.member(className, attribute)
  if (member?.fact.kind === 'variable' && member.fact.value && isBound(context, project.value(member.fact.value, member.path))) return true
  if (member?.fact.kind === 'function' && member.fact.returns.some((value) => isBound(context, project.value(value, member.path)))) return true
  for (const owner of project.ancestors(className).names) {
    const definition = project.definition(owner)
    if (definition?.kind !== 'class') continue
    const ofClass = project.part(instanceAttributesFact, definition.path, project.pathInModule(owner, definition.path))
    const assignments = ofClass && Object.hasOwn(ofClass, attribute) ? ofClass[attribute] : undefined
    if (assignments?.some(({ value }) => value && isBound(context, project.value(value, definition.path)))) return true
  }
  return false
}

/** Whether a value is a logger that was made with values of its own. */
function isBound(context: LoggerContext, given: Value): boolean {
  const { project } = context
  let value = given
  for (let step = 0; step < MAX_STEPS && value.kind === 'call'; step++) {
    if (isAdapter(context, value)) return true
    const method = value.callee === null ? (value.function?.kind === 'attribute' ? value.function.attribute : '') : lastPart(value.callee)
    if (BINDING.has(method) && (Object.keys(value.keywords).length > 0 || value.arguments.length > 0 || value.open)) return true
    const callable = value.callee === null ? null : project.callable(value.callee)
    const [made] = callable?.kind === 'function' && callable.function ? callable.function.returns.map((returned) => project.value(returned, callable.path)) : []
    const next: Value | undefined = made ?? (value.callee === null && value.function?.kind === 'attribute' ? value.function.object : undefined)
    if (!next) return false
    value = next
  }
  return false
}

/** `LoggerAdapter(logger, {"order": 1})`: a literal without entries adds nothing. */
function isAdapter({ project, values }: LoggerContext, value: Value & { readonly kind: 'call' }): boolean {
  if (value.callee === null || !(isCallOf(value, 'logging.LoggerAdapter') || project.isSubclassOf(value.callee, ['logging.LoggerAdapter']) === true)) return false
  const extra = value.keywords['extra'] ?? value.arguments[1]
  const followed = extra && values.follow(extra)
  return followed !== undefined && !(followed.kind === 'dict' && followed.entries.length === 0 && !followed.open) && !(followed.kind === 'literal' && followed.type === 'none')
}

function isInBoundBlock(call: CallNode): boolean {
  for (let node = call.closest('with_statement', 'function_definition', 'lambda'); node?.kind === 'with_statement'; node = node.closest('with_statement', 'function_definition', 'lambda')) {
    for (const item of node.descendants('with_item')) {
      const manager = item.value.kind === 'as_pattern' ? item.value.namedChildren[0] : item.value
      if (manager?.kind === 'call' && BOUND_BLOCKS.has(nameOf(manager)) && item.closest('with_statement') === node) return true
    }
  }
  return false
}

/** Whether the function binds values before the call, itself or by a function of the project. */
function isBoundBefore(context: LoggerContext, call: CallNode): boolean {
  const around = call.closest('function_definition')
  if (!around) return false
  for (const node of ownCode(around.body)) {
    if (node.start >= call.start) break
    if (node.kind !== 'call') continue
    if (BINDERS.has(nameOf(node))) return true
    if (!/bind|context|log/i.test(nameOf(node))) continue
    const name = calledProjectFunction(context, node)
    const calls = name === null ? null : callsOf(context.project, name)
    if (calls?.calls.some(({ callee, method }) => BINDERS.has(method ?? lastPart(callee ?? '')))) return true
  }
  return false
}

function nameOf({ function: called }: CallNode): string {
  return called?.kind === 'attribute' ? called.attribute.text : called?.kind === 'identifier' ? called.text : ''
}
