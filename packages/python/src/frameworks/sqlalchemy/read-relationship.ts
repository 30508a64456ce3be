import { isCallOf, isTrueValue } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { cascadeOf } from './cascade.ts'
import type { ModelRelationship } from './model.ts'
import { lazyOfAnnotation, mappedType, stringOf, withoutOptional } from './read-column.ts'
import type { WrittenAttribute } from './read-column.ts'

const RELATIONSHIP_FUNCTIONS: readonly string[] = [
  'sqlalchemy.orm.relationship',
  'sqlalchemy.orm.relation',
  'sqlalchemy.orm.dynamic_loader',
  'sqlmodel.Relationship',
]

const COLLECTIONS: ReadonlySet<string> = new Set([
  ...['list', 'set', 'dict'].map((name) => `builtins.${name}`),
  ...['List', 'Set', 'Dict', 'Sequence', 'Collection', 'Iterable', 'MutableSequence'].map((name) => `typing.${name}`),
  ...['Sequence', 'Collection', 'Iterable', 'MutableSequence', 'MutableSet', 'Set'].map((name) => `collections.abc.${name}`),
  'sqlalchemy.orm.collections.InstrumentedList',
  'sqlalchemy.orm.AppenderQuery',
  'sqlalchemy.orm.Query',
])

/** A relationship as it is written: what follows from other models is not decided yet. */
export interface WrittenRelationship extends Omit<ModelRelationship, 'direction' | 'pairs' | 'secondary'> {
  /** `backref="orders"`, or `backref("orders", uselist=False)`. */
  readonly backref: { readonly name: string; readonly uselist: boolean | null; readonly lazy: string | null; readonly cascade: readonly string[] | null } | null
  /**
   * The condition, where it is written out: the last parts of the two columns of a plain equality; `undefined` for any other condition, `null` if
   * there is none.
   */
  readonly condition: readonly [string, string] | null | undefined
  /** Names of the columns in `foreign_keys=`, as written; `null` if it is not given, `undefined` if it can not be read. */
  readonly foreignKeys: readonly string[] | null | undefined
  /** The same for `remote_side=`. */
  readonly remoteSide: readonly string[] | null | undefined
  /** `secondary=` by the name of a table, or by the qualified name of a table or model. */
  readonly through: string | null
}

/** Finds the class that a name in a mapping means: `relationship("Order")`. */
export type FindModel = (name: string) => string | null

/** Reads a relationship; `null` if the attribute is none. */
export function readRelationship(written: WrittenAttribute, findModel: FindModel): WrittenRelationship | null {
  const call = isCallOf(written.value, ...RELATIONSHIP_FUNCTIONS) ? written.value : null
  if (!call) return null
  const keywords = { ...sqlModelKeywords(call), ...call.keywords }
  const mapped = mappedType(written.annotation) ?? (written.isSqlModel ? written.annotation : undefined)
  const annotated = mapped ? targetOfAnnotation(mapped) : null
  const named = targetOfArgument(call.callee === 'sqlmodel.Relationship' ? undefined : (call.arguments[0] ?? keywords['argument']), findModel)
  const target = named ?? (annotated?.target ? (findModel(annotated.target) ?? annotated.target) : null)
  const secondary = keywords['secondary'] ?? keywords['link_model'] ?? (call.callee === 'sqlmodel.Relationship' ? undefined : call.arguments[1])
  const viewonly = isTrueValue(keywords['viewonly'])
  return {
    attribute: written.attribute,
    target,
    uselist: booleanOf(keywords['uselist']) ?? annotated?.isCollection ?? null,
    backPopulates: stringOf(keywords['back_populates']),
    lazy: call.callee === 'sqlalchemy.orm.dynamic_loader' ? 'dynamic' : (lazyOfAnnotation(written.annotation) ?? stringOf(keywords['lazy'])),
    hasSecondary: secondary !== undefined,
    viewonly,
    cascade: cascadeOf(keywords, { open: call.open, viewonly }),
    owner: written.owner,
    backref: keywords['backref'] ? readBackref(keywords['backref']) : null,
    condition: call.open || 'secondaryjoin' in keywords ? undefined : conditionIn(keywords['primaryjoin']),
    foreignKeys: columnNames(keywords['foreign_keys']),
    remoteSide: columnNames(keywords['remote_side']),
    through: secondary === undefined ? null : throughOf(secondary),
  }
}

