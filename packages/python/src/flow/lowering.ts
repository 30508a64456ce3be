import { childByField, NodeFlag } from '@krait/core'
import type { FlatTree } from '@krait/core'
import type { PythonNode } from '../syntax/node.ts'
import * as K from '../scopes/kind-codes.ts'
import { kindTableOf } from '../scopes/kind-codes.ts'
import type { FieldIds } from '../scopes/kind-codes.ts'
import type { Frame } from './frames.ts'
import * as G from './graph.ts'
import { GraphWriter } from './graph-writer.ts'
import type { FlowOptions } from './options.ts'

/** A piece of work on a node; what `b` and `c` are depends on the step. */
export type Step = (lowering: Lowering, node: number, b: number, c: number) => void

/** The steps that the others schedule without knowing where they are written. */
export interface Steps {
  /** Evaluates an expression for its value. */
  readonly expression: Step
  /** Evaluates a condition; what follows waits in label `b` if it is true and in label `c` if it is false. */
  readonly condition: Step
  /** Executes the statements from child `node` up to, not including, `b`. */
  readonly statements: Step
}

/** Translates code into a graph. The work still to do is a stack of steps, so nesting of any depth is no recursion. */
export class Lowering {
  readonly tree: FlatTree
  readonly codes: Uint8Array
  readonly fields: FieldIds
  readonly writer: GraphWriter
  readonly options: FlowOptions
  readonly steps: Steps
  /** The construct around that takes `break` and `continue`, and the one that takes `return`; see `Frame`. */
  jumpFrame: Frame | null = null
  returnFrame: Frame | null = null
  /** The frames that are open, innermost last. */
  readonly frames: Frame[] = []
  /** The heads of the comprehension loops that are open, innermost last. */
  readonly comprehensionHeads: number[] = []
  /** How often the code being written is written in all, because of the `finally` blocks around it. */
  finallyCopies = 1
  readonly #work: (Step | number)[] = []

  constructor(tree: FlatTree, root: number, options: FlowOptions, steps: Steps) {
    this.tree = tree
    const { codes, fields } = kindTableOf(tree.grammar)
    this.codes = codes
    this.fields = fields
    this.options = options
    this.steps = steps
    this.writer = new GraphWriter(tree, root)
  }

  /** Schedules a step before all that are scheduled already. */
  push(step: Step, node: number, b = 0, c = 0): void {
    this.#work.push(c, b, node, step)
  }

  /** Schedules the statements of a block; a missing block does nothing. */
  pushBlock(block: number): void {
    if (block >= 0) this.push(this.steps.statements, block + 1, this.tree.next[block])
  }

  /** Schedules the evaluation of an expression, if there is anything to evaluate in it. */
  pushExpression(node: number): void {
    if (node < 0) return
    if (this.tree.next[node]! > node + 1) this.push(this.steps.expression, node)
    else if (this.code(node) === K.IDENTIFIER) this.push(readName, node)
  }

  /** As `pushExpression`, for what is evaluated next: the same step schedules nothing after it. */
  evaluateNext(node: number): void {
    if (node < 0) return
    if (this.tree.next[node]! > node + 1) this.push(this.steps.expression, node)
    else if (this.code(node) === K.IDENTIFIER) this.writer.placeBefore(node)
  }

  /** Schedules the evaluation of all parts of a node, in source order, as what is evaluated next. */
  evaluateParts(node: number): void {
    const { next } = this.tree
    const end = next[node]!
    let child = node + 1
    // Names that stand first are read at once.
    for (; child < end && next[child] === child + 1; child++) if (this.code(child) === K.IDENTIFIER) this.writer.placeBefore(child)
    const work = this.#work
    const from = work.length
    for (; child < end; child = next[child]!) {
      if (next[child]! > child + 1) work.push(this.steps.expression, child, 0, 0)
      else if (this.code(child) === K.IDENTIFIER) work.push(readName, child, 0, 0)
    }
    // Written forwards and turned around: the stack gives the last one first.
    for (let low = from, high = work.length - 1; low < high; low++, high--) {
      const item = work[low]!
      work[low] = work[high]!
      work[high] = item
    }
  }

  /** Does all that is scheduled. */
  run(): void {
    const work = this.#work
    while (work.length > 0) {
      const step = work.pop() as Step
      const node = work.pop() as number
      const b = work.pop() as number
      step(this, node, b, work.pop() as number)
    }
  }

  code(node: number): number {
    return this.codes[this.tree.kind[node]!]!
  }

  child(node: number, field: number): number {
    return childByField(this.tree, node, field)
  }

  /** The first child of a kind, or -1. */
  childOfKind(node: number, code: number): number {
    const { next } = this.tree
    for (let child = node + 1; child < next[node]!; child = next[child]!) if (this.code(child) === code) return child
    return -1
  }

  /** The first child that is a node and no comment, or -1. */
  firstPart(node: number): number {
    const { next } = this.tree
    for (let child = node + 1; child < next[node]!; child = next[child]!) if (this.isPart(child)) return child
    return -1
  }

  /** The children that are nodes and no comments. */
  parts(node: number): number[] {
    const { next } = this.tree
    const found: number[] = []
    for (let child = node + 1; child < next[node]!; child = next[child]!) if (this.isPart(child)) found.push(child)
    return found
  }

  /** Whether a node is no token and no comment. */
  isPart(node: number): boolean {
    const { tree } = this
    return tree.grammar.isNamed[tree.kind[node]!] === 1 && (tree.flags[node]! & NodeFlag.extra) === 0
  }

  /** Whether the `async` keyword opens the node. */
  isAsync(node: number): boolean {
    const { text, start } = this.tree
    return text.startsWith('async', start[node])
  }

  textOf(node: number): string {
    const { text, start, end } = this.tree
    return text.slice(start[node], end[node])
  }

  nodeAt(index: number): PythonNode {
    return this.tree.node(index) as PythonNode
  }

  /** What was evaluated may raise, unless the caller knows better about this node. */
  mayRaise(node: number, reason: number): void {
    if (this.options.cannotRaise?.(this.nodeAt(node)) !== true) this.writer.pendingReasons |= reason
  }

  /** If something that was evaluated may raise, it does so at a point here, before what follows has any effect. */
  settle(node: number): void {
    if (this.writer.pendingReasons !== 0) this.writer.point(node, G.EXPRESSION)
  }
}

const readName: Step = (lowering, node) => lowering.writer.placeBefore(node)
