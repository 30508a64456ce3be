import { defineRule, isTestFile, lastPart, matchesGlobs, MigrationScript } from '@krait/python'
import { changedLineIn } from '../shared/changed-line.ts'
import { SchemaComparison } from '../shared/drift.ts'
import type { Drift } from '../shared/drift.ts'
import { columnNode, headOf, modelOfAssignment, modelOfClass } from '../shared/mapped-models.ts'
import type { MappedModel } from '../shared/mapped-models.ts'

export interface SchemaDriftOptions {
  /** Also compare types and the lengths of strings. */
  readonly types: boolean
  /** Tables that are left alone, as globs. */
  readonly ignore: readonly string[]
}

const defaultOptions: readonly [SchemaDriftOptions] = [{ types: false, ignore: ['alembic_version'] }]

export const schemaDrift = defineRule({
  name: 'schema-drift',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require models and migrations to describe the same schema',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      noTable: '`{{table}}` is mapped here, but no migration creates it. Run `alembic revision --autogenerate`.',
      noColumn: '`{{column}}` is mapped here, but no migration adds it (table `{{table}}` comes from `{{file}}`). Run `alembic revision --autogenerate`.',
      leftColumn: 'Migrations leave `{{column}}` in the schema; `{{model}}` no longer maps it. Drop it, or map it again.',
      nullable: '`{{column}}` is {{here}} here, but {{there}} by the migrations (`{{file}}`). Run `alembic revision --autogenerate`.',
      type: '`{{column}}` is of type {{here}} here, but of type {{there}} by the migrations (`{{file}}`). Run `alembic revision --autogenerate`.',
    },
    schema: [
      {
        type: 'object',
        properties: { types: { type: 'boolean' }, ignore: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ types, ignore }]) {
    if (isTestFile(context) || MigrationScript.of(context)) return {}
    let comparison: SchemaComparison | undefined

    return {
      class_definition(node) {
        const mapped = modelOfClass(context, node)
        if (mapped) check(mapped)
      },
      assignment(node) {
        const mapped = modelOfAssignment(context, node)
        if (mapped) check(mapped)
      },
    }

    function check(mapped: MappedModel): void {
      comparison ??= new SchemaComparison(context.project, (table) => matchesGlobs(table, ignore), types)
      for (const drift of comparison.driftsOf(mapped.model)) report(mapped, drift)
    }

    function report(mapped: MappedModel, drift: Drift): void {
      const table = mapped.model.table!
      if (drift.kind === 'no-table') {
        context.report({ node: headOf(mapped), messageId: 'noTable', data: { table } })
        return
      }
      const column = `${table}.${drift.column.name}`
      if (drift.kind === 'left-column') {
        // What was taken out of the class stands on no line any more.
        const line = changedLineIn(context.project, mapped.node)
        const related = line === null ? [] : [{ path: context.path, line, column: 1, message: 'changed here' }]
        context.report({ node: headOf(mapped), messageId: 'leftColumn', data: { column, model: lastPart(mapped.model.name) }, related })
        return
      }
      const isHere = mapped.model.kind === 'table' || drift.column.owner === mapped.model.name
      const node = isHere ? columnNode(mapped, drift.column.attribute, drift.column.name) : headOf(mapped)
      if (drift.kind === 'no-column') {
        context.report({ node, messageId: 'noColumn', data: { column, table, file: fileName(drift.table.createdIn ?? '') } })
        return
      }
      const file = fileName(drift.migrated.addedIn)
      const [here, there] = sidesOf(drift)
      context.report({ node, messageId: drift.kind === 'nullability' ? 'nullable' : 'type', data: { column, here, there, file } })
    }
  },
})

function sidesOf(drift: Exclude<Drift, { readonly kind: 'no-table' | 'no-column' | 'left-column' }>): readonly [string, string] {
  const { column, migrated } = drift
  if (drift.kind === 'nullability') return column.nullable ? ['nullable', 'NOT NULL'] : ['NOT NULL', 'nullable']
  if (drift.kind === 'type') return [column.family!, migrated.family!]
  return [`String(${drift.length})`, `String(${migrated.length})`]
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
