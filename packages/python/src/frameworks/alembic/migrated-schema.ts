import type { ForeignKeyTarget, TypeFamily } from '../sqlalchemy/model.ts'

/** A history of migrations: those of one folder, joined with other folders where one continues what the other begins. JSON. */
export interface MigrationGroup {
  /** The first of its folders. */
  readonly id: string
  readonly folders: readonly string[]
  /** In the order in which they run. */
  readonly migrations: readonly MigrationPlace[]
  /** Revisions that no other one follows, sorted. */
  readonly heads: readonly string[]
  /** Revisions that follow none, sorted. */
  readonly bases: readonly string[]
  /** The tables that there are at the heads, sorted. */
  readonly tables: readonly string[]
  /** The tables that a migration drops and none creates again. */
  readonly droppedTables: readonly DroppedTable[]
  /** Something is done to tables that are not known: each of them may be different, and there may be others. */
  readonly isOpaque: boolean
  /** What makes it so, in the order of the migrations. */
  readonly unread: readonly UnreadOperation[]
}

/** Something that a migration does and that is not followed. */
export interface UnreadOperation {
  readonly path: string
  readonly reason: UnreadReason
}

export type UnreadReason =
  | 'under a condition'
  | 'in a helper of another module'
  | 'by create_all'
  | 'in SQL that is not understood'
  | 'on a computed table'
  | 'on a computed column'
  | 'with computed arguments'
  | 'on a column that no migration adds'
  | 'on a table that no migration creates'

/** A migration in its history. */
export interface MigrationPlace {
  readonly path: string
  /** `null` if it is computed. */
  readonly revision: string | null
  /** What it follows; several for a merge. */
  readonly downRevisions: readonly string[]
  /** `down_revision` says more than could be read. */
  readonly hasUnknownDownRevisions: boolean
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
}

export interface DroppedTable {
  readonly name: string
  /** The migration that drops it. */
  readonly path: string
}

/** A table as the migrations of a group leave it. `null` stands for "not known". */
export interface MigratedTable {
  /** With the schema in front, if it is given. */
  readonly name: string
  /** The migration that creates it; `null` if none does, so that it comes from somewhere else. */
  readonly createdIn: string | null
  readonly columns: readonly MigratedColumn[]
  readonly primaryKey: readonly string[]
  readonly uniqueConstraints: readonly MigratedConstraint[]
  readonly indexes: readonly MigratedIndex[]
  readonly foreignKeys: readonly MigratedForeignKey[]
  /** Columns that a migration drops and none adds again. */
  readonly droppedColumns: readonly DroppedColumn[]
  /** Something is done to it that is not understood, or only under some condition: it may have other columns. */
  readonly isOpaque: boolean
  /** What makes it so. */
  readonly unread?: UnreadOperation
}

export interface MigratedColumn {
  readonly name: string
  /** The canonical name of the type, such as `sqlalchemy.String`; in SQL the word itself, such as `varchar`. */
  readonly type: string | null
  readonly family: TypeFamily | null
  /** `50` of `String(50)`. */
  readonly length: number | null
  readonly nullable: boolean | null
  readonly hasServerDefault: boolean | null
  /** The migration that adds it. */
  readonly addedIn: string
}

export interface MigratedConstraint {
  /** `null` if a naming convention or the database gives the name. */
  readonly name: string | null
  readonly columns: readonly string[]
}

export interface MigratedIndex extends MigratedConstraint {
  readonly unique: boolean
  readonly isPartial: boolean
  /** It is over expressions, which are not among `columns`. */
  readonly isFunctional: boolean
}

export interface MigratedForeignKey extends MigratedConstraint {
  /** `users.id`, in the order of `columns`. */
  readonly targets: readonly ForeignKeyTarget['target'][]
  readonly onDelete: string | null
}

export interface DroppedColumn {
  readonly name: string
  readonly path: string
}
