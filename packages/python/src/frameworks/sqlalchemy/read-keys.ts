import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { ModelColumn, ModelIndex, UniqueKey } from './model.ts'
import { stringOf } from './read-column.ts'

/** The keys and indexes of a table. */
export interface TableKeys {
  readonly uniqueKeys: readonly UniqueKey[]
  readonly indexes: readonly ModelIndex[]
}

/** Reads the primary key, the columns' own keys, and the constraints and indexes among table arguments. */
export function readKeys(columns: readonly ModelColumn[], tableArguments: readonly Value[]): TableKeys {
  const uniqueKeys: UniqueKey[] = []
  const indexes: ModelIndex[] = []
  const explicit = tableArguments.find((argument) => isCallOf(argument, 'sqlalchemy.PrimaryKeyConstraint')) as CallValue | undefined
  const primary = explicit ? columnsOf(explicit.arguments, columns).names : columns.filter(({ primaryKey }) => primaryKey).map(({ attribute }) => attribute)
  if (primary.length > 0) uniqueKeys.push({ columns: primary, from: 'primary-key', isPartial: false, isFunctional: false })
  for (const { attribute, unique, index } of columns) {
    if (unique) uniqueKeys.push({ columns: [attribute], from: index ? 'index' : 'column', isPartial: false, isFunctional: false })
    if (index) indexes.push({ columns: [attribute], unique, isPartial: false })
  }
  for (const argument of tableArguments) {
    if (isCallOf(argument, 'sqlalchemy.UniqueConstraint')) {
      const { names } = columnsOf(argument.arguments, columns)
      uniqueKeys.push({ columns: names, from: 'constraint', isPartial: false, isFunctional: false })
    } else if (isCallOf(argument, 'sqlalchemy.Index')) {
      const { names, isFunctional } = columnsOf(argument.arguments.slice(1), columns)
      const isPartial = Object.keys(argument.keywords).some((keyword) => keyword.endsWith('_where'))
      const unique = isTrue(argument.keywords['unique'])
      indexes.push({ columns: names, unique, isPartial })
      if (unique) uniqueKeys.push({ columns: names, from: 'index', isPartial, isFunctional })
    }
  }
  return { uniqueKeys, indexes }
}

/** The constraints and indexes in `__table_args__`: a tuple of them, perhaps with options at its end, or options alone. */
export function tableArgumentsIn(value: Value | undefined): readonly Value[] {
  if (value?.kind === 'tuple' || value?.kind === 'list') return value.items
  return value?.kind === 'call' ? [value] : []
}

/** The attributes behind the columns that a constraint names by strings, attributes or expressions. */
function columnsOf(given: readonly Value[], columns: readonly ModelColumn[]): { readonly names: readonly string[]; readonly isFunctional: boolean } {
  const names: string[] = []
  let isFunctional = false
  for (const value of given) {
    const stack: Value[] = [value]
    let depth = 0
    while (stack.length > 0 && depth++ < MAX_PARTS) {
      const part = stack.pop()!
      const text = part.kind === 'literal' ? stringOf(part) : part.kind === 'name' ? part.name.slice(part.name.lastIndexOf('.') + 1) : null
      if (text !== null) names.push(attributeOf(text, columns))
      else if (part.kind === 'call') {
        // `desc(x)` and `x.desc()` order the index; other functions are what it is over.
        isFunctional ||= !isOrdering(part)
        stack.push(...part.arguments, ...(part.function?.kind === 'attribute' ? [part.function.object] : []))
      } else if (part.kind === 'attribute') names.push(attributeOf(part.attribute, columns))
    }
  }
  return { names, isFunctional }
}

function isOrdering({ callee, function: called }: CallValue): boolean {
  const name = callee === null ? (called?.kind === 'attribute' ? called.attribute : '') : callee.slice(callee.lastIndexOf('.') + 1)
  return ['desc', 'asc', 'nulls_first', 'nulls_last', 'column', 'literal_column'].includes(name)
}

function attributeOf(text: string, columns: readonly ModelColumn[]): string {
  return columns.find(({ name, attribute }) => name === text || attribute === text)?.attribute ?? text
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'literal' && value.value === true
}

const MAX_PARTS = 50
