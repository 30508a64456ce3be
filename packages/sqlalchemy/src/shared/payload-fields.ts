import type { IdentifierNode, PythonNode, PythonRuleContext, Value } from '@krait/python'
import { classOf, isNoneValue, withoutParentheses } from '@krait/python'

/** A value that may be `None` only because the caller has not given it. */
export interface OptionalInput {
  /** The name of the parameter or field. */
  readonly name: string
  /** The parameter whose field it is; `null` if it is a parameter itself. */
  readonly payload: IdentifierNode | null
  readonly isPydantic: boolean
}

const DATACLASSES: ReadonlySet<string> = new Set(['dataclasses.dataclass', 'pydantic.dataclasses.dataclass'])

/** A parameter with the default `None`, or a field of a Pydantic or dataclass parameter that has it; also by a local name for it. */
export function optionalInput(context: PythonRuleContext, expression: PythonNode): OptionalInput | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'attribute') return optionalField(context, node.object, node.attribute.text)
  if (node.kind !== 'identifier') return null
  const definition = context.scopes.bindingOf(node)?.onlyDefinition
  if (definition?.kind === 'parameter') {
    const parameter = definition.node
    const hasDefault = parameter.kind === 'default_parameter' || parameter.kind === 'typed_default_parameter'
    return hasDefault && parameter.value.kind === 'none' ? { name: node.text, payload: null, isPydantic: false } : null
  }
  const value = definition?.value ? withoutParentheses(definition.value) : null
  return value?.kind === 'attribute' ? optionalField(context, value.object, value.attribute.text) : null
}

function optionalField(context: PythonRuleContext, object: PythonNode, name: string): OptionalInput | null {
  const className = payloadClass(context, object)
  if (className === null || !isOptionalField(context, className, name)) return null
  return { name, payload: object as IdentifierNode, isPydantic: context.project.pydanticModel(className) !== null }
}

/** The class of a parameter that holds what a request has sent; `null` if it is none of Pydantic's and no dataclass. */
export function payloadClass(context: PythonRuleContext, node: PythonNode): string | null {
  if (node.kind !== 'identifier' || context.scopes.bindingOf(node)?.onlyDefinition?.kind !== 'parameter') return null
  const className = classOf(context.typeOf(node))
  if (className === null) return null
  const model = context.project.pydanticModel(className)
  return (model && model.kind !== 'table') || isDataclass(context, className) ? className : null
}

/** Whether a field of such a class may be left out, and is `None` then. */
export function isOptionalField({ project }: PythonRuleContext, className: string, name: string): boolean {
  const model = project.pydanticModel(className)
  if (model) return model.fields.some((field) => field.name === name && !field.isRequired && isNoneValue(field.default))
  const member = project.member(className, name)?.fact
  return member?.kind === 'variable' && isNoneValue(defaultOf(member.value))
}

/** The fields of a Pydantic class that may be left out, and are `None` then. */
export function optionalFields({ project }: PythonRuleContext, className: string): readonly string[] {
  const fields = project.pydanticModel(className)?.fields ?? []
  return fields.filter((field) => !field.isRequired && isNoneValue(field.default)).map(({ name }) => name)
}

function isDataclass({ project }: PythonRuleContext, className: string): boolean {
  const definition = project.definition(className)
  if (definition?.kind !== 'class') return false
  return definition.fact.decorators.some((decorator) => {
    const value = project.value(decorator, definition.path)
    return DATACLASSES.has((value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null) ?? '')
  })
}

/** `field(default=None)` */
function defaultOf(value: Value | undefined): Value | null {
  return value?.kind === 'call' ? (value.keywords['default'] ?? null) : (value ?? null)
}
