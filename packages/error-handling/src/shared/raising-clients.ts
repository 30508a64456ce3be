import { callsOf, instanceAttributesFact, keywordArguments, lastNameOf, lastPart, withoutParentheses } from '@krait/python'
import type { CallNode, CallValue, HttpRequest, PythonNode, PythonServices, Value } from '@krait/python'

/** Whether a request raises for 4xx and 5xx by itself, as it or its client is configured so; also where that can not be told. */
export function raisesByItself(context: PythonServices, call: CallNode, { client }: HttpRequest): boolean {
  const given = keywordArguments(call)
  const option = given.get('raise_for_status')
  if ((option && context.constantOf(option) !== false) || given.has('hooks')) return true
  if (!client) return false
  if (overridesRequest(context, client.class) || isHooked(context, client.node)) return true
  return constructionsOf(context, client.node).some((made) => isConfigured(context, made))
}

/** A client of the project that sends its requests in a way of its own. */
function overridesRequest({ project }: PythonServices, className: string): boolean {
  return project.ancestors(className).names.some((name) => {
    const definition = project.definition(name)
    if (definition?.kind !== 'class') return false
    return SENDING.some((method) => Object.hasOwn(definition.fact.members, method) && callsOf(project, `${name}.${method}`)?.calls.some((call) => call.method === 'raise_for_status'))
  })
}

const SENDING = ['request', 'send', '_request', 'get', 'post', 'put', 'patch', 'delete']

/** `session.hooks["response"].append(check)`, `client.event_hooks = {...}` */
function isHooked(context: PythonServices, client: PythonNode): boolean {
  const name = lastNameOf(client)
  for (const node of context.scopes.module.node.descendants('attribute')) {
    if (HOOKS.has(node.attribute.text) && lastNameOf(node.object as PythonNode) === name) return true
  }
  return false
}

const HOOKS: ReadonlySet<string> = new Set(['event_hooks', 'hooks'])

/** The calls that make the client, as far as they are found. */
function constructionsOf(context: PythonServices, client: PythonNode): readonly CallValue[] {
  const node = withoutParentheses(client)
  const values: Value[] = [context.values.of(node)]
  if (node.kind === 'identifier') {
    for (const definition of context.scopes.bindingOf(node)?.definitions ?? []) {
      const made = definition.kind === 'with' ? definition.node.namedChildren[0] : definition.value
      if (made) values.push(context.values.of(made))
    }
  } else if (node.kind === 'attribute') values.push(...attributeValues(context, node.attribute.text))
  return values.flatMap((value) => madeBy(context, value))
}

/** What the classes of this file assign to the attribute of that name. */
function attributeValues({ project }: PythonServices, attribute: string): readonly Value[] {
  const classes = project.fact(instanceAttributesFact, project.path) ?? {}
  return Object.values(classes).flatMap((attributes) => {
    const assigned = Object.hasOwn(attributes, attribute) ? attributes[attribute]! : []
    return assigned.flatMap(({ value }) => (value ? [project.value(value)] : []))
  })
}

/** The call itself, and what a project function returns that is called. */
function madeBy({ project }: PythonServices, value: Value): readonly CallValue[] {
  const made = value.kind === 'await' ? value.operand : value
  if (made.kind !== 'call') return []
  const callable = made.callee === null ? null : project.callable(made.callee)
  const returned = callable?.kind === 'function' ? (callable.function?.returns ?? []) : []
  return [made, ...returned.map((result) => project.value(result, callable!.path)).filter((result) => result.kind === 'call')]
}

function isConfigured(context: PythonServices, { keywords }: CallValue): boolean {
  const option = keywords['raise_for_status']
  if (option && context.values.constant(option) !== false) return true
  const hooks = keywords['event_hooks'] && context.values.follow(keywords['event_hooks'])
  if (!hooks) return false
  if (hooks.kind !== 'dict' || hooks.open) return true
  const entry = hooks.entries.find(([key]) => key.kind === 'literal' && key.value === 'response')?.[1]
  if (!entry) return false
  return entry.kind !== 'list' || entry.items.some((hook) => mayRaise(context, hook))
}

/** A project function that never calls `raise_for_status()` is no such hook. */
function mayRaise({ project }: PythonServices, hook: Value): boolean {
  const calls = hook.kind === 'name' ? callsOf(project, hook.name) : null
  return calls === null || calls.calls.some(({ method, callee }) => method === 'raise_for_status' || lastPart(callee ?? '') === 'raise_for_status')
}
