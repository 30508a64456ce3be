import type { CallValue, Model, ModelRelationship, PythonProject, Value } from '@krait/python'
import { isCallOf, withSqlalchemyNames } from '@krait/python'

/** A relationship with the call that makes it. */
export interface RelationshipSide {
  readonly model: Model
  readonly relationship: ModelRelationship
  readonly call: CallValue
  /** Those of `sa_relationship_kwargs` and of literal dicts that are unpacked, too. */
  readonly keywords: Readonly<Record<string, Value>>
  /** It may have other keywords. */
  readonly isOpen: boolean
}

const RELATIONSHIPS = ['sqlalchemy.orm.relationship', 'sqlalchemy.orm.relation', 'sqlmodel.Relationship'] as const

export function isRelationshipCall(value: Value | null | undefined): value is CallValue {
  return isCallOf(value, ...RELATIONSHIPS)
}

/** Reads the call behind a relationship of a model, also of one that a mixin has; `null` if it can not be read, as that of a `backref`. */
export function sideOf(project: PythonProject, model: Model, relationship: ModelRelationship): RelationshipSide | null {
  const member = project.member(model.name, relationship.attribute)
  if (relationship.fromBackref !== undefined || !member) return null
  const { fact, path } = member
  const written = fact.kind === 'variable' ? fact.value : fact.kind === 'function' && fact.returns.length === 1 ? fact.returns[0] : undefined
  const call = written && withSqlalchemyNames(project, project.value(written, path))
  return isRelationshipCall(call) ? { model, relationship, call, ...keywordsOf(project, call) } : null
}

function keywordsOf(project: PythonProject, call: CallValue): { readonly keywords: Readonly<Record<string, Value>>; readonly isOpen: boolean } {
  const unpacked = call.arguments.flatMap((argument) => (argument.kind === 'splat' ? [argument.operand] : []))
  const dicts = [...unpacked, ...(call.keywords['sa_relationship_kwargs'] ? [call.keywords['sa_relationship_kwargs']] : [])].map((value) =>
    entriesOf(value.kind === 'name' ? (project.valueOf(value.name) ?? value) : value),
  )
  const isRead = dicts.every((entries) => entries !== null)
  const isExplained = !call.open || (unpacked.length > 0 && isRead)
  return { keywords: Object.assign({}, ...dicts, call.keywords) as Record<string, Value>, isOpen: !isExplained || !isRead }
}

function entriesOf(value: Value): Readonly<Record<string, Value>> | null {
  if (isCallOf(value, 'builtins.dict') && !value.open && value.arguments.length === 0) return value.keywords
  if (value.kind !== 'dict' || value.open) return null
  return Object.fromEntries(value.entries.flatMap(([key, item]) => (key.kind === 'literal' ? [[String(key.value), item]] : [])))
}

/** Whether one of two models is the other, or inherits from it. */
export function isSameModel(project: PythonProject, name: string, other: string): boolean {
  return name === other || project.ancestors(name).names.includes(other) || project.ancestors(other).names.includes(name)
}
