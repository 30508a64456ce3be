import type { Definition, Model, PythonNode, PythonRuleContext } from '@krait/python'
import { classOfExpression, isModelClass, withoutParentheses } from '@krait/python'

/** A value that is `None` if the caller did not send it. */
export interface OptionalValue {
  /** The name that is tested and assigned, as written. */
  readonly text: string
  /** The parameter with the model whose field it is; `null` for a parameter of its own. */
  readonly payload: string | null
  readonly isPydantic: boolean
}

/** A parameter with the default `None`, or a field of a Pydantic model or dataclass in a parameter whose default is `None`; also by a local name. */
export function optionalValue(context: PythonRuleContext, expression: PythonNode): OptionalValue | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'attribute') return optionalField(context, node)
  if (node.kind !== 'identifier') return null
  const definition = context.scopes.bindingOf(node)?.onlyDefinition ?? null
  if (definition?.kind === 'parameter') return hasDefaultNone(definition) ? { text: node.text, payload: null, isPydantic: false } : null
  const value = definition?.value && withoutParentheses(definition.value)
  const field = value?.kind === 'attribute' ? optionalField(context, value) : null
  return field && { ...field, text: node.text }
}

function hasDefaultNone({ node }: Definition): boolean {
  return (node.kind === 'default_parameter' || node.kind === 'typed_default_parameter') && node.value.kind === 'none'
}

function optionalField(context: PythonRuleContext, node: PythonNode & { readonly kind: 'attribute' }): OptionalValue | null {
  const { object, attribute } = node
  const fields = fieldsOfPayload(context, object)
  return fields?.optional.has(attribute.text) ? { text: node.text, payload: object.text, isPydantic: fields.isPydantic } : null
}

/** The fields of the model in a parameter that are `None` if they are not sent. */
export function fieldsOfPayload(context: PythonRuleContext, object: PythonNode): { readonly optional: ReadonlySet<string>; readonly isPydantic: boolean } | null {
  if (object.kind !== 'identifier' || context.scopes.bindingOf(object)?.onlyDefinition?.kind !== 'parameter') return null
  const className = classOfExpression(context, object)
  const definition = className === null ? null : context.project.definition(className)
  if (className === null || definition?.kind !== 'class') return null
  const schema = context.project.pydanticModel(className)
  if (schema) {
    const optional = schema.fields.filter(({ default: value, options }) => isNone(value) || isNone(options['default'])).map(({ name }) => name)
    return { optional: new Set(optional), isPydantic: true }
  }
  const isDataclass = definition.fact.decorators.some((decorator) => {
    const value = context.project.value(decorator, definition.path)
    return (value.kind === 'name' ? value.name : value.kind === 'call' ? value.callee : null) === 'dataclasses.dataclass'
  })
  if (!isDataclass) return null
  const optional = Object.entries(definition.fact.members).flatMap(([name, member]) => (member.kind === 'variable' && isNone(member.value) ? [name] : []))
  return { optional: new Set(optional), isPydantic: false }
}

function isNone(value: { readonly kind: string; readonly type?: unknown } | null | undefined): boolean {
  return value?.kind === 'literal' && value.type === 'none'
}

/** The model of which an expression is an instance. */
export function modelOfInstance(context: PythonRuleContext, object: PythonNode): Model | null {
  const className = classOfExpression(context, object)
  return className !== null && isModelClass(context.project, className) ? context.project.model(className) : null
}

/** Whether an attribute is a column that may be NULL. */
export function isNullable({ columns }: Model, attribute: string): boolean {
  return columns.some((column) => column.attribute === attribute && column.nullable === true && !column.primaryKey)
}
