import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import type { RelativeName } from '../../names/relative-name.ts'
import * as K from '../../scopes/kind-codes.ts'
import * as S from '../../scopes/scope-tables.ts'
import { UNKNOWN } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { partsOf } from '../../values/parts.ts'
import { replaceParameters } from './replace-parameters.ts'

/** A migration of Alembic: what its functions do, in order. Names are relative to the file. */
export interface MigrationFact {
  readonly revision: Value
  /** A string, a tuple of strings, or `None`. */
  readonly downRevision: Value
  readonly branchLabels?: Value
  readonly dependsOn?: Value
  readonly upgrade: readonly MigrationOperation[]
  readonly downgrade: readonly MigrationOperation[]
}

/** `op.<name>(...)`, `<batch>.<name>(...)`, or an SQL text that is executed on the connection of the migration. */
export interface MigrationOperation {
  /** `add_column`; `execute` also for `op.get_bind().execute(...)`. */
  readonly name: string
  readonly call: CallValue
  /** The `op.batch_alter_table(...)` to which it belongs. */
  readonly batch?: CallValue
  /** The loops around it, from the outside in. */
  readonly loops?: readonly OperationLoop[]
  /** It stands in a branch, a handler or a loop that may have no rounds. */
  readonly conditional?: true
}

/** `for <names> in <over>`. */
export interface OperationLoop {
  /** One name, or those of an unpacking. Empty if the target is something else. */
  readonly names: readonly string[]
  readonly over: Value
}

/** More operations of one migration are left out. */
const MAX_OPERATIONS = 2000
/** Functions that call each other deeper than this are not followed. */
const MAX_DEPTH = 20

const OP = 'alembic.op.'

/** The operations of a migration; `null` for files that assign no `revision` and `down_revision` or define no `upgrade` at their top level. */
export const migrationFact = defineFact<MigrationFact | null, FileSemantics>({
  name: 'python/alembic-operations',
  version: 3,
  onDemand: 'project',
  collect: ({ services: file }) => {
    if (!file.tree.text.includes('down_revision')) return null
    const revision = moduleValue(file, 'revision')
    const downRevision = moduleValue(file, 'down_revision')
    if (!revision || !downRevision || functionNamed(file, 'upgrade') < 0) return null
    const branchLabels = moduleValue(file, 'branch_labels')
    const dependsOn = moduleValue(file, 'depends_on')
    return {
      revision,
      downRevision,
      ...(branchLabels && { branchLabels }),
      ...(dependsOn && { dependsOn }),
      upgrade: placedOperations(file, 'upgrade').map(({ operation }) => operation),
      downgrade: placedOperations(file, 'downgrade').map(({ operation }) => operation),
    }
  },
})

/** An operation with the call that performs it, by its place in the tree. One call can perform several, by way of a function that is called twice. */
export interface PlacedOperation {
  readonly operation: MigrationOperation
  readonly call: number
}

/** What a function of a migration does, in order, with the functions of the module that it calls. */
export function placedOperations(file: FileSemantics, name: 'upgrade' | 'downgrade'): readonly PlacedOperation[] {
  return new OperationCollector(file).collect(name)
}

/** What a name of the module is bound to. */
function moduleValue(file: FileSemantics, name: string): Value | null {
  const { names, scopeBindings, bindingDefinitions, definitionKinds, definitionValues } = file.tables
  const id = names.find(name)
  const binding = id < 0 ? undefined : scopeBindings[0]?.get(id)
  if (binding === undefined) return null
  const definition = bindingDefinitions[binding]!.findLast((d) => definitionKinds[d] === S.ASSIGNED && definitionValues[d]! >= 0)
  return definition === undefined ? null : file.values.summarise(definitionValues[definition]!)
}

