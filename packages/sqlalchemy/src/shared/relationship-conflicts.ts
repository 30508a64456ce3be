import type { Model, ModelRelationship, PythonProject } from '@krait/python'
import { isViewOnly } from './relationship-checks.ts'
import { placeOfMember } from './member-place.ts'
import { sideOf } from './relationship-side.ts'
import type { RelationshipSide } from './relationship-side.ts'

interface Writer {
  readonly model: Model
  readonly relationship: ModelRelationship
}

/**
 * Another relationship that writes the same foreign key or link table as this one, where neither knows of the other and this one is to be reported: it
 * stands on the model that holds the foreign key, or else behind the other one.
 */
export function conflictOf(project: PythonProject, side: RelationshipSide, target: Model): Writer | null {
  if (!isAlone(side)) return null
  const candidates = [
    ...target.relationships.map((relationship) => ({ model: target, relationship })),
    ...side.model.relationships.map((relationship) => ({ model: side.model, relationship })),
  ]
  return candidates.find((other) => writesTheSame(side, other) && isOtherAlone(project, other) && isLater(project, side, other)) ?? null
}

function isAlone(side: RelationshipSide): boolean {
  const { keywords, isOpen } = side
  return !isOpen && !isViewOnly(side) && !['back_populates', 'backref', 'overlaps', 'primaryjoin', 'secondaryjoin'].some((keyword) => keywords[keyword])
}

function isOtherAlone(project: PythonProject, { model, relationship }: Writer): boolean {
  const side = sideOf(project, model, relationship)
  return side !== null && isAlone(side)
}

function writesTheSame({ model, relationship }: RelationshipSide, other: Writer): boolean {
  const isItself = other.model.name === model.name && other.relationship.attribute === relationship.attribute
  if (isItself || other.relationship.target === null || relationship.target === null) return false
  const isBack = other.model.name === relationship.target && other.relationship.target === model.name
  const isBeside = other.model.name === model.name && other.relationship.target === relationship.target
  if (!isBack && !isBeside) return false
  if (relationship.hasSecondary) return relationship.secondary !== null && relationship.secondary === other.relationship.secondary
  const written = writtenColumns(model, relationship)
  return written !== null && written === writtenColumns(other.model, other.relationship)
}

/** The foreign key that a relationship writes: `app.models.Order: user_id`. */
function writtenColumns({ name }: Model, { direction, pairs, target }: ModelRelationship): string | null {
  if (!pairs || pairs.length === 0) return null
  if (direction === 'many-to-one') return `${name}: ${pairs.map(({ local }) => local).sort().join()}`
  return direction === 'one-to-many' ? `${target}: ${pairs.map(({ remote }) => remote).sort().join()}` : null
}

function isLater(project: PythonProject, { model, relationship }: RelationshipSide, other: Writer): boolean {
  if (!relationship.hasSecondary && relationship.direction !== other.relationship.direction) return relationship.direction === 'many-to-one'
  const [own, their] = [placeOfMember(project, model.name, relationship.attribute), placeOfMember(project, other.model.name, other.relationship.attribute)]
  if (!own || !their) return false
  return own.path === their.path ? own.line > their.line : own.path > their.path
}
