import type { Model, ScriptOperation } from '@krait/python'
import { defineRule, isInPathGroup, isTableOf, lastPart, MigrationScript, sqlTextFact } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { columnsOfOwnTable } from '../shared/mapped-models.ts'
import { placeOfMember } from '../shared/member-place.ts'
import { hasOtherMetadata } from '../shared/metadata.ts'
import { hasBindKey } from '../shared/model-options.ts'

export interface NoDropInUseOptions {
  /** Also look for SQL texts outside of migrations that name what is dropped. */
  readonly references: boolean
}

const defaultOptions: readonly [NoDropInUseOptions] = [{ references: false }]

/** What an operation drops: a table, or one of its columns. */
interface Drop {
  readonly table: string
  readonly column: string | null
}

export const noDropInUse = defineRule({
  name: 'no-drop-in-use',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow migrations that drop what models still map',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      mapped: 'This drops `{{dropped}}`, which `{{mapped}}` (`{{path}}`:{{line}}) still maps. Release code without it first.',
      named: 'This drops `{{dropped}}`, which SQL in `{{path}}` still names. Release code without it first.',
    },
    schema: [{ type: 'object', properties: { references: { type: 'boolean' } }, additionalProperties: false }],
  },
  defaultOptions,
  create(context, [{ references }]) {
    const script = MigrationScript.of(context)
    if (!script) return {}
    const { project } = context

    return {
      module() {
        const reported = new Set<string>()
        for (const operation of script.upgrade) {
          for (const drop of operation.isConditional ? [] : dropsOf(operation)) {
            const dropped = drop.column === null ? drop.table : `${drop.table}.${drop.column}`
            if (reported.has(dropped) || !staysDropped(drop)) continue
            if (report(operation, drop, dropped)) reported.add(dropped)
          }
        }
      },
    }

    /** Whether nothing in the history brings it back. */
    function staysDropped({ table, column }: Drop): boolean {
      const group = project.migrationGroup()
      if (!group || group.isOpaque) return false
      if (column === null) return group.droppedTables.some(({ name, path }) => name === table && path === context.path)
      return project.migratedTable(group.id, table)?.droppedColumns.some(({ name, path }) => name === column && path === context.path) === true
    }

    function report(operation: ScriptOperation, drop: Drop, dropped: string): boolean {
      const node = calleeName(operation.call)
      for (const model of project.modelsOfTable(drop.table)) {
        if (!isOwnTable(drop.table, model) || isElsewhere(model)) continue
        const column = drop.column === null ? undefined : columnsOfOwnTable(project, model).find(({ name }) => name === drop.column)
        if (drop.column !== null && !column) continue
        const place = placeOfMember(project, model.name, column?.attribute)
        if (!place) continue
        const mapped = column ? `${lastPart(model.name)}.${column.attribute}` : lastPart(model.name)
        context.report({ node, messageId: 'mapped', data: { dropped, mapped, path: place.path, line: place.line }, related: [{ ...place, message: `\`${mapped}\` maps it` }] })
        return true
      }
      const path = references ? pathOfSql(drop) : undefined
      if (path === undefined) return false
      context.report({ node, messageId: 'named', data: { dropped, path } })
      return true
    }

    /** A model of a test, or one whose table is in another database. */
    function isElsewhere(model: Model): boolean {
      const group = project.migrationGroup()
      return isInPathGroup({ path: model.path, settings: context.settings }, 'tests') || hasBindKey(project, model) || (group !== null && hasOtherMetadata(project, model, group))
    }

    function pathOfSql({ table, column }: Drop): string | undefined {
      const names = [lastPart(table), ...(column === null ? [] : [column])].map((name) => name.toLowerCase())
      for (const [path, texts] of project.facts(sqlTextFact)) {
        if (!texts.some((words) => names.every((name) => words.includes(name)))) continue
        const isOther = isInPathGroup({ path, settings: context.settings }, 'tests') || project.migrationGroup(path) !== null
        if (!isOther) return path
      }
      return undefined
    }
  },
})

/** Not only that of a model above. */
function isOwnTable(table: string, { name, table: own }: Model): boolean {
  return isTableOf(table, { name, table: own, tables: own === null ? [] : [own] })
}

function dropsOf({ data: { effects } }: ScriptOperation): readonly Drop[] {
  return effects.flatMap(({ kind, by, table, column }) => (kind === 'lose' && by === 'drop' ? [{ table, column }] : []))
}
