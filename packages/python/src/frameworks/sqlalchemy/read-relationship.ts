import type { PythonProject } from '../../project/python-project.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { ModelRelationship } from './model.ts'
import { mappedType, stringOf, withoutOptional } from './read-column.ts'
import type { WrittenAttribute } from './read-column.ts'

const RELATIONSHIP_FUNCTIONS: readonly string[] = [
  'sqlalchemy.orm.relationship',
  'sqlalchemy.orm.relation',
  'sqlalchemy.orm.dynamic_loader',
  'sqlmodel.Relationship',
]

const COLLECTIONS: ReadonlySet<string> = new Set(
  ['builtins.list', 'builtins.set', 'builtins.dict', 'typing.List', 'typing.Set', 'typing.Dict', 'typing.Sequence', 'collections.abc.Sequence', 'sqlalchemy.orm.collections.InstrumentedList'],
)

/** A relationship with what it makes on its target. */
export interface WrittenRelationship extends ModelRelationship {
  /** `backref="orders"`, or `backref("orders", uselist=False)`. */
  readonly backref: { readonly name: string; readonly uselist: boolean | null } | null
}

/** Finds the class that a name in a mapping means: `relationship("Order")`. */
export type FindModel = (name: string) => string | null

/** Reads a relationship; `null` if the attribute is none. */
export function readRelationship(project: PythonProject, written: WrittenAttribute, findModel: FindModel): WrittenRelationship | null {
  const call = relationshipCall(project, written.value)
  const mapped = mappedType(written.annotation) ?? (call && written.isSqlModel ? written.annotation : undefined)
  const annotated = mapped ? targetOfAnnotation(mapped) : null
  if (!call) return null
  const { keywords } = call
  const named = targetOfArgument(call.arguments[0] ?? keywords['argument'], findModel)
  const backref = keywords['backref']
  return {
    attribute: written.attribute,
    target: named ?? (annotated?.target ? (findModel(annotated.target) ?? annotated.target) : null),
    uselist: booleanOf(keywords['uselist']) ?? annotated?.isCollection ?? null,
    backPopulates: stringOf(keywords['back_populates']),
    lazy: call.callee === 'sqlalchemy.orm.dynamic_loader' ? 'dynamic' : stringOf(keywords['lazy']),
    hasSecondary: 'secondary' in keywords || 'link_model' in keywords,
    viewonly: keywords['viewonly']?.kind === 'literal' && keywords['viewonly'].value === true,
    owner: written.owner,
    backref: backref ? readBackref(backref) : null,
  }
}

function relationshipCall(project: PythonProject, value: Value | undefined): CallValue | null {
  if (isCallOf(value, ...RELATIONSHIP_FUNCTIONS)) return value
  if (value?.kind !== 'call' || value.callee === null || !/\.(relationship|dynamic_loader)$/.test(value.callee)) return null
  // `db.relationship(...)` with `db = SQLAlchemy()` of Flask-SQLAlchemy.
  return isCallOf(project.valueOf(value.callee.slice(0, value.callee.lastIndexOf('.'))), 'flask_sqlalchemy.SQLAlchemy') ? value : null
}

function targetOfArgument(argument: Value | undefined, findModel: FindModel): string | null {
  if (!argument) return null
  const text = stringOf(argument)
  if (text !== null) return findModel(text)
  if (argument.kind === 'name') return findModel(argument.name) ?? argument.name
  return argument.kind === 'lambda' && argument.body.kind === 'name' ? argument.body.name : null
}

function targetOfAnnotation(annotation: Value): { readonly target: string | null; readonly isCollection: boolean } {
  const { type } = withoutOptional(annotation)
  const text = stringOf(type)
  if (text !== null) return { target: text, isCollection: false }
  if (type.kind === 'name') return { target: type.name, isCollection: false }
  if (type.kind !== 'subscript' || type.object.kind !== 'name' || !COLLECTIONS.has(type.object.name)) return { target: null, isCollection: false }
  const held = type.index.at(-1)
  return { target: held?.kind === 'name' ? held.name : stringOf(held), isCollection: true }
}

function readBackref(value: Value): WrittenRelationship['backref'] {
  const name = stringOf(value)
  if (name !== null) return { name, uselist: null }
  if (value.kind !== 'call') return null
  const given = stringOf(value.arguments[0])
  return given === null ? null : { name: given, uselist: booleanOf(value.keywords['uselist']) }
}

function booleanOf(value: Value | undefined): boolean | null {
  return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}
