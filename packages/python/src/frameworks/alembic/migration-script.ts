import type { FlatTree } from '@krait/core'
import type { CallNode } from '../../generated/nodes.ts'
import { semanticsOf } from '../../file-semantics.ts'
import type { PythonProject } from '../../project/python-project.ts'
import type { PythonServices } from '../../services.ts'
import type { DataUse } from './data-effect.ts'
import { readMigration } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import { dataUseOf } from './operation-data.ts'
import { OperationReader, roundsOf } from './operation-reader.ts'
import { migrationFact, placedOperations } from './operations-fact.ts'
import { sqlIn } from './executed-sql.ts'
import { tableOfOperation } from './replay-schema.ts'
import { schemaStatementsIn } from './sql-schema.ts'
import type { SchemaStatement } from './sql-schema.ts'

/** One operation that a migration performs. */
export interface ScriptOperation {
  /** Its name and arguments. */
  readonly reader: OperationReader
  readonly call: CallNode
  /** The table that it is about; `null` if it is not known, or if the operation is about none. */
  readonly table: string | null
  /** It is not performed in any case, or in a loop over what is not known. */
  readonly isConditional: boolean
  /** The text of an `execute`, with gaps (see `SQL_GAP`); `null` for other operations and other statements. */
  readonly sql: string | null
  /** What that text does to tables. */
  readonly statements: readonly SchemaStatement[]
  /** What it does with rows. */
  readonly data: DataUse
}

/** What `MigrationScript.of` needs; a rule's context has it. */
interface ScriptContext extends Pick<PythonServices, 'project'> {
  readonly path: string
  readonly sourceCode: { readonly text: string; readonly tree: FlatTree }
}

/** A migration as a rule on its file sees it: the operations in the order in which they are performed, once for each round of known loops. */
export class MigrationScript {
  readonly migration: Migration
  readonly #tree: FlatTree
  readonly #operations = new Map<string, readonly ScriptOperation[]>()

  /** @returns `null` for a file that is no migration */
  static of(context: ScriptContext): MigrationScript | null {
    // Spares most files the collection.
    if (!context.sourceCode.text.includes('down_revision')) return null
    const { project, path, sourceCode } = context
    const known = scripts.get(project)
    if (known && known.#tree === sourceCode.tree) return known
    const fact = project.fact(migrationFact, path)
    if (!fact) return null
    const script = new MigrationScript(readMigration(project, path, fact), sourceCode.tree)
    scripts.set(project, script)
    return script
  }

  private constructor(migration: Migration, tree: FlatTree) {
    this.migration = migration
    this.#tree = tree
  }

  get upgrade(): readonly ScriptOperation[] {
    return this.#operationsOf('upgrade')
  }

  get downgrade(): readonly ScriptOperation[] {
    return this.#operationsOf('downgrade')
  }

  #operationsOf(name: 'upgrade' | 'downgrade'): readonly ScriptOperation[] {
    let operations = this.#operations.get(name)
    if (!operations) this.#operations.set(name, (operations = this.#read(name)))
    return operations
  }

  #read(name: 'upgrade' | 'downgrade'): readonly ScriptOperation[] {
    return placedOperations(semanticsOf(this.#tree), name).flatMap(({ operation, call }) => {
      const { rounds, isKnown } = roundsOf(operation, this.migration)
      const node = this.#tree.node(call) as unknown as CallNode
      return rounds.map((round): ScriptOperation => {
        const reader = new OperationReader(round, this.migration)
        const sql = this.#sqlOf(reader)
        const isConditional = operation.conditional === true || !isKnown
        const statements = sql === null ? [] : schemaStatementsIn(sql)
        return { reader, call: node, table: tableOfOperation(reader) ?? null, isConditional, sql, statements, data: dataUseOf(reader, this.migration) }
      })
    })
  }

  #sqlOf(reader: OperationReader): string | null {
    const [given] = reader.name === 'execute' ? reader.call.arguments : []
    return given ? sqlIn(reader.follow(given), this.migration) : null
  }
}

/** The rules that look at a file share its script. */
const scripts = new WeakMap<PythonProject, MigrationScript>()
