import type { CallNode, DictionaryComprehensionNode, ForStatementNode, FunctionFact, PythonNode, PythonRuleContext, Value } from '@krait/python'
import {
  calledProjectFunction,
  classOfExpression,
  itemSettersFact,
  keywordArguments,
  lastPart,
  ownCode,
  positionalArguments,
  withoutParentheses,
} from '@krait/python'
import { payloadClass } from './payload-fields.ts'

/** A call that turns a payload into a dict. */
export interface Dump {
  readonly call: CallNode
  readonly payload: PythonNode
  /** The class of the payload. */
  readonly className: string
  readonly dropsNone: boolean
}

/** Where the dict goes: the model whose columns it sets, by way of a function of the project or not. */
export interface DumpTarget {
  readonly model: string
  /** The name of the function of the project that writes it. */
  readonly by: string | null
}

/** The dump that an expression is, also by a local name; `null` for one that leaves out what was not sent, or with fields that are chosen. */
export function dumpOf(context: PythonRuleContext, expression: PythonNode): Dump | null {
  let call = withoutParentheses(expression)
  if (call.kind === 'identifier') {
    const value = context.scopes.bindingOf(call)?.onlyDefinition?.value
    if (value) call = withoutParentheses(value)
  }
  if (call.kind !== 'call' || call.function.kind !== 'attribute') return null
  const { object, attribute } = call.function
  if (attribute.text !== 'model_dump' && attribute.text !== 'dict') return null
  const given = keywordArguments(call)
  if (given.has('exclude') || given.has('include') || (given.has('exclude_unset') && given.get('exclude_unset')?.kind !== 'false')) return null
  const className = payloadClass(context, object)
  return className === null ? null : { call, payload: object, className, dropsNone: given.get('exclude_none')?.kind === 'true' }
}

/** The dump whose items a comprehension goes through, if it leaves out those that are `None`: `{k: v for k, v in payload.model_dump().items() if v is not None}`. */
export function filteredDump(context: PythonRuleContext, comprehension: DictionaryComprehensionNode): Dump | null {
  const [loop, condition, ...others] = comprehension.namedChildren.filter((child) => child !== comprehension.body && child.kind !== 'comment')
  if (loop?.kind !== 'for_in_clause' || condition?.kind !== 'if_clause' || others.length > 0) return null
  const iterable = loop.namedChildren.find(({ fieldName }) => fieldName === 'right')
  const value = loop.left.namedChildren[1]
  const items = iterable && itemsOf(iterable)
  if (!items || !value || comprehension.body.value.text !== value.text || !isNotNone(condition.namedChildren[0], value.text)) return null
  return dumpOf(context, items)
}

/** `payload.model_dump()` of `payload.model_dump().items()`. */
export function itemsOf(iterable: PythonNode): PythonNode | null {
  const called = iterable.kind === 'call' ? iterable.function : null
  return called?.kind === 'attribute' && called.attribute.text === 'items' ? called.object : null
}

/** `v is not None` */
export function isNotNone(condition: PythonNode | undefined, name: string): boolean {
  const test = condition && withoutParentheses(condition)
  if (test?.kind !== 'comparison_operator' || test.operators[0]?.kind !== 'is not') return false
  return test.namedChildren[0]?.text === name && test.namedChildren[1]?.kind === 'none'
}

/** The call of `setattr` in a loop that gives the items to an object. */
export function attributeSetter(loop: ForStatementNode): CallNode | null {
  const key = loop.left.kind === 'identifier' ? loop.left : loop.left.namedChildren[0]
  for (const node of ownCode(loop.body)) {
    if (node.kind !== 'call' || node.function.text !== 'setattr') continue
    if (positionalArguments(node)[1]?.text === key?.text) return node
  }
  return null
}

/** Where a dict goes that an expression makes, also by way of a local name. */
export function targetsOf(context: PythonRuleContext, expression: PythonNode): readonly DumpTarget[] {
  const found: DumpTarget[] = []
  for (const use of usesOf(context, expression)) {
    const target = targetOf(context, use)
    if (target) found.push(target)
  }
  return found
}

function usesOf({ scopes }: PythonRuleContext, expression: PythonNode): readonly PythonNode[] {
  let node = expression
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  const { parent } = node
  if (parent?.kind !== 'assignment' || parent.right !== node || parent.left.kind !== 'identifier') return [node]
  const binding = scopes.bindingOf(parent.left)
  return binding?.onlyDefinition ? binding.references : []
}

function targetOf(context: PythonRuleContext, use: PythonNode): DumpTarget | null {
  const { parent } = use
  if (parent?.kind === 'attribute' && parent.attribute.text === 'items') {
    const call = parent.parent
    const loop = call?.parent
    return loop?.kind === 'for_statement' && loop.right === call ? setInLoop(context, loop) : null
  }
  if (parent?.kind === 'for_statement' && parent.right === use) return setInLoop(context, parent)
  const isWrapped = parent?.kind === 'dictionary_splat' || parent?.kind === 'keyword_argument'
  const call = (isWrapped ? parent.parent : parent)?.parent
  if (call?.kind !== 'call' || (isWrapped ? parent.parent : parent)?.kind !== 'argument_list') return null
  return directTarget(context, call) ?? targetBehind(context, call, isWrapped ? parent : use)
}

