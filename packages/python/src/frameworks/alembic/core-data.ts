import type { PythonProject } from '../../project/python-project.ts'
import { lastPart, withoutLastPart } from '../../shared/dotted-name.ts'
import { partsOf } from '../../values/parts.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { DataEffect, DataUse } from './data-effect.ts'

/** Longer statements are not read to their end. */
const MAX_PARTS = 2000

/** What a statement of SQLAlchemy's own does with rows: `sa.update(users).values(...)`, `users.insert().from_select(...)`. */
export function dataUseOfStatement(statement: Value, project: PythonProject): DataUse {
  return new StatementReader(project).read(statement)
}

interface Column {
  readonly table: string
  readonly column: string
}

class StatementReader {
  readonly #project: PythonProject
  readonly #effects: DataEffect[] = []
  readonly #names: string[] = []
  /** What is updated or deleted from: its columns are read without it being selected from. */
  #target: string | null = null
  #isOpen = false
  #left = MAX_PARTS

  constructor(project: PythonProject) {
    this.#project = project
  }

  read(statement: Value): DataUse {
    const methods: CallValue[] = []
    let root = statement
    while (root.kind === 'call' && root.callee === null && root.function?.kind === 'attribute') {
      methods.unshift(root)
      root = root.function.object
    }
    if (root.kind === 'call' && this.#tableOf(root) === null) this.#readChain(verbOf(root), this.#targetOf(root), root.arguments, methods)
    else {
      const [first, ...rest] = methods
      this.#readChain(first ? methodOf(first) : null, this.#tableOf(root), first?.arguments ?? [], rest)
    }
    return { effects: this.#effects, names: this.#names, isOpen: this.#isOpen || this.#left <= 0 }
  }

  #readChain(verb: string | null, table: string | null, given: readonly Value[], methods: readonly CallValue[]): void {
    if (verb === 'select' || verb === 'exists') {
      if (table !== null && given.length === 0) this.#effects.push({ kind: 'read', table, column: null })
      for (const value of [...given, ...methods.flatMap((method) => [...method.arguments, ...Object.values(method.keywords)])]) this.#readParts(value)
      return
    }
    if (table === null || (verb !== 'update' && verb !== 'insert' && verb !== 'delete')) {
      this.#isOpen = true
      for (const value of [...given, ...methods]) this.#readParts(value)
      return
    }
    this.#target = table
    const filters = new Set<string>()
    for (const method of methods) {
      if (methodOf(method) === 'values') continue
      const before = this.#names.length
      for (const value of [...method.arguments, ...Object.values(method.keywords)]) this.#readParts(value)
      for (const name of this.#names.slice(before)) filters.add(name)
    }
    if (verb === 'delete') {
      if (!methods.some((method) => methodOf(method) === 'where')) this.#effects.push({ kind: 'lose', table, column: null, by: 'empty' })
      return
    }
    for (const method of methods) if (methodOf(method) === 'values') this.#readValues(method, table, filters)
    if (verb === 'insert') this.#effects.push({ kind: 'set', table, column: null })
  }

  /** `.values(name=..., other=...)` and `.values({"name": ...})` */
  #readValues({ arguments: given, keywords }: CallValue, table: string, filters: ReadonlySet<string>): void {
    const entries: (readonly [column: string | null, value: Value])[] = Object.entries(keywords)
    for (const value of given) {
      if (value.kind === 'dict') entries.push(...value.entries.map(([key, item]) => [this.#keyOf(key), item] as const))
      else this.#readParts(value)
    }
    for (const [, value] of entries) this.#readParts(value)
    for (const [column, value] of entries) {
      if (column === null) continue
      const isLost = isNull(value) && !filters.has(column)
      this.#effects.push(isLost ? { kind: 'lose', table, column, by: 'empty' } : { kind: 'set', table, column })
    }
  }

  #keyOf(key: Value): string | null {
    return key.kind === 'literal' ? String(key.value) : (this.#columnOf(key)?.column ?? null)
  }

  /** Notes the columns and tables in an expression as read. */
  #readParts(value: Value): void {
    const stack = [value]
    for (let part = stack.pop(); part; part = stack.pop()) {
      if (this.#left-- <= 0) return
      const column = this.#columnOf(part)
      if (column) {
        this.#names.push(column.column)
        if (column.table !== this.#target) this.#effects.push({ kind: 'read', table: column.table, column: null })
        this.#effects.push({ kind: 'read', ...column })
        continue
      }
      const table = this.#tableOf(part)
      if (table !== null) {
        this.#effects.push({ kind: 'read', table, column: null })
        continue
      }
      if (part.kind === 'local') this.#isOpen = true
      else if (part.kind === 'attribute') this.#names.push(part.attribute)
      else if (part.kind === 'name') this.#names.push(lastPart(part.name))
      else if (part.kind === 'literal' && part.type === 'string') this.#names.push(...(String(part.value).match(/\w+/g) ?? []))
      stack.push(...[...partsOf(part)].reverse())
    }
  }

  /** `update` with the table of `sa.update(users)`, and of `users.update()` where `users` is a variable of the module. */
  #targetOf(root: CallValue): string | null {
    if (root.callee === null) return null
    if (root.callee.startsWith('sqlalchemy.')) return root.arguments[0] ? this.#tableOf(root.arguments[0]) : null
    return this.#tableOf({ kind: 'name', name: withoutLastPart(root.callee) })
  }

  /** The table that `sa.table("users", ...)`, a variable of it, a `Table` or a model stands for. */
  #tableOf(value: Value): string | null {
    if (value.kind === 'name') {
      const name = value.name.replace(/\.__table__$/, '')
      const bound = this.#project.valueOf(name)
      return bound?.kind === 'call' ? this.#tableOf(bound) : (this.#project.model(name)?.table ?? null)
    }
    if (!isCallOf(value, 'sqlalchemy.table', 'sqlalchemy.Table', 'sqlalchemy.TableClause')) return null
    const [first] = value.arguments
    const schema = value.keywords['schema']
    if (first?.kind !== 'literal') return null
    return schema?.kind === 'literal' && schema.type === 'string' ? `${schema.value}.${String(first.value)}` : String(first.value)
  }

  /** `users.c.name`, `users.c["name"]`, `User.name`. */
  #columnOf(value: Value): Column | null {
    if (value.kind === 'name') return this.#columnNamed(value.name)
    const isItem = value.kind === 'subscript' && value.index[0]?.kind === 'literal'
    const column = value.kind === 'attribute' ? value.attribute : isItem ? String((value.index[0] as { readonly value: unknown }).value) : null
    if (column === null || (value.kind !== 'attribute' && value.kind !== 'subscript')) return null
    const owner = value.object
    if (owner.kind === 'attribute' && (owner.attribute === 'c' || owner.attribute === 'columns')) return withTable(this.#tableOf(owner.object), column)
    if (owner.kind === 'name' && /\.(c|columns)$/.test(owner.name)) return withTable(this.#tableOf({ kind: 'name', name: withoutLastPart(owner.name) }), column)
    return null
  }

  #columnNamed(name: string): Column | null {
    const owner = withoutLastPart(name)
    const column = lastPart(name)
    if (/\.(c|columns)$/.test(owner)) return withTable(this.#tableOf({ kind: 'name', name: withoutLastPart(owner) }), column)
    const model = owner === '' ? null : this.#project.model(owner)
    const mapped = model?.columns.find(({ attribute }) => attribute === column)
    return mapped ? withTable(model!.table, mapped.name) : null
  }
}

function verbOf({ callee }: CallValue): string | null {
  return callee === null ? null : lastPart(callee)
}

function methodOf({ function: called }: CallValue): string | null {
  return called?.kind === 'attribute' ? called.attribute : null
}

function withTable(table: string | null, column: string): Column | null {
  return table === null ? null : { table, column }
}

function isNull(value: Value): boolean {
  return (value.kind === 'literal' && value.type === 'none') || isCallOf(value, 'sqlalchemy.null')
}
