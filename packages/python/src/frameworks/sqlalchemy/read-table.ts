import type { PythonProject } from '../../project/python-project.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { withSqlalchemyNames } from './library-names.ts'
import type { ModelColumn } from './model.ts'
import { readColumn, stringOf } from './read-column.ts'
import type { MappingContext } from './read-column.ts'
import type { TableArguments } from './read-keys.ts'

/** A `Table(...)`. */
export interface WrittenTable {
  readonly table: string | null
  readonly columns: readonly ModelColumn[]
  readonly arguments: TableArguments
  /** All its columns stand there. */
  readonly closed: boolean
}

/** Longer chains of names and sums of table arguments are not followed. */
const MAX_PARTS = 40

/** Reads `Table("users", metadata, Column(...), ...)`; `null` for all else. @param owner what has the columns */
export function readTable(context: MappingContext, value: Value | undefined, owner: string): WrittenTable | null {
  const call = value?.kind === 'name' ? context.project.valueOf(value.name) : value
  const table = call && withSqlalchemyNames(context.project, call)
  if (!isCallOf(table, 'sqlalchemy.Table', 'flask_sqlalchemy.Table')) return null
  const items = table.arguments.slice(table.callee === 'flask_sqlalchemy.Table' && !isMetadata(table.arguments[1]) ? 1 : 2)
  const columns = items.flatMap((item) => columnIn(context, item, owner) ?? [])
  const isReflected = 'autoload' in table.keywords || 'autoload_with' in table.keywords
  const unread = items.some(({ kind }) => kind !== 'call')
  const name = stringOf(table.arguments[0])
  return {
    table: name === null ? null : withSchema(stringOf(table.keywords['schema']), name),
    columns,
    arguments: { items, open: table.open || unread || isReflected },
    closed: !table.open && !unread && !isReflected,
  }
}

function columnIn(context: MappingContext, item: Value, owner: string): ModelColumn | null {
  const name = item.kind === 'call' ? stringOf(item.arguments[0]) : null
  if (name === null) return null
  return readColumn(context, { attribute: keyOf(item as CallValue) ?? name, owner, isSqlModel: false, value: item, annotation: undefined })
}

/** `Column("user_id", key="user")` is reached as `t.c.user`. */
function keyOf({ keywords }: CallValue): string | null {
  return stringOf(keywords['key'])
}

function isMetadata(argument: Value | undefined): boolean {
  return argument !== undefined && argument.kind !== 'call'
}

/** The constraints and indexes in `__table_args__`: a tuple of them, perhaps with options at its end, or options alone. */
export function tableArgumentsIn(project: PythonProject, value: Value | undefined): TableArguments {
  if (!value) return { items: [], open: true }
  const items: Value[] = []
  let open = false
  const stack: Value[] = [value]
  for (let steps = 0; stack.length > 0; steps++) {
    if (steps > MAX_PARTS * 10) return { items, open: true }
    const part = stack.pop()!
    switch (part.kind) {
      case 'tuple':
      case 'list':
        open ||= part.open && !part.items.some(({ kind }) => kind === 'splat')
        stack.push(...[...part.items].reverse())
        break
      case 'splat':
        stack.push(part.operand)
        break
      case 'binary':
        stack.push(part.right, part.left)
        break
      case 'name': {
        const bound = project.valueOf(part.name)
        if (bound && steps < MAX_PARTS) stack.push(withSqlalchemyNames(project, bound))
        else open = true
        break
      }
      case 'call':
        items.push(part)
        open ||= part.callee === null || !part.callee.startsWith('sqlalchemy.')
        break
      case 'dict':
        break
      default:
        open = true
    }
  }
  return { items, open }
}

/** The schema in `__table_args__ = (..., {"schema": "core"})`. */
export function schemaIn(project: PythonProject, value: Value | undefined): string | null {
  const given = value?.kind === 'name' ? (project.valueOf(value.name) ?? undefined) : value
  const options = given?.kind === 'tuple' || given?.kind === 'list' ? given.items.at(-1) : given
  if (options?.kind !== 'dict') return null
  for (const [key, item] of options.entries) if (stringOf(key) === 'schema') return stringOf(item)
  return null
}

export function withSchema(schema: string | null, table: string): string {
  return schema === null ? table : `${schema}.${table}`
}

