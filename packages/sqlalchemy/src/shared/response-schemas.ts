import type { CallNode, FunctionDefinitionNode, PydanticModel, PythonNode, PythonProject, PythonRuleContext, Type, Value } from '@krait/python'
import { enclosingFunctionName, keywordArguments, lastPart, membersOf, positionalArguments, withoutLastPart, withoutParentheses } from '@krait/python'

/** Schemas inside schemas are followed so far. */
const MAX_DEPTH = 3

/** A schema that reads the attributes of an object. */
export interface SchemaUse {
  readonly schema: PydanticModel
  /** What it reads: the object, or each element of a list of them. */
  readonly object: PythonNode
  readonly call: CallNode | null
}

/** `Schema.model_validate(x)` and `Schema.from_orm(x)`. */
export function validatedBy(context: PythonRuleContext, call: CallNode): SchemaUse | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' || (called.attribute.text !== 'model_validate' && called.attribute.text !== 'from_orm')) return null
  const [object] = positionalArguments(call)
  const name = context.resolve(called.object)
  const schema = object && name !== null ? context.project.pydanticModel(name) : null
  if (!schema || !object) return null
  const isFlagged = keywordArguments(call).get('from_attributes')?.kind === 'true' || called.attribute.text === 'from_orm'
  return isFlagged || readsAttributes(context.project, schema) ? { schema, object, call } : null
}

/** The names of the fields that `app.schemas.OrderOut.model_validate` and the like read of an object; none for other functions. */
export function fieldsRead(project: PythonProject, functionName: string): readonly string[] {
  const method = lastPart(functionName)
  const schema = method === 'model_validate' || method === 'from_orm' ? project.pydanticModel(withoutLastPart(functionName)) : null
  if (!schema || (method === 'model_validate' && !readsAttributes(project, schema))) return []
  return schema.fields.flatMap(({ name, alias }) => (alias !== null && alias !== name ? [] : name))
}

/** The schema by which FastAPI serialises what a route returns; `null` for other functions. */
export function responseSchema(context: PythonRuleContext, definition: FunctionDefinitionNode): PydanticModel | null {
  const first = definition.body?.namedChildren[0]
  const name = first && enclosingFunctionName(context, first)
  const route = context.project.routes().find(({ handler }) => handler.name === name)
  if (!route || route.style !== 'fastapi') return null
  const value = route.responseModel ?? (route.isOpen ? null : route.handler.returnAnnotation)
  const schema = value && schemaOf(context.project, value)
  return schema && readsAttributes(context.project, schema) ? schema : null
}

/** The class in `list[OrderOut] | None`. */
function schemaOf(project: PythonProject, value: Value): PydanticModel | null {
  let current: Value | undefined = value
  for (let step = 0; current && step < MAX_DEPTH; step++) {
    if (current.kind === 'name') return project.pydanticModel(current.name)
    if (current.kind === 'subscript') current = current.index[0]
    else if (current.kind === 'binary') current = current.left
    else return null
  }
  return null
}

function readsAttributes(project: PythonProject, { name, config }: PydanticModel): boolean {
  return config.fromAttributes ?? project.isSubclassOf(name, ['sqlmodel.SQLModel']) === true
}

/**
 * The first path of attributes that a schema reads of an object and that is of interest: `author.team` where the schema of `author` has a field `team`.
 * @param test for a field: `found` to end, the schema's fields inside (`inside`) to go on with them, or nothing
 */
export function findField(
  project: PythonProject,
  schema: PydanticModel,
  test: (path: string) => 'found' | 'inside' | 'nothing',
): string | null {
  const pending: { readonly model: PydanticModel; readonly prefix: string; readonly depth: number }[] = [{ model: schema, prefix: '', depth: 0 }]
  for (let next = pending.shift(); next; next = pending.shift()) {
    for (const { name, alias, type } of next.model.fields) {
      if (alias !== null && alias !== name) continue
      const path = next.prefix === '' ? name : `${next.prefix}.${name}`
      const answer = test(path)
      if (answer === 'found') return path
      const inner = answer === 'inside' && next.depth < MAX_DEPTH ? schemaOfType(project, type) : null
      if (inner) pending.push({ model: inner, prefix: path, depth: next.depth + 1 })
    }
  }
  return null
}

/** The schema in a type such as `list[Line] | None`. */
function schemaOfType(project: PythonProject, type: Type): PydanticModel | null {
  for (const member of membersOf(type)) {
    if (member.kind !== 'instance') continue
    const own = project.pydanticModel(member.class)
    if (own) return own
    for (const item of member.args) {
      const found = item.kind === 'instance' ? project.pydanticModel(item.class) : null
      if (found) return found
    }
  }
  return null
}