/** The node of a top-level function; -1 if there is none. */
function functionNamed(file: FileSemantics, name: string): number {
  const { names, scopeBindings, bindingDefinitions, definitionKinds, definitionNodes } = file.tables
  const id = names.find(name)
  const binding = id < 0 ? undefined : scopeBindings[0]?.get(id)
  const definition = binding === undefined ? undefined : bindingDefinitions[binding]!.findLast((d) => definitionKinds[d] === S.FUNCTION)
  return definition === undefined ? -1 : definitionNodes[definition]!
}

/** What holds for all operations of a function when it is called from some place. */
interface Place {
  readonly depth: number
  readonly loops: readonly OperationLoop[]
  readonly conditional: boolean
  readonly parameters: ReadonlyMap<string, Value>
  /** The functions on the way. */
  readonly within: readonly number[]
}

class OperationCollector {
  readonly #file: FileSemantics
  readonly #found: PlacedOperation[] = []

  constructor(file: FileSemantics) {
    this.#file = file
  }

  collect(name: string): readonly PlacedOperation[] {
    const definition = functionNamed(this.#file, name)
    if (definition >= 0) this.#addFunction(definition, { depth: 0, loops: [], conditional: false, parameters: new Map(), within: [] })
    return this.#found
  }

  #addFunction(definition: number, place: Place): void {
    const { tree, tables } = this.#file
    const body = childByField(tree, definition, tables.kinds.fields.body)
    if (body < 0 || place.depth > MAX_DEPTH || place.within.includes(definition)) return
    const inner = { ...place, within: [...place.within, definition] }
    for (const call of this.#callsIn(body)) this.#addCall(call, definition, inner)
  }

  /** The calls of a body in the order in which they are made; those of functions and classes inside it are left out. */
  #callsIn(body: number): readonly number[] {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    const calls: number[] = []
    const open: number[] = []
    for (let node = body; node < tree.next[body]!; ) {
      while (open.length > 0 && tree.next[open.at(-1)!]! <= node) calls.push(open.pop()!)
      const code = codes[tree.kind[node]!]
      if (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.LAMBDA) {
        node = tree.next[node]!
        continue
      }
      if (code === K.CALL) open.push(node)
      node++
    }
    while (open.length > 0) calls.push(open.pop()!)
    return calls
  }

  #addCall(call: number, definition: number, place: Place): void {
    if (this.#found.length >= MAX_OPERATIONS) return
    const { tree, tables, names } = this.#file
    const called = childByField(tree, call, tables.kinds.fields.function)
    const name = names.nameOf(called)
    if (name?.startsWith(':') && !name.includes('.')) return this.#addCallOf(name, call, definition, place)
    const operation = name === null ? this.#onObject(called, place) : name.startsWith(OP) ? { name: name.slice(OP.length) } : null
    if (!operation || operation.name.includes('.') || NO_OPERATIONS.has(operation.name)) return
    const value = operation.name === 'execute' ? this.#executed(call, place) : this.#valueOf(call, place)
    if (value.kind !== 'call') return
    const { loops, conditional } = this.#around(call, definition, place)
    const found: MigrationOperation = {
      name: operation.name,
      call: value,
      ...(operation.batch && { batch: operation.batch }),
      ...(loops.length > 0 && { loops }),
      ...(conditional && { conditional: true as const }),
    }
    this.#found.push({ operation: found, call })
  }

  /** A call of a function of the module: what it does is done here. */
  #addCallOf(name: RelativeName, call: number, definition: number, place: Place): void {
    const callee = functionNamed(this.#file, name.slice(1))
    if (callee < 0) return
    const value = this.#valueOf(call, place)
    const parameters = value.kind === 'call' ? this.#parametersOf(callee, value) : new Map<string, Value>()
    this.#addFunction(callee, { ...place, ...this.#around(call, definition, place), depth: place.depth + 1, parameters })
  }

