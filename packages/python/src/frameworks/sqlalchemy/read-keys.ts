import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { ModelColumn, ModelForeignKey, ModelIndex, UniqueKey } from './model.ts'
import { stringOf } from './read-column.ts'

/** The keys and indexes of a table. */
export interface TableKeys {
  readonly uniqueKeys: readonly UniqueKey[]
  readonly indexes: readonly ModelIndex[]
  readonly foreignKeys: readonly ModelForeignKey[]
  readonly hasUnknownKeys: boolean
}

/** What stands among the arguments of a table, beside its columns. */
export interface TableArguments {
  readonly items: readonly Value[]
  /** There may be more than could be read. */
  readonly open: boolean
}

const PLAIN = { isPartial: false, isFunctional: false, nullsNotDistinct: false } as const

export const NO_ARGUMENTS: TableArguments = { items: [], open: false }

/**
 * Reads the primary key, the columns' own keys, and the constraints and indexes among table arguments.
 * @param columns those of the table
 * @param allColumns also those of tables that it inherits from
 */
export function readKeys(columns: readonly ModelColumn[], { items, open }: TableArguments, allColumns: readonly ModelColumn[] = columns): TableKeys {
  const uniqueKeys: UniqueKey[] = []
  const indexes: ModelIndex[] = []
  const foreignKeys = columns.flatMap(keysOfColumn)
  let hasUnknownKeys = open
  const explicit = items.find((argument) => isCallOf(argument, 'sqlalchemy.PrimaryKeyConstraint')) as CallValue | undefined
  const marked = columns.filter(({ primaryKey }) => primaryKey).map(({ attribute }) => attribute)
  const primary = explicit ? keyColumns(explicit.arguments, allColumns).names : marked
  if (primary.length > 0) uniqueKeys.push({ ...PLAIN, columns: primary, from: 'primary-key' })
  for (const { attribute, unique, index } of columns) {
    if (unique) uniqueKeys.push({ ...PLAIN, columns: [attribute], from: index ? 'index' : 'column' })
    if (index) indexes.push({ columns: [attribute], unique, isPartial: false })
  }
  for (const argument of items) {
    if (isCallOf(argument, 'sqlalchemy.ForeignKeyConstraint')) foreignKeys.push(...foreignKeyConstraint(argument, allColumns))
    const read = readKey(argument, allColumns)
    if (read?.index) indexes.push(read.index)
    if (read?.key) uniqueKeys.push(read.key)
    hasUnknownKeys ||= read?.isUnknown === true
  }
  return { uniqueKeys, indexes, foreignKeys, hasUnknownKeys }
}

/** The columns with what a `PrimaryKeyConstraint(...)` among the table arguments says of them. */
export function withPrimaryKey(columns: readonly ModelColumn[], { items }: TableArguments): readonly ModelColumn[] {
  const constraint = items.find((argument) => isCallOf(argument, 'sqlalchemy.PrimaryKeyConstraint')) as CallValue | undefined
  if (!constraint) return columns
  const primary = new Set(keyColumns(constraint.arguments, columns).names)
  return columns.map((column) => (primary.has(column.attribute) ? { ...column, primaryKey: true, nullable: false } : column))
}

/** An `Index(...)` or `UniqueConstraint(...)`. */
export interface ReadKey {
  readonly index: ModelIndex | null
  readonly key: UniqueKey | null
  /** It is or may be a unique key, over columns that are not known. */
  readonly isUnknown: boolean
}

/** Reads an `Index(...)` or `UniqueConstraint(...)`; `null` for all else. */
export function readKey(argument: Value, columns: readonly ModelColumn[]): ReadKey | null {
  if (isCallOf(argument, 'sqlalchemy.UniqueConstraint')) {
    const { names, isKnown } = keyColumns(argument.arguments, columns)
    if (!isKnown || argument.open || names.length === 0) return { index: null, key: null, isUnknown: true }
    const key: UniqueKey = { ...PLAIN, columns: names, from: 'constraint', nullsNotDistinct: takesNullsAsEqual(argument) }
    return { index: null, key, isUnknown: false }
  }
  if (!isCallOf(argument, 'sqlalchemy.Index')) return null
  const { names, isFunctional, isKnown } = keyColumns(argument.arguments.slice(1), columns)
  const isPartial = Object.keys(argument.keywords).some((keyword) => keyword.endsWith('_where'))
  const unique = Object.hasOwn(argument.keywords, 'unique') ? argument.keywords['unique']! : null
  const isUnique = unique?.kind === 'literal' && unique.value === true
  const mayBeUnique = argument.open || (unique !== null && unique.kind !== 'literal')
  const isComplete = isKnown && names.length > 0 && !argument.open
  return {
    index: { columns: names, unique: isUnique, isPartial },
    key: isUnique && isComplete ? { columns: names, from: 'index', isPartial, isFunctional, nullsNotDistinct: takesNullsAsEqual(argument) } : null,
    isUnknown: mayBeUnique || (isUnique && !isComplete),
  }
}

function takesNullsAsEqual({ keywords }: CallValue): boolean {
  const value = keywords['postgresql_nulls_not_distinct']
  return value?.kind === 'literal' && value.value === true
}

