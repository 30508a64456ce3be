import type { CallValue, Model, PythonProject, Value } from '@krait/python'
import { isCallOf, partsOf } from '@krait/python'

/** Whether the model or table is bound to another database than the default one: `__bind_key__`, `info={"bind_key": ...}`. */
export function hasBindKey(project: PythonProject, model: Model): boolean {
  return (model.kind === 'class' && !!project.member(model.name, '__bind_key__')) || hasInfo(project, model, 'bind_key') || tableKeyword(project, model, 'bind_key') !== undefined
}

/** Whether the table is marked as a view: `info={"is_view": True}`. */
export function isView(project: PythonProject, model: Model): boolean {
  return hasInfo(project, model, 'is_view')
}

function hasInfo(project: PythonProject, model: Model, key: string): boolean {
  const info = tableKeyword(project, model, 'info')
  const value = info && entryOf(info, key)
  return value !== undefined && !(value.kind === 'literal' && (value.value === false || value.type === 'none'))
}

/** A keyword of `Table(...)`, or an entry of the options in `__table_args__`. */
function tableKeyword(project: PythonProject, model: Model, keyword: string): Value | undefined {
  if (model.kind === 'table') {
    const table = project.valueOf(model.name)
    return table?.kind === 'call' ? table.keywords[keyword] : undefined
  }
  const member = project.member(model.name, '__table_args__')
  const given = member?.fact.kind === 'variable' && member.fact.value ? project.value(member.fact.value, member.path) : undefined
  const options = given?.kind === 'tuple' ? given.items.at(-1) : given
  return options && entryOf(options, keyword)
}

function entryOf(value: Value, key: string): Value | undefined {
  if (isCallOf(value, 'builtins.dict')) return value.keywords[key]
  if (value.kind !== 'dict') return undefined
  return value.entries.find(([name]) => name.kind === 'literal' && name.value === key)?.[1]
}

/** What a column of a model is bound to in the class that holds it; of a Core table, its `Column(...)`. `undefined` if it can not be read. */
export function columnValue(project: PythonProject, model: Model, owner: string, attribute: string, name: string): Value | undefined {
  if (model.kind === 'table') {
    const table = project.valueOf(model.name)
    return table?.kind === 'call' ? table.arguments.find((item) => isColumnNamed(item, name)) : undefined
  }
  const fact = project.member(owner, attribute)
  if (fact?.fact.kind === 'variable' && fact.fact.value) return project.value(fact.fact.value, fact.path)
  return fact?.fact.kind === 'function' && fact.fact.returns.length === 1 ? project.value(fact.fact.returns[0]!, fact.path) : undefined
}

function isColumnNamed(value: Value, name: string): boolean {
  return value.kind === 'call' && value.arguments[0]?.kind === 'literal' && value.arguments[0].value === name
}

/** Whether a value is or holds a call of something with this name, such as `Computed`. */
export function holdsCall(value: Value | undefined, isWanted: (call: CallValue) => boolean): CallValue | null {
  const stack = value ? [value] : []
  for (let part = stack.pop(), steps = 0; part && steps < 500; part = stack.pop(), steps++) {
    if (part.kind === 'call' && isWanted(part)) return part
    stack.push(...partsOf(part))
  }
  return null
}