  /** `batch.add_column(...)`, and `connection.execute(...)` of the migration's connection. */
  #onObject(called: number, place: Place): { readonly name: string; readonly batch?: CallValue } | null {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    if (called < 0 || codes[tree.kind[called]!] !== K.ATTRIBUTE) return null
    const object = childByField(tree, called, fields.object)
    const name = this.#text(childByField(tree, called, fields.attribute))
    const batch = this.#batchOf(object)
    if (batch) return { name, batch }
    if (name !== 'execute' && name !== 'exec_driver_sql') return null
    const connection = this.#valueOf(object, place)
    const maker = connection.kind === 'call' ? connection.callee : null
    return maker !== null && CONNECTION_MAKERS.has(maker) ? { name: 'execute' } : null
  }

  /** The innermost `with op.batch_alter_table(...) as <name>` around the use of a name. */
  #batchOf(identifier: number): CallValue | null {
    const { tree, tables, values } = this.#file
    const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes } = tables
    const binding = bindingOfNode[identifier]! - 1
    if (binding < 0) return null
    const definition = bindingDefinitions[binding]!.findLast((d) => {
      if (definitionKinds[d] !== S.WITH) return false
      const statement = this.#ancestor(definitionNodes[d]!, K.WITH_STATEMENT)
      return statement >= 0 && statement <= identifier && identifier < tree.next[statement]!
    })
    const manager = definition === undefined ? null : values.summarise(definitionNodes[definition]! + 1)
    return manager?.kind === 'call' && manager.callee === `${OP}batch_alter_table` ? manager : null
  }

  /** The loops and conditions between a call and the function that it stands in. */
  #around(call: number, definition: number, place: Place): Pick<Place, 'loops' | 'conditional'> {
    const { tree, tables } = this.#file
    const { codes } = tables.kinds
    const loops: OperationLoop[] = []
    let conditional = place.conditional
    for (let child = call, node = tree.parent[call]!; node >= 0 && node !== definition; child = node, node = tree.parent[node]!) {
      switch (codes[tree.kind[node]!]) {
        case K.FOR_STATEMENT:
          if (tree.field[child] === tables.kinds.fields.body) loops.unshift(this.#loop(node, place))
          break
        case K.IF_STATEMENT:
        case K.WHILE_STATEMENT:
        case K.EXCEPT_CLAUSE:
        case K.MATCH_STATEMENT:
        case K.CONDITIONAL_EXPRESSION:
          conditional = true
          break
        case K.BLOCK:
          conditional ||= this.#isGuarded(child, node)
          break
      }
    }
    return { loops: [...place.loops, ...loops], conditional }
  }

  /** Whether a statement comes behind `if <the database has it>: return` of its block. */
  #isGuarded(statement: number, block: number): boolean {
    const { tree, tables, values } = this.#file
    const { codes, fields } = tables.kinds
    for (const other of this.#namedIn(block)) {
      if (other >= statement) return false
      if (codes[tree.kind[other]!] !== K.IF_STATEMENT) continue
      const body = childByField(tree, other, fields.consequence)
      const leaves = body >= 0 && this.#namedIn(body).some((inner) => codes[tree.kind[inner]!] === K.RETURN_STATEMENT)
      if (leaves && isInspection(values.summarise(childByField(tree, other, fields.condition)))) return true
    }
    return false
  }

  #loop(statement: number, place: Place): OperationLoop {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    const left = childByField(tree, statement, fields.left)
    const over = this.#valueOf(childByField(tree, statement, fields.right), place)
    if (codes[tree.kind[left]!] === K.IDENTIFIER) return { names: [this.#text(left)], over }
    const names: string[] = []
    for (let node = left + 1; node < tree.next[left]!; node++) if (codes[tree.kind[node]!] === K.IDENTIFIER) names.push(this.#text(node))
    return { names, over }
  }

  /**
   * A call that executes a statement. Variables in it that are bound several times stand for what they may be, by conditional expressions, and functions inside of the
   * migration's for what they return, by lambdas.
   */
  #executed(call: number, place: Place): Value {
    const { tree, tables, values } = this.#file
    const list = childByField(tree, call, tables.kinds.fields.arguments)
    const known = new Map<string, Value>()
    for (const node of list < 0 ? [] : this.#identifiersBehind(list)) {
      const meanings = this.#meaningsOf(node)
      if (meanings.length > 0) known.set(this.#text(node), meanings.reduceRight((others, value): Value => ({ kind: 'conditional', test: UNKNOWN, then: value, else: others })))
    }
    return replaceParameters(replaceParameters(values.withLongStrings(call), known), place.parameters)
  }

  /** The identifiers in an expression, and in those that its variables are bound to. */
  #identifiersBehind(expression: number): readonly number[] {
    const { tree, tables, values } = this.#file
    const found: number[] = []
    const waiting = [expression]
    for (const start of waiting) {
      for (let node = start; node < tree.next[start]!; node++) {
        if (tables.kinds.codes[tree.kind[node]!] !== K.IDENTIFIER) continue
        found.push(node)
        const binding = tables.bindingOfNode[node]! - 1
        const value = binding < 0 ? undefined : values.boundValue(binding)
        if (value !== undefined && waiting.length < MAX_DEPTH && !waiting.includes(value)) waiting.push(value)
      }
    }
    return found
  }

  /** What a variable may be that is assigned several times, or that is a function or one of several functions; empty for all else. */
  #meaningsOf(identifier: number): readonly Value[] {
    const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes, definitionValues } = this.#file.tables
    const binding = bindingOfNode[identifier]! - 1
    const definitions = binding < 0 ? [] : bindingDefinitions[binding]!
    const [first] = definitions
    if (first === undefined) return []
    if (definitions.length === 1) {
      if (definitionKinds[first] === S.FUNCTION) return this.#returnedBy(definitionNodes[first]!)
      return definitionKinds[first] === S.FOR ? this.#functionsIn(definitionNodes[first]!) : []
    }
    if (!definitions.every((d) => definitionKinds[d] === S.ASSIGNED && definitionValues[d]! >= 0)) return []
    const last = definitions.findLast((d) => definitionValues[d]! < identifier)
    const isCertain = last !== undefined && this.#blockOf(definitionValues[last]!) === this.#blockOf(identifier)
    return (isCertain ? [last] : definitions).map((d) => this.#file.values.withLongStrings(definitionValues[d]!))
  }

  /** What a function returns, as a lambda without parameters; empty if that is not one expression. */
  #returnedBy(definition: number): readonly Value[] {
    const { tree, tables, values } = this.#file
    const { codes } = tables.kinds
    const returned: number[] = []
    const body = childByField(tree, definition, tables.kinds.fields.body)
    for (let node = body + 1; body >= 0 && node < tree.next[body]!; node++) {
      const code = codes[tree.kind[node]!]
      if (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.YIELD) return []
      if (code === K.RETURN_STATEMENT) returned.push(node)
    }
    const [only, ...others] = returned
    const [value] = only === undefined || others.length > 0 ? [] : this.#namedIn(only)
    return value === undefined ? [] : [{ kind: 'lambda', parameters: [], body: values.withLongStrings(value) }]
  }

  /** The functions in the list over which a loop goes; empty if there is anything else in it. */
  #functionsIn(statement: number): readonly Value[] {
    const { tree, tables, values } = this.#file
    const { codes, fields } = tables.kinds
    const { bindingOfNode, bindingDefinitions, definitionKinds, definitionNodes } = tables
    let list = childByField(tree, statement, fields.right)
    if (list >= 0 && codes[tree.kind[list]!] === K.IDENTIFIER) list = values.boundValue(bindingOfNode[list]! - 1) ?? -1
    if (list < 0 || (codes[tree.kind[list]!] !== K.LIST && codes[tree.kind[list]!] !== K.TUPLE)) return []
    const found: Value[] = []
    for (const item of this.#namedIn(list)) {
      const [definition, ...others] = bindingDefinitions[bindingOfNode[item]! - 1] ?? []
      const isFunction = definition !== undefined && others.length === 0 && definitionKinds[definition] === S.FUNCTION
      const returned = isFunction ? this.#returnedBy(definitionNodes[definition]!) : []
      if (returned.length === 0) return []
      found.push(...returned)
    }
    return found
  }

  #namedIn(node: number): readonly number[] {
    const { tree, tables } = this.#file
    const found: number[] = []
    for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) {
      const isNamed = tree.grammar.isNamed[tree.kind[child]!] && tables.kinds.codes[tree.kind[child]!] !== K.COMMENT
      if (isNamed) found.push(child)
    }
    return found
  }

  /** The innermost block around a node. */
  #blockOf(node: number): number {
    return this.#ancestor(node, K.BLOCK)
  }

  #valueOf(node: number, place: Place): Value {
    return replaceParameters(this.#file.values.summarise(node), place.parameters)
  }

  #parametersOf(definition: number, call: CallValue): ReadonlyMap<string, Value> {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    const list = childByField(tree, definition, fields.parameters)
    const names: string[] = []
    for (let child = list + 1; list >= 0 && child < tree.next[list]!; child = tree.next[child]!) {
      const code = codes[tree.kind[child]!]
      if (code === K.IDENTIFIER) names.push(this.#text(child))
      else if (code === K.TYPED_PARAMETER) names.push(this.#text(child + 1))
      else if (code === K.DEFAULT_PARAMETER || code === K.TYPED_DEFAULT_PARAMETER) names.push(this.#text(childByField(tree, child, fields.name)))
    }
    if (call.open) return new Map()
    return new Map(names.flatMap((name, i) => {
      const value = Object.hasOwn(call.keywords, name) ? call.keywords[name] : call.arguments[i]
      return value ? [[name, value] as const] : []
    }))
  }

  #ancestor(node: number, code: number): number {
    const { tree, tables } = this.#file
    let current = tree.parent[node]!
    while (current >= 0 && tables.kinds.codes[tree.kind[current]!] !== code) current = tree.parent[current]!
    return current
  }

  #text(node: number): string {
    const { text, start, end } = this.#file.tree
    return node < 0 ? '' : text.slice(start[node], end[node])
  }
}