/** What a key is over. */
interface KeyColumns {
  /** Attributes, without duplicates. */
  readonly names: readonly string[]
  readonly isFunctional: boolean
  /** Each part names a column, or is an expression of columns. */
  readonly isKnown: boolean
}

/** The attributes behind the columns that a constraint names by strings, attributes or expressions. */
function keyColumns(given: readonly Value[], columns: readonly ModelColumn[]): KeyColumns {
  const names = new Set<string>()
  let isFunctional = false
  let isKnown = true
  for (const value of given) {
    const found = partsOf(value, columns)
    if (found.names.length === 0) isKnown = false
    isFunctional ||= found.isFunctional
    for (const name of found.names) names.add(name)
  }
  return { names: [...names], isFunctional, isKnown }
}

interface KeyPart {
  readonly names: readonly string[]
  readonly isFunctional: boolean
}

/** One part of a key: a column, or an expression of columns. */
function partsOf(value: Value, columns: readonly ModelColumn[]): KeyPart {
  const text = stringOf(value)
  if (text !== null) return { names: [attributeOf(text, columns)], isFunctional: false }
  const names: string[] = []
  let isFunctional = false
  const stack: Value[] = [value]
  for (let steps = 0; stack.length > 0 && steps < MAX_PARTS; steps++) {
    const part = stack.pop()!
    switch (part.kind) {
      case 'name':
        names.push(attributeOf(part.name.slice(part.name.lastIndexOf('.') + 1), columns))
        break
      case 'attribute':
        names.push(attributeOf(part.attribute, columns))
        break
      case 'subscript':
        isFunctional = true
        stack.push(part.object)
        break
      case 'binary':
        isFunctional = true
        stack.push(part.right, part.left)
        break
      case 'call':
        if (isCallOf(part, ...TEXTS)) {
          const written = stringOf(part.arguments[0])
          const isColumn = part.callee !== 'sqlalchemy.text' || /^\s*"?\w+"?\s*(?:asc|desc)?\s*$/i.test(written ?? '')
          isFunctional ||= !isColumn
          names.push(...columnsInText(written ?? '', columns, isColumn))
          break
        }
        // `desc(x)` and `x.desc()` order the index; other functions are what it is over.
        isFunctional ||= !isOrdering(part)
        stack.push(...[...part.arguments].reverse(), ...receiverOf(part))
        break
      default:
        break
    }
  }
  return { names, isFunctional }
}

/** `User.email` of `User.email.desc()`. */
function receiverOf({ callee, function: called }: CallValue): readonly Value[] {
  if (called?.kind === 'attribute') return [called.object]
  return callee === null || callee.startsWith('sqlalchemy.') ? [] : [{ kind: 'name', name: callee.slice(0, callee.lastIndexOf('.')) }]
}

/** What stands for a column or an expression by its text. */
const TEXTS: readonly string[] = [...['Column', 'column', 'literal_column', 'text'].map((name) => `sqlalchemy.${name}`), 'sqlalchemy.orm.mapped_column']

/** The columns that an SQL expression mentions: `lower(email)`. */
function columnsInText(text: string, columns: readonly ModelColumn[], isColumn: boolean): string[] {
  const words = text.match(/\w+/g) ?? []
  if (isColumn && words[0] !== undefined) return [attributeOf(words[0], columns)]
  return words.flatMap((word) => columns.find(({ name }) => name === word)?.attribute ?? [])
}

/** Whether a call leaves the column what it is: an order, an operator class. */
function isOrdering({ callee, function: called }: CallValue): boolean {
  const name = callee === null ? (called?.kind === 'attribute' ? called.attribute : '') : callee.slice(callee.lastIndexOf('.') + 1)
  return ['desc', 'asc', 'nulls_first', 'nulls_last', 'nullsfirst', 'nullslast', 'label'].includes(name)
}

/** The attribute behind a column's name in the database. */
export function attributeOf(text: string, columns: readonly ModelColumn[]): string {
  return (columns.find(({ name }) => name === text) ?? columns.find(({ attribute }) => attribute === text))?.attribute ?? text
}

function keysOfColumn({ attribute, foreignKeys }: ModelColumn): ModelForeignKey[] {
  return foreignKeys.map(({ target, onDelete }) => ({ columns: [attribute], targets: [target], onDelete }))
}

function foreignKeyConstraint({ arguments: given, keywords }: CallValue, columns: readonly ModelColumn[]): ModelForeignKey[] {
  const local = given[0] ?? keywords['columns']
  const remote = given[1] ?? keywords['refcolumns']
  if ((local?.kind !== 'list' && local?.kind !== 'tuple') || (remote?.kind !== 'list' && remote?.kind !== 'tuple')) return []
  if (local.open || remote.open || local.items.length !== remote.items.length) return []
  const { names } = keyColumns(local.items, columns)
  if (names.length !== local.items.length) return []
  const targets = remote.items.map((item) => (item.kind === 'name' ? item.name : stringOf(item)))
  return [{ columns: names, targets, onDelete: stringOf(keywords['ondelete']) }]
}

const MAX_PARTS = 50
