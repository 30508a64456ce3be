import type { PythonNode } from '../../../syntax/node.ts'
import type { Model, ModelColumn, ModelRelationship } from '../model.ts'
import type { Located } from './frames.ts'
import type { CallTerm } from './term.ts'

/** An element of a FROM list: a model, a Core table, an alias of one, or something that is not looked into. */
export interface Source {
  /** Equal for what is the same element: a model, its table and the mapped classes that it inherits from have one key, each alias its own. */
  readonly key: string
  /** `null` for subqueries, common table expressions and the like. */
  readonly model: Model | null
  readonly isAlias: boolean
  /** How the code at hand writes it; `null` for what stands in other files only. */
  readonly text: string | null
}

/** A source whose model is known. */
export type ModelSource = Source & { readonly model: Model }

/** A column of a source. */
export interface ColumnUse {
  readonly source: ModelSource
  readonly column: ModelColumn
}

/** What an expression is in SQL. `node` is its place in the file at hand, `null` if it stands in another one. */
export type SqlExpression = { readonly node: PythonNode | null } & (
  | ({ readonly kind: 'column' } & ColumnUse)
  | { readonly kind: 'relationship'; readonly source: ModelSource; readonly relationship: ModelRelationship; readonly extra: RelationshipExtra }
  /** Another attribute of a model, such as a hybrid: what it is in SQL is not known. */
  | { readonly kind: 'attribute'; readonly source: ModelSource; readonly attribute: string }
  | { readonly kind: 'entity'; readonly source: Source }
  /** Made of other SQL: `func.lower(User.email)`, `User.price * 2`. */
  | ComposedExpression
  /** A SELECT in parentheses that gives one value. */
  | { readonly kind: 'subquery' }
  /** `EXISTS (...)`, also by `any()` and `has()`. */
  | { readonly kind: 'exists' }
  /** A value of Python, which becomes a bound parameter. */
  | { readonly kind: 'value'; readonly isNull: boolean }
  | { readonly kind: 'unknown' }
)

/** `Parent.children.of_type(alias)` and `Parent.children.and_(...)`. */
export interface RelationshipExtra {
  readonly target: Source | null
  readonly conditions: readonly Located[]
}

export interface ComposedExpression {
  readonly kind: 'composed'
  /** The function's name, or the operator. */
  readonly name: string
  /** All columns in it. */
  readonly columns: readonly ColumnUse[]
  /** Those that stand outside of aggregates. */
  readonly bare: readonly ColumnUse[]
  readonly isAggregate: boolean
  /** It stands for one of several values: `any_(array)`. */
  readonly isSet: boolean
}

/** One part of a condition that holds as a whole: a conjunction has several. */
export type Condition = { readonly node: PythonNode | null } & (
  /** The column equals a value. */
  | { readonly kind: 'bound'; readonly column: ColumnUse }
  | { readonly kind: 'equated'; readonly left: ColumnUse; readonly right: ColumnUse }
  /** An expression of the columns equals a value: `func.lower(User.email) == email`. */
  | { readonly kind: 'computed'; readonly columns: readonly ColumnUse[] }
  /** `IS NULL`. */
  | { readonly kind: 'null'; readonly column: ColumnUse }
  /** Known, and binds nothing. */
  | { readonly kind: 'other'; readonly columns: readonly ColumnUse[] }
  | { readonly kind: 'unknown' }
)

/** One expression of a select list. */
export type Selected = SqlExpression

export interface Join {
  readonly source: Source
  /** What it is joined to; `null` if that follows from the condition alone. */
  readonly left: Source | null
  readonly kind: 'inner' | 'left' | 'full'
  readonly conditions: readonly Condition[]
  /** The relationship that it goes along. */
  readonly relationship: ModelRelationship | null
}

/** A call of a generative method, or the call that begins the statement. */
export interface Step {
  readonly name: string
  readonly call: Located<CallTerm>
}

/** A statement on one path through the code that builds it. */
export interface Statement {
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'compound'
  /** A legacy query: `session.query(...)`, `Model.query`, a dynamic relationship. */
  readonly isQuery: boolean
  /** What it selects; of `insert`, `update` and `delete`, what they return. */
  readonly selected: readonly Selected[]
  /** The table of `insert`, `update` and `delete`. */
  readonly target: Source | null
  readonly selectFrom: readonly Source[]
  readonly joins: readonly Join[]
  /** `where`, `filter` and `filter_by`: all hold. */
  readonly conditions: readonly Condition[]
  /** The number of rows; `unknown` if it is computed. */
  readonly limit: number | 'unknown' | null
  readonly isDistinct: boolean
  readonly isGrouped: boolean
  /** In order, with the beginning first. */
  readonly steps: readonly Step[]
  /** Some step, or some part of the FROM list, is not understood. */
  readonly isOpen: boolean
}

/** A statement that is known: one for each path. */
export interface KnownStatement {
  readonly paths: readonly Statement[]
}
