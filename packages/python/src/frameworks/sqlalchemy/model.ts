/** What an index can know of a mapped class, as JSON. `null` stands for "not known". */
export interface Model {
  /** The canonical name of the class, and the file that holds it. */
  readonly name: string
  readonly path: string
  /** A mapped class, or a `Table(...)` whose columns are below `.c`. */
  readonly kind: 'class' | 'table'
  /** The table's name in the database, with the schema in front if it is given; `null` if it is computed. */
  readonly table: string | null
  /** All tables that hold its columns: its own, then those of the classes it inherits from. Computed names are left out. */
  readonly tables: readonly string[]
  /** The mapped class that it inherits from, and whether it has a table of its own beside that class's. */
  readonly inherits: ModelInheritance | null
  /** In order: the class's own, then those of mixins and bases. */
  readonly columns: readonly ModelColumn[]
  readonly relationships: readonly ModelRelationship[]
  /** Attributes of queries and instances that are neither: hybrids, synonyms, `column_property`, association proxies, properties, methods, constants. */
  readonly attributes: readonly ModelAttribute[]
  /** The keys that no two rows share. */
  readonly uniqueKeys: readonly UniqueKey[]
  readonly indexes: readonly ModelIndex[]
  /** There may be more keys: the table arguments are computed, or a key is over what could not be read. */
  readonly hasUnknownKeys: boolean
  /** Foreign keys of columns and of `ForeignKeyConstraint`. */
  readonly foreignKeys: readonly ModelForeignKey[]
  /** Every base is known and nothing adds attributes at run time: what is not listed does not exist. */
  readonly closed: boolean
  /** Why it is not closed; sorted. */
  readonly openings: readonly ModelOpening[]
}

/** What can give a model more attributes than are listed. */
export type ModelOpening = 'a base that is not known' | 'a class decorator that is not known' | '__getattr__' | 'setattr with a computed name' | 'columns that are read from the database or computed'

export interface ModelInheritance {
  /** The canonical name of the class. */
  readonly model: string
  readonly kind: 'joined' | 'single'
}

export interface ModelColumn {
  readonly attribute: string
  /** In the database. */
  readonly name: string
  /** The canonical name of the type as written, such as `sqlalchemy.String`, or of the Python type that decides it (`Mapped[int]`). */
  readonly type: string | null
  readonly family: TypeFamily | null
  /** What a `TypeDecorator` of the project stands for in the database, where the type is one. */
  readonly impl?: string
  /** Of a string type with a length; `null` if that is computed. */
  readonly length?: number | null
  /** The dialects for which the type is another one: `JSON().with_variant(JSONB(), "postgresql")`. */
  readonly variants?: readonly string[]
  /** What sees changes inside of the value: `sqlalchemy.ext.mutable.MutableDict`. */
  readonly mutable?: string
  /** It is loaded when it is first read. */
  readonly deferred?: true
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

/** A foreign key over one or several columns. */
export interface ModelForeignKey {
  /** Attributes of the model. */
  readonly columns: readonly string[]
  /** What they refer to, in the same order, as in `ForeignKeyTarget.target`. */
  readonly targets: readonly (string | null)[]
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
  /** By the foreign keys; `null` if they do not tell, or if the condition is written out (`primaryjoin`). */
  readonly direction: 'many-to-one' | 'one-to-many' | 'many-to-many' | null
  /** The columns that the join equates: of this model, and of the target; none for `many-to-many`. `null` if they are not known. */
  readonly pairs: readonly ColumnPair[] | null
  /** The canonical name of the table or model between the two, if it is known. */
  readonly secondary: string | null
  readonly backPopulates: string | null
  readonly lazy: string | null
  readonly hasSecondary: boolean
  readonly viewonly: boolean
  /** What is done along with it, sorted: `merge`, `save-update`; `all` stands as its parts. `null` if it is computed. */
  readonly cascade: readonly string[] | null
  readonly owner: string
  /** It exists because the relationship of this name on the target has a `backref`. */
  readonly fromBackref?: string
}

/** Two columns that a join equates, by attribute. */
export interface ColumnPair {
  readonly local: string
  readonly remote: string
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
  /** Two rows with NULL in the same columns are the same to it: `NULLS NOT DISTINCT`. */
  readonly nullsNotDistinct: boolean
}

export interface ModelIndex {
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly isPartial: boolean
}
