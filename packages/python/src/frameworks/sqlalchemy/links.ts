import { lastPart, withoutLastPart } from '../../shared/dotted-name.ts'
import type { ColumnPair, Model, ModelRelationship } from './model.ts'
import { attributeOf } from './read-keys.ts'
import type { WrittenRelationship } from './read-relationship.ts'
import { isTableOf } from './table-names.ts'

/** What `linksBetween` looks at. */
export type Linked = Pick<Model, 'name' | 'table' | 'tables' | 'inherits' | 'columns' | 'foreignKeys'>

/** The foreign keys from one model to another: for each, the columns that it equates, `local` of the first and `remote` of the second. */
export function linksBetween(from: Linked, to: Linked): readonly (readonly ColumnPair[])[] {
  const links = new Map<string, readonly ColumnPair[]>()
  for (const { columns, targets } of from.foreignKeys) {
    const pairs = columns.flatMap((local, i): ColumnPair[] => {
      const remote = columnOf(targets[i] ?? null, to)
      return remote === null ? [] : [{ local, remote }]
    })
    if (pairs.length === columns.length) links.set(JSON.stringify(pairs), pairs)
  }
  return [...links.values()]
}

/** The attribute that `users.id` or `app.models.User.id` means, if it is one of the model. */
function columnOf(target: string | null, model: Linked): string | null {
  if (target === null) return null
  const owner = withoutLastPart(target)
  const plain = owner.replace(/(\.__table__)?\.(c|columns)$/, '')
  const isOwn = isTableOf(owner, model) || plain === model.name || plain === model.inherits?.model
  return isOwn ? attributeOf(lastPart(target), model.columns) : null
}

/** What a relationship is, given the models at its ends. */
export function linkRelationship(written: WrittenRelationship, from: Linked, to: Linked | null, secondary: string | null): ModelRelationship {
  const { backref: _, condition, foreignKeys, remoteSide, through: __, ...relationship } = written
  if (written.hasSecondary) return { ...relationship, uselist: written.uselist ?? true, direction: 'many-to-many', pairs: null, secondary }
  const unknown = { ...relationship, direction: null, pairs: null, secondary: null }
  if (!to || condition === undefined || foreignKeys === undefined || remoteSide === undefined) return unknown
  const isNamed = (names: readonly string[], column: string, model: Linked): boolean =>
    names.includes(column) || names.includes(nameOfColumn(column, model))
  const isMeant = (pairs: readonly ColumnPair[], local: Linked, remote: Linked): boolean => {
    if (foreignKeys !== null && !pairs.every((pair) => isNamed(foreignKeys, pair.local, local))) return false
    const [pair, ...others] = pairs
    return condition === null || (others.length === 0 && isNamed(condition, pair!.local, local) && isNamed(condition, pair!.remote, remote))
  }
  const outward = linksBetween(from, to).filter((pairs) => isMeant(pairs, from, to))
  const inward = linksBetween(to, from).filter((pairs) => isMeant(pairs, to, from))
  if (from.name === to.name) return toItself(unknown, outward, remoteSide)
  if (outward.length === 1 && inward.length === 0) return toOne(unknown, outward[0]!)
  if (inward.length === 1 && outward.length === 0) return toMany(unknown, inward[0]!)
  return condition && foreignKeys && outward.length + inward.length === 0 ? byCondition(unknown, condition, foreignKeys, from, to) : unknown
}

/** A condition that is written out, between columns without a foreign key: those that `foreign_keys` names play that part. */
function byCondition(unknown: ModelRelationship, condition: readonly [string, string], foreignKeys: readonly string[], from: Linked, to: Linked): ModelRelationship {
  const ways = [condition, [condition[1], condition[0]] as const].flatMap(([local, remote]) => {
    const [here, there] = [columnNamed(local, from), columnNamed(remote, to)]
    return here !== null && there !== null ? [{ local: here, remote: there }] : []
  })
  const isForeign = (column: string, model: Linked): boolean => foreignKeys.includes(column) || foreignKeys.includes(nameOfColumn(column, model))
  const [way] = ways
  if (ways.length !== 1 || !way) return unknown
  const [isOut, isIn] = [isForeign(way.local, from), isForeign(way.remote, to)]
  if (isOut === isIn) return unknown
  return isOut ? toOne(unknown, [way]) : toMany(unknown, [reversed(way)])
}

/** The attribute of a column by its attribute or name. */
function columnNamed(name: string, { columns }: Linked): string | null {
  return columns.find((column) => column.attribute === name || column.name === name)?.attribute ?? null
}

/** A model that refers to itself: `remote_side` names the key for the way up, or the foreign key (which is also the default) for the way down. */
function toItself(unknown: ModelRelationship, links: readonly (readonly ColumnPair[])[], remoteSide: readonly string[] | null): ModelRelationship {
  const [pairs] = links
  if (links.length !== 1 || !pairs) return unknown
  if (remoteSide !== null && pairs.every(({ remote }) => remoteSide.includes(remote))) return toOne(unknown, pairs)
  return remoteSide === null || pairs.every(({ local }) => remoteSide.includes(local)) ? toMany(unknown, pairs) : unknown
}

function toOne(relationship: ModelRelationship, pairs: readonly ColumnPair[]): ModelRelationship {
  return { ...relationship, uselist: relationship.uselist ?? false, direction: 'many-to-one', pairs }
}

/** @param pairs of the other side */
function toMany(relationship: ModelRelationship, pairs: readonly ColumnPair[]): ModelRelationship {
  return { ...relationship, uselist: relationship.uselist ?? true, direction: 'one-to-many', pairs: pairs.map(reversed) }
}

/** The relationship that the `backref` of another one makes on its target. @param from the model that has the other one */
export function backrefOf(relationship: ModelRelationship, from: string, to: string, backref: NonNullable<WrittenRelationship['backref']>): ModelRelationship {
  const { attribute, hasSecondary, uselist, direction, pairs, secondary } = relationship
  const back = direction === 'many-to-one' ? 'one-to-many' : direction === 'one-to-many' ? 'many-to-one' : direction
  return {
    attribute: backref.name,
    target: from,
    // The other side of a collection is one, that of a single object usually many.
    uselist: backref.uselist ?? (hasSecondary ? true : back !== null ? back === 'one-to-many' : uselist === null ? null : !uselist),
    backPopulates: attribute,
    lazy: backref.lazy,
    hasSecondary,
    direction: back,
    pairs: pairs && pairs.map(reversed),
    secondary,
    viewonly: false,
    cascade: backref.cascade,
    owner: to,
    fromBackref: attribute,
  }
}

function nameOfColumn(attribute: string, { columns }: Linked): string {
  return columns.find((column) => column.attribute === attribute)?.name ?? attribute
}

function reversed({ local, remote }: ColumnPair): ColumnPair {
  return { local: remote, remote: local }
}
