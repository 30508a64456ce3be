import type { CallNode, ClassDefinitionNode, Model, PythonNode } from '@krait/python'
import { defineRule, isTableOf, isTestFile, keywordArgument, lastPart, matchesGlobs, MigrationScript, projectDialect } from '@krait/python'
import { libraryName } from '../shared/library-name.ts'
import { attributeStatement, columnNode, modelOfAssignment, modelOfClass } from '../shared/mapped-models.ts'
import type { MappedModel } from '../shared/mapped-models.ts'

export interface IndexForeignKeyOptions {
  /** Columns that are left alone, as globs of `table.column`. */
  readonly ignore: readonly string[]
  /** Tables with fewer columns are left alone. */
  readonly minColumns: number
}

const defaultOptions: readonly [IndexForeignKeyOptions] = [{ ignore: [], minColumns: 0 }]

export const indexForeignKey = defineRule({
  name: 'index-foreign-key',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require an index on foreign keys',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unindexed: 'Foreign key `{{column}}` has no index; add `index=True`.',
      addIndex: 'Add `index=True` (needs a migration)',
    },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' } }, minColumns: { type: 'integer', minimum: 0 } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ ignore, minColumns }]) {
    if (isTestFile(context) || MigrationScript.of(context)) return {}
    const { project } = context
    let isMysql: boolean | undefined

    return {
      class_definition(node) {
        const mapped = modelOfClass(context, node)
        if (mapped) checkModel(mapped)
        else if (mayHaveForeignKeys(node)) checkBase(node)
      },
      assignment(node) {
        const mapped = modelOfAssignment(context, node)
        if (mapped) checkModel(mapped)
      },
    }

    function checkModel(mapped: MappedModel): void {
      const { model } = mapped
      for (const attribute of unindexed(model)) {
        const column = model.columns.find((other) => other.attribute === attribute)!
        if (model.kind === 'class' && column.owner !== model.name) continue
        report(columnNode(mapped, attribute, column.name), `${tableOf(model)}.${column.name}`)
      }
    }

    /** A mixin or abstract class: its column is reported there if no model that has it indexes it. */
    function checkBase(node: ClassDefinitionNode): void {
      const name = context.resolve(node)
      const models = name === null ? [] : project.subclasses(name).flatMap((subclass) => project.model(subclass.name) ?? [])
      const lacking = models.map((model) => new Set(unindexed(model)))
      for (const column of models[0]?.columns ?? []) {
        if (column.owner !== name || column.foreignKeys.length === 0 || !lacking.every((names) => names.has(column.attribute))) continue
        const statement = attributeStatement(node, column.attribute)
        if (statement) report(statement, `${lastPart(name)}.${column.name}`)
      }
    }

    /** The attributes of foreign keys over one column that lead no index. */
    function unindexed(model: Model): readonly string[] {
      isMysql ??= projectDialect(context) === 'mysql'
      if (isMysql || model.hasUnknownKeys || model.columns.length < minColumns) return []
      const keys = new Set(model.foreignKeys.flatMap(({ columns }) => (columns.length === 1 ? columns : [])))
      return [...keys].filter((attribute) => {
        const column = model.columns.find((other) => other.attribute === attribute)
        return column && !column.index && !column.unique && !isLeading(model, attribute, column.name) && !matchesGlobs(`${tableOf(model)}.${column.name}`, ignore)
      })
    }

    function isLeading(model: Model, attribute: string, name: string): boolean {
      const isFirst = ({ columns: [first] }: { readonly columns: readonly string[] }): boolean => first === attribute || first === name
      if (model.uniqueKeys.some(isFirst) || model.indexes.some(isFirst)) return true
      return project.migrationGroups().some(({ id, tables }) =>
        tables.some((table) => {
          const migrated = isTableOf(table, model) ? project.migratedTable(id, table) : null
          return migrated !== null && (migrated.indexes.some(isFirst) || migrated.uniqueConstraints.some(isFirst) || migrated.primaryKey[0] === name)
        }),
      )
    }

    function report(node: PythonNode, column: string): void {
      const call = columnCall(node)
      const last = call?.arguments.children.at(-1)
      const isEmpty = call?.arguments.namedChildren.length === 0
      const canAdd = call && last && !keywordArgument(call, 'index') && !endsInComma(call)
      context.report({
        node,
        messageId: 'unindexed',
        data: { column },
        suggest: [canAdd && { messageId: 'addIndex', fix: (fixer) => fixer.insertTextBefore(last, isEmpty ? 'index=True' : ', index=True') }],
      })
    }

    /** `mapped_column(...)`, `Column(...)` or `Field(...)`. */
    function columnCall(node: PythonNode): CallNode | null {
      const value = node.kind === 'assignment' ? node.right : node
      if (value?.kind !== 'call') return null
      const name = libraryName(context, value.function)
      return name !== null && COLUMNS.has(lastPart(name)) ? value : null
    }
  },
})

const COLUMNS: ReadonlySet<string> = new Set(['Column', 'mapped_column', 'Field'])

function mayHaveForeignKeys({ body }: ClassDefinitionNode): boolean {
  return /foreign_?key/i.test(body.text)
}

function tableOf(model: Model): string {
  return model.table ?? lastPart(model.name)
}

function endsInComma({ arguments: list }: CallNode): boolean {
  const before = list.children.at(-2)
  return before?.kind === ',' || before?.kind === 'comment'
}