function setInLoop(context: PythonRuleContext, loop: ForStatementNode): DumpTarget | null {
  const setter = attributeSetter(loop)
  const object = setter && positionalArguments(setter)[0]
  const model = object && modelOfInstance(context, object)
  return model ? { model, by: null } : null
}

/** `obj.sqlmodel_update(data)`, `update(M).values(**data)`, `session.query(M).update(data)` */
function directTarget(context: PythonRuleContext, call: CallNode): DumpTarget | null {
  const called = call.function
  if (called.kind !== 'attribute') return null
  const method = called.attribute.text
  if (method === 'sqlmodel_update') {
    const model = modelOfInstance(context, called.object)
    return model ? { model, by: null } : null
  }
  if (method !== 'values' && method !== 'update') return null
  let node: PythonNode = called.object
  while (node.kind === 'call') {
    const inner: PythonNode = node.function
    const last = inner.kind === 'attribute' ? inner.attribute.text : inner.text
    if (last === (method === 'values' ? 'update' : 'query')) {
      const [given] = positionalArguments(node)
      const name = given ? context.resolve(given) : null
      return name !== null && context.project.model(name) ? { model: name, by: null } : null
    }
    if (inner.kind !== 'attribute') return null
    node = inner.object
  }
  return null
}

/** By a function of the project that writes the items of what it is given. */
function targetBehind(context: PythonRuleContext, call: CallNode, given: PythonNode): DumpTarget | null {
  const { project } = context
  const name = calledProjectFunction(context, call)
  const definition = name === null ? null : project.definition(name)
  if (definition?.kind !== 'function') return null
  const key = project.pathInModule(definition.name, definition.path)
  const parameter = parameterOf(definition.fact, call, given)
  for (const setter of project.part(itemSettersFact, definition.path, key) ?? []) {
    if (setter.parameter !== parameter) continue
    const model = setter.model
      ? modelOfValue(context, call, project.value(setter.model, definition.path))
      : setter.object === undefined
        ? heldModel(context, call, 'model')
        : modelOfArgument(context, call, definition.fact, setter.object)
    if (model !== null) return { model, by: lastPart(definition.name) }
  }
  return null
}

function parameterOf({ parameters, method }: FunctionFact, call: CallNode, given: PythonNode): string | null {
  if (given.kind === 'dictionary_splat') return parameters.find(({ kind }) => kind === 'var-keyword')?.name ?? null
  if (given.kind === 'keyword_argument') return given.name.text
  const position = positionalArguments(call).indexOf(given)
  return position < 0 ? null : (parameters[position + offsetOf(method)]?.name ?? null)
}

function offsetOf(method: FunctionFact['method']): number {
  return method === 'instance' || method === 'class' ? 1 : 0
}

function modelOfArgument(context: PythonRuleContext, call: CallNode, { parameters, method }: FunctionFact, name: string): string | null {
  const position = parameters.findIndex((parameter) => parameter.name === name)
  const offset = offsetOf(method)
  const isSelf = offset === 1 && position === 0
  const receiver = call.function.kind === 'attribute' ? call.function.object : undefined
  const argument = isSelf ? receiver : (keywordArguments(call).get(name) ?? positionalArguments(call)[position - offset])
  return argument ? modelOfInstance(context, argument) : null
}

function modelOfValue(context: PythonRuleContext, call: CallNode, value: Value): string | null {
  if (value.kind === 'name') return context.project.model(value.name)?.name ?? null
  return value.kind === 'attribute' && value.object.kind === 'local' ? heldModel(context, call, value.attribute) : null
}

/** The model of a generic repository: a class attribute, or the argument of its base. */
function heldModel(context: PythonRuleContext, call: CallNode, attribute: string): string | null {
  const { project } = context
  const receiver = call.function.kind === 'attribute' ? call.function.object : null
  const type = receiver && context.typeOf(receiver)
  if (type?.kind !== 'instance' && type?.kind !== 'class') return null
  for (const argument of type.args) {
    const model = argument.kind === 'instance' || argument.kind === 'class' ? project.model(argument.class) : null
    if (model) return model.name
  }
  const member = project.member(type.class, attribute)
  const value = member?.fact.kind === 'variable' && member.fact.value ? project.value(member.fact.value, member.path) : null
  const target = member?.fact.kind === 'alias' ? project.resolveName(member.fact.target, member.path) : value?.kind === 'name' ? value.name : null
  const named = target === null ? null : project.model(target)
  if (named) return named.name
  for (const owner of [type.class, ...project.ancestors(type.class).names]) {
    const definition = project.definition(owner)
    for (const base of definition?.kind === 'class' ? definition.fact.bases : []) {
      const written = project.value(base, definition!.path)
      for (const argument of written.kind === 'subscript' ? written.index : []) {
        const model = argument.kind === 'name' ? project.model(argument.name) : null
        if (model) return model.name
      }
    }
  }
  return null
}

/** The model of which an expression is an instance. */
export function modelOfInstance(context: PythonRuleContext, node: PythonNode): string | null {
  const className = classOfExpression(context, node)
  return className === null ? null : (context.project.model(className)?.name ?? null)
}
