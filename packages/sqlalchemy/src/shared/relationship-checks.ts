import type { Model, ModelRelationship, PythonProject } from '@krait/python'
import { isTableOf, lastPart, linksBetween, withoutLastPart } from '@krait/python'
import { isSameModel, sideOf } from './relationship-side.ts'
import type { RelationshipSide } from './relationship-side.ts'

/** Something wrong with a relationship. `keyword` is where it is said; left out for the relationship as a whole. */
export interface RelationshipProblem {
  readonly messageId: RelationshipMessage
  readonly keyword?: string
  readonly data: Readonly<Record<string, string>>
  /** The relationship on the other side that lacks `back_populates`. */
  readonly partner?: { readonly model: Model; readonly attribute: string }
}

export type RelationshipMessage = 'noMember' | 'noRelationship' | 'otherTarget' | 'oneSided' | 'otherPartner' | 'both' | 'backrefTaken' | 'noPath' | 'severalPaths' | 'unknownName'

/** What is wrong with what a relationship says of its partner: `back_populates` and `backref`. */
export function partnerProblem(project: PythonProject, side: RelationshipSide, target: Model): RelationshipProblem | null {
  const { model, relationship, keywords } = side
  const here = nameOf(model, relationship.attribute)
  const backref = textOf(side, 'backref')
  if (backref !== null && relationship.backPopulates === null) {
    const taken = hasMember(target, backref)
    return taken ? { messageId: 'backrefTaken', keyword: 'backref', data: { here, partner: nameOf(target, backref) } } : null
  }
  const name = relationship.backPopulates ?? textOf(side, 'back_populates')
  if (name === null) return null
  const data = { here, name, partner: nameOf(target, name), target: lastPart(target.name), model: lastPart(model.name), attribute: relationship.attribute }
  if (keywords['backref']) return { messageId: 'both', keyword: 'back_populates', data }
  const partner = target.relationships.find(({ attribute, fromBackref }) => attribute === name && fromBackref === undefined)
  if (!partner) {
    if (target.columns.some(({ attribute }) => attribute === name) || target.attributes.some(({ attribute, kind }) => attribute === name && PLAIN.has(kind))) {
      return { messageId: 'noRelationship', keyword: 'back_populates', data }
    }
    const isAbsent = target.closed && !hasMember(target, name) && !target.relationships.some(({ attribute }) => attribute === name)
    return isAbsent ? { messageId: 'noMember', keyword: 'back_populates', data } : null
  }
  if (partner.target === null) return null
  if (!isSameModel(project, partner.target, model.name)) return { messageId: 'otherTarget', keyword: 'back_populates', data: { ...data, other: lastPart(partner.target) } }
  return answerOf(project, side, target, partner, data)
}

const PLAIN: ReadonlySet<string> = new Set(['hybrid', 'synonym', 'column-property', 'composite', 'property', 'method'])

/** Whether the partner names this side, too. */
function answerOf(project: PythonProject, side: RelationshipSide, target: Model, partner: ModelRelationship, data: Readonly<Record<string, string>>): RelationshipProblem | null {
  const other = sideOf(project, target, partner)
  if (!other || other.isOpen || isViewOnly(side) || isViewOnly(other) || side.keywords['overlaps'] || other.keywords['overlaps']) return null
  if (other.keywords['backref']) return null
  const given = partner.backPopulates ?? textOf(other, 'back_populates')
  if (given === side.relationship.attribute || (given === null && other.keywords['back_populates'])) return null
  if (given === null) return { messageId: 'oneSided', keyword: 'back_populates', data, partner: { model: target, attribute: partner.attribute } }
  return { messageId: 'otherPartner', keyword: 'back_populates', data: { ...data, given } }
}

/** Whether the tables of a relationship are linked by one foreign key, so that SQLAlchemy finds the join. */
export function pathProblem(project: PythonProject, side: RelationshipSide, target: Model): RelationshipProblem | null {
  const { model, relationship, keywords, isOpen } = side
  if (isOpen || JOINS.some((keyword) => keywords[keyword])) return null
  const data = { here: nameOf(model, relationship.attribute), table: model.table ?? '', other: target.table ?? '' }
  if (relationship.hasSecondary) return secondaryProblem(project, side, target, data)
  if (![model, target].every(hasKnownKeys)) return null
  if (model.name !== target.name && isSameModel(project, model.name, target.name)) return null
  const outward = linksBetween(model, target)
  const links = model.name === target.name ? outward : [...outward, ...linksBetween(target, model)]
  if (links.length === 0) return mayBeLinked(model, target) || mayBeLinked(target, model) ? null : { messageId: 'noPath', data }
  return links.length > 1 ? { messageId: 'severalPaths', data } : null
}

