import { childByField, defineFact } from '@krait/core'
import { functionFact } from '../../facts/function-fact.ts'
import { functionKey } from '../../facts/function-keys.ts'
import type { FileSemantics } from '../../file-semantics.ts'
import { importedModule, importedName } from '../../names/imports.ts'
import * as K from '../../scopes/kind-codes.ts'
import * as S from '../../scopes/scope-tables.ts'
import type { CallValue } from '../../values/value.ts'
import { codeOf, firstNamed, isAppLike, isDisplayOfApps, isRouteDecorator, wiringMarks } from './wiring-marks.ts'
import { withoutIdleSteps } from './wiring-pruning.ts'
import type { CollectedFunction, Draft } from './wiring-pruning.ts'
import type { FunctionWiring, Target, Wiring, WiringStep, WrittenHandler } from './wiring.ts'

/** What could be the wiring of FastAPI and Starlette apps: routes, routers, includes, mounts, and the functions that apps and routers are given to. */
export const wiringFact = defineFact<Wiring, FileSemantics>({
  name: 'python/fastapi',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => collected(file).wiring,
})

/** The node that a step of the file was read from: a decorator, a call or a statement. @param step `<function>#<number>` */
export function wiringNode(file: FileSemantics, step: string): number | null {
  return collected(file).nodes.get(step) ?? null
}

/** How a step is called in one file. @param key the qualified name of the function inside the module */
export function stepId(key: string, number: number): string {
  return `${key}#${number}`
}

interface Collected {
  readonly wiring: Wiring
  readonly nodes: ReadonlyMap<string, number>
}

const collectedByFile = new WeakMap<FileSemantics, Collected>()

function collected(file: FileSemantics): Collected {
  let found = collectedByFile.get(file)
  if (!found) collectedByFile.set(file, (found = new WiringCollector(file).collect()))
  return found
}

/** Statements nested deeper are left out: Python itself takes no more than 100 levels. */
const MAX_DEPTH = 100

/** The function whose code is looked at. */
interface Frame {
  readonly key: string
  readonly steps: Draft[]
  readonly innerNodes: Map<string, number>
}

class WiringCollector {
  readonly #file: FileSemantics
  /** In source order. */
  readonly #marks: readonly number[]
  readonly #marked: ReadonlySet<number>
  /** The functions that have marks, and those around them. */
  readonly #active = new Set<string>()
  readonly #functions = new Map<string, CollectedFunction>()
  readonly #nodes = new Map<Draft, number>()
  /** Steps that alone wire nothing. */
  readonly #idle = new Set<Draft>()

  constructor(file: FileSemantics) {
    this.#file = file
    this.#marked = wiringMarks(file)
    this.#marks = [...this.#marked]
  }