/** `sa_relationship_kwargs={"lazy": "selectin"}`. */
function sqlModelKeywords({ keywords }: CallValue): Readonly<Record<string, Value>> {
  const given = keywords['sa_relationship_kwargs']
  if (given?.kind !== 'dict') return {}
  return Object.fromEntries(given.entries.flatMap(([key, value]) => (stringOf(key) === null ? [] : [[stringOf(key)!, value]])))
}

function targetOfArgument(argument: Value | undefined, findModel: FindModel): string | null {
  if (!argument) return null
  const text = stringOf(argument)
  if (text !== null) return findModel(text)
  if (argument.kind === 'name') return findModel(argument.name) ?? argument.name
  return thunkName(argument)
}

/** The table or model between: its variable, `Link.__table__`, or its name. */
function throughOf(secondary: Value): string | null {
  const name = secondary.kind === 'name' ? secondary.name : thunkName(secondary)
  return name === null ? stringOf(secondary) : name.replace(/\.__table(name)?__$/, '')
}

function thunkName(value: Value): string | null {
  return value.kind === 'lambda' && value.body.kind === 'name' ? value.body.name : null
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
  if (name !== null) return { name, uselist: null, lazy: null, cascade: cascadeOf({}) }
  if (value.kind !== 'call') return null
  const given = stringOf(value.arguments[0] ?? value.keywords['name'])
  if (given === null) return null
  return { name: given, uselist: booleanOf(value.keywords['uselist']), lazy: stringOf(value.keywords['lazy']), cascade: cascadeOf(value.keywords, value) }
}

/** `primaryjoin="Order.user_id == User.id"`, also as an expression or a lambda; marks such as `foreign(...)` are looked through. */
function conditionIn(value: Value | undefined): readonly [string, string] | null | undefined {
  if (!value) return null
  const text = stringOf(value)
  if (text !== null) {
    const match = /^\s*(?:\w+\()?\s*(?:\w+\.)+(\w+)\s*\)?\s*==\s*(?:\w+\()?\s*(?:\w+\.)+(\w+)\s*\)?\s*$/.exec(text)
    return match ? [match[1]!, match[2]!] : undefined
  }
  const condition = value.kind === 'lambda' ? value.body : value
  if (condition.kind !== 'compare' || condition.operators.length !== 1 || condition.operators[0] !== '==') return undefined
  const [left, right] = condition.operands.map((operand) => {
    const marked = isCallOf(operand, 'sqlalchemy.orm.foreign', 'sqlalchemy.orm.remote') ? operand.arguments[0] : operand
    return marked ? attributeIn(marked) : null
  })
  return left && right ? [left, right] : undefined
}

/** The last parts of the columns that `foreign_keys=` or `remote_side=` names: attributes, or strings such as `"[Order.user_id]"`. */
function columnNames(value: Value | undefined): readonly string[] | null | undefined {
  if (!value) return null
  const thunk = value.kind === 'lambda' ? value.body : value
  const items = thunk.kind === 'list' || thunk.kind === 'tuple' || thunk.kind === 'set' ? thunk.items : [thunk]
  const names = items.flatMap((item) => {
    const attribute = attributeIn(item)
    if (attribute !== null) return [attribute]
    return (stringOf(item)?.match(/[\w.]+/g) ?? [undefined]).map((name) => name?.slice(name.lastIndexOf('.') + 1))
  })
  return names.includes(undefined) ? undefined : (names as string[])
}

/** `user_id` in `Order.user_id`, and in `cls.user_id` of a `declared_attr`. */
function attributeIn(value: Value): string | null {
  if (value.kind === 'name') return value.name.slice(value.name.lastIndexOf('.') + 1)
  return value.kind === 'attribute' && value.object.kind === 'local' ? value.attribute : null
}

function booleanOf(value: Value | undefined): boolean | null {
  return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : null
}
