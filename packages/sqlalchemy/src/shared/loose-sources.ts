import type { ColumnUse, Condition, Join, ModelColumn, Selected, Source, Statement } from '@krait/python'
import { fromListOf, sourcesOf } from '@krait/python'

/** An element of a FROM list of which a statement can give several rows. */
export interface LooseSource {
  readonly source: Source & { readonly model: NonNullable<Source['model']> }
  /** The columns of it that have one value in all rows that the statement gives. */
  readonly columns: readonly ModelColumn[]
  /** It is not selected, and repeats the row of what is. */
  readonly isOnlyJoined: boolean
}

/**
 * What can make a SELECT give several rows: an element of its FROM list none of whose unique keys is bound to values, or equated with columns of
 * elements that are. `null` if there is none, and if some part of the statement is not known, since that may bind a key.
 * @param isUnique whether equal rows of the result are taken together
 */
export function looseSourceOf(statement: Statement, isUnique: boolean): LooseSource | null {
  const { kind, isOpen, limit, isGrouped, selected, joins, conditions } = statement
  if (kind !== 'select' || isOpen || isGrouped || limit === 1 || limit === 'unknown' || givesOneRow(selected)) return null
  if (selected.some(isUnread) || conditions.some(isUnknown)) return null
  if (joins.some((join) => join.kind === 'full' || join.conditions.some(isUnknown))) return null
  const sources = fromListOf(statement)
  if (!sources.every(hasKnownKeys)) return null
  const bindings = new Bindings(sources, statement)
  const loose = sources.filter((source) => !bindings.isFixed(source))
  const own = new Set(sourcesOf(selected).map(({ key }) => key))
  const first = loose.find(({ key }) => own.has(key)) ?? loose[0]
  if (!first) return null
  const isOnlyJoined = !loose.some(({ key }) => own.has(key))
  const collapses = isUnique || statement.isDistinct || (statement.isQuery && selected.every((expression) => expression.kind === 'entity'))
  if (isOnlyJoined && collapses) return null
  return { source: first as LooseSource['source'], columns: bindings.columnsOf(first), isOnlyJoined }
}

/** A select list of aggregates or `EXISTS` alone. */
function givesOneRow(selected: readonly Selected[]): boolean {
  const isSingle = (expression: Selected): boolean =>
    expression.kind === 'exists' || (expression.kind === 'composed' && expression.isAggregate && expression.bare.length === 0)
  const isConstant = (expression: Selected): boolean =>
    expression.kind === 'value' || (expression.kind === 'composed' && expression.columns.length === 0)
  return selected.some(isSingle) && selected.every((expression) => isSingle(expression) || isConstant(expression))
}

function isUnread({ kind }: Selected): boolean {
  return kind === 'unknown' || kind === 'attribute' || kind === 'relationship'
}

function isUnknown({ kind }: Condition): boolean {
  return kind === 'unknown'
}

function hasKnownKeys({ model }: Source): boolean {
  if (!model || model.columns.length === 0 || model.hasUnknownKeys) return false
  // A mapped class has a primary key: where none is seen, it comes from somewhere unknown.
  return model.uniqueKeys.length > 0 || (model.kind === 'table' && model.closed)
}

/** Two columns that are equal in each row. */
interface Equality {
  readonly one: ColumnUse
  readonly other: ColumnUse
  /** The condition of an outer join says something of what is joined only. */
  readonly onlyFor: string | null
}

/** Which columns of a statement have one value, and which elements one row. */
class Bindings {
  readonly #known = new Set<string>()
  /** Columns that are NULL in all rows. */
  readonly #null = new Set<string>()
  /** Columns of which an expression has one value. */
  readonly #computed = new Set<string>()
  readonly #fixed = new Set<string>()
  readonly #equalities: Equality[] = []
  readonly #joins: readonly Join[]
  readonly #sources: readonly Source[]

  constructor(sources: readonly Source[], { conditions, joins }: Statement) {
    this.#sources = sources
    this.#joins = joins
    for (const condition of conditions) this.#add(condition, null)
    for (const join of joins) for (const condition of join.conditions) this.#add(condition, join.kind === 'left' ? join.source.key : null)
    while (this.#spread());
  }

  isFixed({ key }: Source): boolean {
    return this.#fixed.has(key)
  }

  columnsOf(source: Source): readonly ModelColumn[] {
    return (source.model?.columns ?? []).filter(({ attribute }) => this.#known.has(keyOf(source, attribute)))
  }

  #add(condition: Condition, onlyFor: string | null): void {
    if (condition.kind === 'equated') this.#equalities.push({ one: condition.left, other: condition.right, onlyFor })
    else if (condition.kind === 'bound') this.#bind(condition.column, onlyFor)
    else if (condition.kind === 'null') this.#bind(condition.column, onlyFor, this.#null)
    else if (condition.kind === 'computed') for (const column of condition.columns) this.#bind(column, onlyFor, this.#computed)
  }

  #bind({ source, column }: ColumnUse, onlyFor: string | null, columns = this.#known): boolean {
    if (onlyFor !== null && source.key !== onlyFor) return false
    const key = keyOf(source, column.attribute)
    if (columns.has(key)) return false
    columns.add(key)
    return true
  }

  /** Follows equalities and unique keys one step; says whether anything is new. */
  #spread(): boolean {
    let isNew = false
    for (const { one, other, onlyFor } of this.#equalities) {
      if (this.#hasOneValue(one)) isNew = this.#bind(other, onlyFor) || isNew
      if (this.#hasOneValue(other)) isNew = this.#bind(one, onlyFor) || isNew
    }
    for (const source of this.#sources) {
      if (this.#fixed.has(source.key) || !this.#isKeyBound(source)) continue
      this.#fixed.add(source.key)
      isNew = true
    }
    return isNew
  }

  #hasOneValue({ source, column }: ColumnUse): boolean {
    return this.#fixed.has(source.key) || this.#known.has(keyOf(source, column.attribute))
  }

  #isKeyBound(source: Source): boolean {
    const isBound = source.model?.uniqueKeys.some(({ columns, nullsNotDistinct }) =>
      columns.every((attribute) => {
        const key = keyOf(source, attribute)
        // What an expression of a column equals may be what a unique index is over.
        return this.#known.has(key) || this.#computed.has(key) || (nullsNotDistinct && this.#null.has(key))
      }),
    )
    if (isBound) return true
    return this.#joins.some((join) => join.source.key === source.key && isOneToOne(join) && join.left !== null && this.#fixed.has(join.left.key))
  }
}

/** The model says that the other side has one row at most. */
function isOneToOne({ relationship }: Join): boolean {
  return relationship?.uselist === false && !relationship.hasSecondary
}

function keyOf({ key }: Source, attribute: string): string {
  return `${key} ${attribute}`
}