  collect(): Collected {
    if (this.#marks.length === 0) return { wiring: {}, nodes: new Map() }
    for (const mark of this.#marks) this.#activate(mark)
    const module: Frame = { key: '', steps: [], innerNodes: new Map() }
    this.#functions.set('', { ...module, parameters: [] })
    this.#block(0, module, 0)
    const wiring: [string, FunctionWiring][] = []
    const nodes = new Map<string, number>()
    for (const [key, found] of withoutIdleSteps(this.#functions, this.#idle)) {
      let count = 0
      const number = (steps: readonly Draft[]): void => {
        for (const step of steps) {
          step.number = count++
          nodes.set(stepId(key, step.number), this.#nodes.get(step)!)
          if (step.kind === 'loop') number(step.steps)
          if (step.kind === 'branch') step.arms.forEach(number)
        }
      }
      number(found.steps)
      const { parameters, method, steps, innerNodes } = found
      const inner = Object.fromEntries([...innerNodes].map(([name, node]) => [name, this.#handler(node)]))
      const fact: FunctionWiring = { parameters, ...(method && { method }), steps, ...(innerNodes.size > 0 && { inner }) }
      wiring.push([key, fact])
    }
    return { wiring: Object.fromEntries(wiring), nodes }
  }

  #activate(mark: number): void {
    const { scopeParents, scopeKinds } = this.#file.tables
    for (let scope = this.#file.tables.scopeAt(mark); scope > 0; scope = scopeParents[scope]!) {
      if (scopeKinds[scope] === S.FUNCTION_SCOPE) this.#active.add(functionKey(this.#file, scope))
    }
  }

  #block(block: number, frame: Frame, depth: number): void {
    if (block < 0 || depth > MAX_DEPTH) return
    for (const statement of this.#namedChildren(block)) this.#statement(statement, frame, depth)
  }

  #statement(node: number, frame: Frame, depth: number): void {
    const { fields } = this.#file.tables.kinds
    switch (codeOf(this.#file, node)) {
      case K.FUNCTION_DEFINITION:
        return this.#function(node, frame, depth)
      case K.CLASS_DEFINITION:
        return this.#block(this.#child(node, fields.body), frame, depth + 1)
      case K.DECORATED_DEFINITION:
        return this.#decorated(node, frame, depth)
      case K.IF_STATEMENT:
      case K.MATCH_STATEMENT:
      case K.WHILE_STATEMENT:
        return this.#branches(node, frame, depth)
      case K.FOR_STATEMENT:
        return this.#loop(node, frame, depth)
      case K.TRY_STATEMENT:
        return this.#try(node, frame, depth)
      case K.WITH_STATEMENT:
        this.#expression(node + 1, frame, this.#child(node, fields.body))
        return this.#block(this.#child(node, fields.body), frame, depth + 1)
      case K.RETURN_STATEMENT:
        return this.#return(node, frame)
      case K.IMPORT_STATEMENT:
      case K.IMPORT_FROM_STATEMENT:
        return this.#import(node, frame)
      case K.EXPRESSION_STATEMENT:
        return this.#expressionStatement(node, frame)
      default:
        return this.#expression(node, frame)
    }
  }

  #function(node: number, around: Frame, depth: number): void {
    const scope = this.#file.scopeMadeBy(node)
    if (scope < 0) return
    if (around.key !== '') around.innerNodes.set(this.#text(this.#child(node, this.#file.tables.kinds.fields.name)), node)
    if (!this.#hasMarks(node)) return
    const key = functionKey(this.#file, scope)
    const inClass = this.#file.tables.scopeKinds[this.#file.tables.scopeAt(node)] === S.CLASS_SCOPE
    const { parameters, method } = functionFact(this.#file, node, inClass)
    const frame: Frame = { key, steps: [], innerNodes: new Map() }
    this.#functions.set(key, { ...frame, parameters, ...(method && { method }) })
    this.#block(this.#child(node, this.#file.tables.kinds.fields.body), frame, depth + 1)
  }

  #decorated(node: number, frame: Frame, depth: number): void {
    const definition = this.#child(node, this.#file.tables.kinds.fields.definition)
    if (codeOf(this.#file, definition) === K.CLASS_DEFINITION) this.#statement(definition, frame, depth)
    // The decorator next to the definition is the first to be called.
    const decorators = this.#namedChildren(node).filter((child) => this.#marked.has(child) && codeOf(this.#file, child) === K.DECORATOR)
    for (const decorator of decorators.reverse()) {
      const call = this.#file.values.written(firstNamed(this.#file, decorator)) as CallValue
      const isRoute = codeOf(this.#file, definition) === K.FUNCTION_DEFINITION && isRouteDecorator(this.#file, decorator)
      if (isRoute) this.#add(frame, { kind: 'decorate', number: 0, decorator: call, handler: this.#handler(definition) }, decorator)
      else this.#add(frame, { kind: 'call', number: 0, call }, decorator)
    }
    if (codeOf(this.#file, definition) === K.FUNCTION_DEFINITION) this.#function(definition, frame, depth)
  }

  #handler(definition: number): WrittenHandler {
    const { tables } = this.#file
    const inClass = tables.scopeKinds[tables.scopeAt(definition)] === S.CLASS_SCOPE
    const { parameters, async: isAsync, generator, returnAnnotation, method } = functionFact(this.#file, definition, inClass)
    return {
      key: functionKey(this.#file, this.#file.scopeMadeBy(definition)),
      parameters,
      ...(isAsync && { async: isAsync }),
      ...(generator && { generator }),
      ...(returnAnnotation && { returnAnnotation }),
      ...(method && { method }),
    }
  }

  /** `if`, `match` and `while`: what stands in their blocks is not always executed. */
  #branches(node: number, frame: Frame, depth: number): void {
    const { fields } = this.#file.tables.kinds
    const isMatch = codeOf(this.#file, node) === K.MATCH_STATEMENT
    const clauses = this.#namedChildren(isMatch ? this.#child(node, fields.body) : node).filter((child) => CLAUSES.has(codeOf(this.#file, child)))
    const arms: Draft[][] = []
    for (const construct of [node, ...clauses]) {
      for (const child of this.#namedChildren(construct)) {
        if (codeOf(this.#file, child) !== K.BLOCK) {
          if (!clauses.includes(child)) this.#expression(child, frame)
        } else if (!isMatch || construct !== node) arms.push(this.#inner(frame, (inner) => this.#block(child, inner, depth + 1)))
      }
    }
    this.#addBranch(node, arms, frame)
  }

  #addBranch(node: number, arms: Draft[][], frame: Frame): void {
    if (arms.some((arm) => arm.length > 0)) this.#add(frame, { kind: 'branch', number: 0, arms }, node)
  }

  #loop(node: number, frame: Frame, depth: number): void {
    const { fields } = this.#file.tables.kinds
    const right = this.#child(node, fields.right)
    this.#expression(right, frame)
    const steps = this.#inner(frame, (inner) => this.#block(this.#child(node, fields.body), inner, depth + 1))
    if (steps.length > 0) this.#addLoop(node, this.#child(node, fields.left), right, steps, frame)
    for (const clause of this.#namedChildren(node)) if (codeOf(this.#file, clause) === K.ELSE_CLAUSE) this.#block(this.#blockOf(clause), frame, depth + 1)
  }

  #addLoop(node: number, left: number, right: number, steps: Draft[], frame: Frame): void {
    this.#add(frame, { kind: 'loop', number: 0, target: this.#target(left), over: this.#file.values.written(right), steps }, node)
  }

  /** Either the body is executed to its end or a handler is. */
  #try(node: number, frame: Frame, depth: number): void {
    const arm = (block: number): Draft[] => this.#inner(frame, (inner) => this.#block(block, inner, depth + 1))
    const clauses = this.#namedChildren(node)
    const body = arm(this.#child(node, this.#file.tables.kinds.fields.body))
    const handlers = clauses.filter((child) => codeOf(this.#file, child) === K.EXCEPT_CLAUSE).map((handler) => arm(this.#blockOf(handler)))
    if (handlers.some((steps) => steps.length > 0)) this.#addBranch(node, [body, ...handlers], frame)
    else frame.steps.push(...body)
    for (const clause of clauses) {
      const code = codeOf(this.#file, clause)
      if (code === K.ELSE_CLAUSE || code === K.FINALLY_CLAUSE) this.#block(this.#blockOf(clause), frame, depth + 1)
    }
  }

  #return(node: number, frame: Frame): void {
    const value = firstNamed(this.#file, node)
    if (value < 0 || !RETURNED.has(codeOf(this.#file, value))) return this.#expression(node, frame)
    this.#addIdleUnlessMarked(frame, { kind: 'return', number: 0, value: this.#file.values.written(value) }, value)
    if (isDisplayOfApps(this.#file, value)) this.#store(value, frame)
  }

  #import(node: number, frame: Frame): void {
    const { tree, tables } = this.#file
    if (frame.key !== '' || frame.steps.length === 0) return
    const names = this.#namedChildren(node).filter((child) => IMPORTED.has(codeOf(this.#file, child)))
    if (codeOf(this.#file, node) === K.IMPORT_FROM_STATEMENT) {
      const moduleName = this.#child(node, tables.kinds.fields.module_name)
      const imported = names.filter((name) => name !== moduleName).map((name) => importedName(tree, tables.kinds, name).name ?? '')
      return this.#addIdleUnlessMarked(frame, { kind: 'import', number: 0, module: importedModule(tree, tables.kinds, node), names: imported }, node)
    }
    for (const name of names) {
      const { module } = importedName(tree, tables.kinds, name)
      this.#addIdleUnlessMarked(frame, { kind: 'import', number: 0, module, names: [] }, node)
    }
  }

  #expressionStatement(node: number, frame: Frame): void {
    const { fields } = this.#file.tables.kinds
    const inner = firstNamed(this.#file, node)
    const code = codeOf(this.#file, inner)
    if (code === K.ASSIGNMENT) return this.#assignment(inner, frame)
    if (code === K.AUGMENTED_ASSIGNMENT) {
      const [left, right] = [this.#child(inner, fields.left), this.#child(inner, fields.right)]
      const target = this.#target(left)
      if (typeof target !== 'string' || !isDisplayOfApps(this.#file, right)) return this.#expression(inner, frame)
      const { values } = this.#file
      const value = { kind: 'binary' as const, operator: '+', left: values.written(left), right: values.written(right) }
      return this.#add(frame, { kind: 'bind', number: 0, target, value }, inner)
    }
    const called = code === K.AWAIT ? firstNamed(this.#file, inner) : inner
    if (codeOf(this.#file, called) !== K.CALL || this.#marked.has(called)) return this.#expression(inner, frame)
    if (this.#hasMarks(called)) return this.#expression(inner, frame)
    if (frame.key !== '' && !this.#active.has(frame.key)) return
    this.#addIdleUnlessMarked(frame, { kind: 'call', number: 0, call: this.#file.values.written(called) as CallValue }, called)
  }

  #assignment(node: number, frame: Frame): void {
    const { fields } = this.#file.tables.kinds
    const targets: number[] = []
    let value = node
    for (; codeOf(this.#file, value) === K.ASSIGNMENT; value = this.#child(value, fields.right)) targets.push(this.#child(value, fields.left))
    if (value < 0) return
    const isDisplay = DISPLAYS.has(codeOf(this.#file, value)) && isDisplayOfApps(this.#file, value)
    if (isDisplay) this.#store(value, frame)
    let isBound = false
    for (const target of targets) isBound = this.#bind(target, value, frame) || isBound
    if (!isBound) this.#expression(value, frame)
  }

  #bind(target: number, value: number, frame: Frame): boolean {
    const { tables, values } = this.#file
    const { fields } = tables.kinds
    const code = codeOf(this.#file, target)
    const matters = this.#hasMarks(value) || isAppLike(this.#file, value)
    if (code === K.IDENTIFIER) {
      const name = this.#target(target)
      const isRebound = tables.bindingDefinitions[tables.bindingOfNode[target]! - 1]?.length !== 1
      const isMade = codeOf(this.#file, value) === K.CALL
      if (typeof name !== 'string' || (name.startsWith(':') && !matters && !isRebound && !isMade)) return false
      this.#addIdleUnlessMarked(frame, { kind: 'bind', number: 0, target: name, value: values.written(value) }, value)
      return true
    }
    if (code === K.ATTRIBUTE && codeOf(this.#file, this.#child(target, fields.object)) === K.IDENTIFIER) {
      const attribute = this.#text(this.#child(target, fields.attribute))
      if (!matters && !/router|app|prefix/i.test(attribute)) return false
      this.#add(frame, { kind: 'set', number: 0, object: values.written(this.#child(target, fields.object)), attribute, value: values.written(value) }, value)
      return true
    }
    if (code === K.SUBSCRIPT && isAppLike(this.#file, value)) this.#store(value, frame)
    return false
  }

  #store(value: number, frame: Frame): void {
    this.#add(frame, { kind: 'store', number: 0, value: this.#file.values.written(value) }, value)
  }

  /** The marked calls in an expression that stand in no other one. @param until where to stop, if not behind the node */
  #expression(node: number, frame: Frame, until = node < 0 ? 0 : this.#file.tree.next[node]!): void {
    if (node < 0) return
    const { next } = this.#file.tree
    for (let index = node; index < until; ) {
      const code = codeOf(this.#file, index)
      const isSkipped = code === K.LAMBDA || code === K.FUNCTION_DEFINITION || !this.#hasMarks(index)
      if (this.#marked.has(index)) this.#add(frame, { kind: 'call', number: 0, call: this.#file.values.written(index) as CallValue }, index)
      else if (!isSkipped && COMPREHENSIONS.has(code)) this.#comprehension(index, frame)
      index = isSkipped || this.#marked.has(index) || COMPREHENSIONS.has(code) ? next[index]! : index + 1
    }
  }

  /** `[app.include_router(router) for router in routers]` */
  #comprehension(node: number, frame: Frame): void {
    const { fields } = this.#file.tables.kinds
    const body = this.#child(node, fields.body)
    let steps = this.#inner(frame, (inner) => this.#expression(body, inner))
    const clauses = this.#namedChildren(node).filter((child) => codeOf(this.#file, child) === K.FOR_IN_CLAUSE)
    for (const clause of clauses.reverse()) {
      const inner = steps
      steps = this.#inner(frame, (around) => this.#addLoop(clause, this.#child(clause, fields.left), this.#child(clause, fields.right), inner, around))
    }
    frame.steps.push(...steps)
  }

  #inner(frame: Frame, collect: (inner: Frame) => void): Draft[] {
    const inner: Frame = { ...frame, steps: [] }
    collect(inner)
    return inner.steps
  }

  #add(frame: Frame, step: WiringStep, node: number): void {
    this.#nodes.set(step as Draft, node)
    frame.steps.push(step as Draft)
  }

  #addIdleUnlessMarked(frame: Frame, step: Draft, node: number): void {
    if (!this.#hasMarks(node)) this.#idle.add(step)
    this.#add(frame, step, node)
  }

  #target(node: number): Target {
    const code = codeOf(this.#file, node)
    if (code === K.IDENTIFIER) {
      const binding = this.#file.tables.bindingOfNode[node]! - 1
      const name = binding < 0 ? null : this.#file.names.nameOfBinding(binding)
      return name?.startsWith(':') ? name : this.#text(node)
    }
    if (code !== K.PATTERN_LIST && code !== K.TUPLE_PATTERN && code !== K.LIST_PATTERN) return null
    return this.#namedChildren(node).map((child) => this.#target(child))
  }

  #hasMarks(node: number): boolean {
    if (node < 0) return false
    const { next } = this.#file.tree
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#marks[middle]! < node) low = middle + 1
      else high = middle
    }
    return low < this.#marks.length && this.#marks[low]! < next[node]!
  }

  #blockOf(clause: number): number {
    return this.#namedChildren(clause).find((child) => codeOf(this.#file, child) === K.BLOCK) ?? -1
  }

  #namedChildren(index: number): number[] {
    const { next, kind, grammar } = this.#file.tree
    const found: number[] = []
    for (let child = index + 1; child < next[index]!; child = next[child]!) if (grammar.isNamed[kind[child]!]) found.push(child)
    return found
  }

  #child(index: number, field: number): number {
    return index < 0 ? -1 : childByField(this.#file.tree, index, field)
  }

  #text(index: number): string {
    const { text, start, end } = this.#file.tree
    return text.slice(start[index], end[index])
  }
}

const CLAUSES: ReadonlySet<number> = new Set([K.ELIF_CLAUSE, K.ELSE_CLAUSE, K.CASE_CLAUSE])
const DISPLAYS: ReadonlySet<number> = new Set([K.LIST, K.TUPLE, K.SET, K.DICTIONARY, K.EXPRESSION_LIST])
const COMPREHENSIONS: ReadonlySet<number> = new Set([K.LIST_COMPREHENSION, K.SET_COMPREHENSION, K.GENERATOR_EXPRESSION])
const IMPORTED: ReadonlySet<number> = new Set([K.DOTTED_NAME, K.ALIASED_IMPORT])
/** What a function can return that is an app, a router, some of them, or something that holds one. */
const RETURNED: ReadonlySet<number> = new Set([K.IDENTIFIER, K.ATTRIBUTE, K.CALL, K.CONDITIONAL_EXPRESSION, ...DISPLAYS])