/** Whether an expression looks at the tables that a database has. */
function isInspection(value: Value): boolean {
  const stack = [value]
  for (let steps = 0; stack.length > 0 && steps < MAX_PARTS; steps++) {
    const part = stack.pop()!
    if (part.kind === 'call') {
      const name = part.callee ?? (part.function?.kind === 'attribute' ? part.function.attribute : '')
      if (name === 'sqlalchemy.inspect' || INSPECTION.test(name)) return true
    }
    stack.push(...partsOf(part), ...(part.kind === 'comprehension' && part.loop ? [part.loop.over] : []))
  }
  return false
}

const MAX_PARTS = 200
/** `inspector.has_table(...)`, and helpers such as `_column_exists("users", "bio")`. */
const INSPECTION = /(?:^|[._])(?:has|get)_(?:tables?|columns?|index|indexes|unique_constraints|foreign_keys|pk_constraint|check_constraints|table_names)$|(?:table|column|index)s?_exists?$/

/** Helpers of `op` that do nothing to the database. */
const NO_OPERATIONS: ReadonlySet<string> = new Set(['f', 'get_bind', 'get_context', 'batch_alter_table', 'inline_literal'])

/** What gives the connection of a migration, or a session on it. */
const CONNECTION_MAKERS: ReadonlySet<string> = new Set([`${OP}get_bind`, `${OP}get_context`, 'sqlalchemy.orm.Session', 'sqlalchemy.orm.session.Session', 'sqlmodel.Session'])