const JOINS = ['primaryjoin', 'secondaryjoin', 'foreign_keys'] as const

/** A link table with several foreign keys to one side. */
function secondaryProblem(project: PythonProject, { model, relationship }: RelationshipSide, target: Model, data: Readonly<Record<string, string>>): RelationshipProblem | null {
  const link = relationship.secondary === null ? null : project.model(relationship.secondary)
  if (!link || ![link, model, target].every(hasKnownKeys)) return null
  const doubled = [model, target].find((side) => linksBetween(link, side).length > 1)
  return doubled ? { messageId: 'severalPaths', data: { ...data, table: link.table!, other: doubled.table! } } : null
}

function hasKnownKeys({ closed, table, hasUnknownKeys, foreignKeys }: Model): boolean {
  return closed && table !== null && !hasUnknownKeys && foreignKeys.every(({ targets }) => !targets.includes(null))
}

/** Whether a foreign key names the other table, if not one of its known columns. */
function mayBeLinked(from: Model, to: Model): boolean {
  return from.foreignKeys.some(({ targets }) => targets.some((target) => target !== null && (isTableOf(withoutLastPart(target), to) || target.startsWith(`${to.name}.`))))
}

const TEXT_KEYWORDS = ['foreign_keys', 'remote_side', 'order_by', 'primaryjoin', 'secondaryjoin'] as const

/** Names in the strings of a relationship that mean nothing. */
export function unknownNames(project: PythonProject, side: RelationshipSide): readonly RelationshipProblem[] {
  const here = nameOf(side.model, side.relationship.attribute)
  const isComplete = project.ancestors(side.model.name).complete
  const found = TEXT_KEYWORDS.flatMap((keyword): RelationshipProblem[] => {
    const unknown = textsOf(side, keyword).flatMap(attributesIn).find(({ owner, attribute }) => (isComplete || project.modelsNamed(owner).length > 0) && isUnknown(project, owner, attribute))
    return unknown ? [{ messageId: 'unknownName', keyword, data: { here, keyword, name: `${unknown.owner}.${unknown.attribute}` } }] : []
  })
  const secondary = textOf(side, 'secondary')
  const isPlain = secondary !== null && /^\w+$/.test(secondary)
  if (!isPlain || project.modelsOfTable(secondary).length > 0 || project.modelsNamed(secondary).length > 0) return found
  return [...found, { messageId: 'unknownName', keyword: 'secondary', data: { here, keyword: 'secondary', name: secondary } }]
}

/** `Order.user_id` in `"[Order.user_id]"` and `"foreign(Order.user_id) == User.id"`; what is called, and deeper chains, are left out. */
function attributesIn(text: string): readonly { readonly owner: string; readonly attribute: string }[] {
  const plain = text.replace(/'[^']*'|"[^"]*"/g, ' ')
  return [...plain.matchAll(/(?<![\w.])([A-Z]\w*)\.(\w+)(?![\w.(])/g)].map(([, owner, attribute]) => ({ owner: owner!, attribute: attribute! }))
}

function isUnknown(project: PythonProject, owner: string, attribute: string): boolean {
  const models = project.modelsNamed(owner)
  return models.every((model) => model.closed && !hasMember(model, attribute) && !model.relationships.some((other) => other.attribute === attribute))
}

function hasMember({ columns, attributes, relationships }: Model, name: string): boolean {
  const isOwn = ({ attribute }: { readonly attribute: string }): boolean => attribute === name
  return columns.some(isOwn) || attributes.some(isOwn) || relationships.some((other) => other.attribute === name && other.fromBackref === undefined)
}

export function isViewOnly({ keywords, relationship }: RelationshipSide): boolean {
  const viewonly = keywords['viewonly']
  return relationship.viewonly || (viewonly !== undefined && !(viewonly.kind === 'literal' && viewonly.value === false))
}

function textOf(side: RelationshipSide, keyword: string): string | null {
  const value = side.keywords[keyword]
  if (value?.kind === 'literal' && value.type === 'string') return String(value.value)
  const [first] = value?.kind === 'call' && keyword === 'backref' ? value.arguments : []
  return first?.kind === 'literal' && first.type === 'string' ? String(first.value) : null
}

function textsOf({ keywords }: RelationshipSide, keyword: string): readonly string[] {
  const value = keywords[keyword]
  const items = value?.kind === 'list' || value?.kind === 'tuple' ? value.items : value ? [value] : []
  return items.flatMap((item) => (item.kind === 'literal' && item.type === 'string' ? [String(item.value)] : []))
}

export function nameOf({ name }: Model, attribute: string): string {
  return `${lastPart(name)}.${attribute}`
}
