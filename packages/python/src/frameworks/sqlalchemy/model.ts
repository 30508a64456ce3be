/** What an index can know of a mapped class, as JSON. `null` stands for "not known". */
export interface Model {
  /** The canonical name of the class, and the file that holds it. */
  readonly name: string
  readonly path: string
  /** The table's name in the database, with the schema in front if it is given; `null` if it is computed. */
  readonly table: string | null
  /** In order: the class's own, then those of mixins and bases. */
  readonly columns: readonly ModelColumn[]
  readonly relationships: readonly ModelRelationship[]
  /** Attributes of queries and instances that are neither: hybrids, synonyms, `column_property`, association proxies, properties, methods, constants. */
  readonly attributes: readonly ModelAttribute[]
  /** The keys that no two rows share. */
  readonly uniqueKeys: readonly UniqueKey[]
  readonly indexes: readonly ModelIndex[]
  /** Every base is known and nothing adds attributes at run time: what is not listed does not exist. */
  readonly closed: boolean
}

export interface ModelColumn {
  readonly attribute: string
  /** In the database. */
  readonly name: string
  /** The canonical name of the type as written, such as `sqlalchemy.String`, or of the Python type that decides it (`Mapped[int]`). */
  readonly type: string | null
  readonly family: TypeFamily | null
  readonly nullable: boolean | null
  readonly primaryKey: boolean
  readonly unique: boolean
  readonly index: boolean
  /** A value on the side of Python, or of the database. */
  readonly hasDefault: boolean
  readonly hasServerDefault: boolean
  /** What `ForeignKey` names: `users.id`, or `app.models.User.id`. */
  readonly foreignKeys: readonly ForeignKeyTarget[]
  /** The class in whose body it stands. */
  readonly owner: string
}

export interface ForeignKeyTarget {
  /** `table.column`, or the qualified name of an attribute; `null` if it is computed. */
  readonly target: string | null
  readonly onDelete: string | null
}

export type TypeFamily =
  | 'string'
  | 'integer'
  | 'numeric'
  | 'float'
  | 'boolean'
  | 'datetime'
  | 'date'
  | 'time'
  | 'interval'
  | 'json'
  | 'uuid'
  | 'binary'
  | 'enum'
  | 'array'
  | 'other'

export interface ModelRelationship {
  readonly attribute: string
  /** The canonical name of the model it leads to. */
  readonly target: string | null
  /** Whether it holds many; `null` if neither the annotation nor the keys tell. */
  readonly uselist: boolean | null
  readonly backPopulates: string | null
  readonly lazy: string | null
  readonly hasSecondary: boolean
  readonly viewonly: boolean
  readonly owner: string
  /** It exists because the relationship of this name on the target has a `backref`. */
  readonly fromBackref?: string
}

export interface ModelAttribute {
  readonly attribute: string
  readonly kind: 'hybrid' | 'synonym' | 'column-property' | 'association-proxy' | 'composite' | 'property' | 'method' | 'class-attribute' | 'unknown'
  readonly owner: string
}

export interface UniqueKey {
  /** Attributes of the model where one is known for the column, else the column's name. */
  readonly columns: readonly string[]
  readonly from: 'primary-key' | 'column' | 'constraint' | 'index' | 'migration'
  /** Only over some rows. */
  readonly isPartial: boolean
  /** It is over expressions of these columns, such as `func.lower(email)`. */
  readonly isFunctional: boolean
}

export interface ModelIndex {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly isPartial: boolean
}
