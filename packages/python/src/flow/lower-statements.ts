import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import { pushCondition } from './lower-conditions.ts'
import { pushTarget } from './lower-assignments.ts'
import { pushDefaults } from './lower-expressions.ts'
import { lowerFor, lowerWhile } from './lower-loops.ts'
import { lowerMatch } from './lower-match.ts'
import { bind, moveTo, pushOperand } from './lower-operators.ts'
import { lowerTry } from './lower-try.ts'
import { lowerWith } from './lower-with.ts'
import type { Lowering, Step } from './lowering.ts'

/** Executes the statements from a child up to, not including, `end`, one after the other. */
export function lowerStatements(lowering: Lowering, first: number, end: number): void {
  let statement = first
  while (statement < end && !lowering.isPart(statement)) statement = lowering.tree.next[statement]!
  if (statement >= end) return
  lowering.push(lowerStatements, lowering.tree.next[statement]!, end)
  lowerStatement(lowering, statement)
}

function lowerStatement(lowering: Lowering, node: number): void {
  switch (lowering.code(node)) {
    case K.EXPRESSION_STATEMENT:
      lowering.push(finishExpressionStatement, node)
      lowering.evaluateParts(node)
      return
    case K.RETURN_STATEMENT:
      lowering.push(finishJump, node, F.BY_RETURN)
      lowering.evaluateParts(node)
      return
    case K.RAISE_STATEMENT:
      lowering.push(finishRaise, node)
      lowering.evaluateParts(node)
      return
    case K.BREAK_STATEMENT:
      finishJump(lowering, node, F.BY_BREAK, 0)
      return
    case K.CONTINUE_STATEMENT:
      finishJump(lowering, node, F.BY_CONTINUE, 0)
      return
    case K.IF_STATEMENT:
      lowerIf(lowering, node)
      return
    case K.WHILE_STATEMENT:
      lowerWhile(lowering, node)
      return
    case K.FOR_STATEMENT:
      lowerFor(lowering, node)
      return
    case K.TRY_STATEMENT:
      lowerTry(lowering, node)
      return
    case K.WITH_STATEMENT:
      lowerWith(lowering, node)
      return
    case K.MATCH_STATEMENT:
      lowerMatch(lowering, node)
      return
    case K.DECORATED_DEFINITION:
      lowerDecorated(lowering, node)
      return
    case K.FUNCTION_DEFINITION:
    case K.CLASS_DEFINITION:
      lowerDefinition(lowering, node, 0)
      return
    case K.IMPORT_STATEMENT:
    case K.IMPORT_FROM_STATEMENT:
      lowering.mayRaise(node, G.BY_IMPORT)
      lowering.settle(node)
      lowering.writer.mappedPoint(node, G.STATEMENT)
      return
    case K.DELETE_STATEMENT:
      lowering.push(finishDelete, node)
      pushTarget(lowering, node)
      return
    case K.GLOBAL_STATEMENT:
    case K.NONLOCAL_STATEMENT:
    case K.FUTURE_IMPORT_STATEMENT:
    case K.TYPE_ALIAS_STATEMENT:
    case K.ERROR:
      lowering.writer.mappedPoint(node, G.STATEMENT)
      return
    case K.BLOCK:
      lowering.pushBlock(node)
      return
    default:
      lowerOther(lowering, node)
  }
}

/** `pass`, `assert`, and the statements of Python 2. */
function lowerOther(lowering: Lowering, node: number): void {
  const { tree } = lowering
  if (tree.grammar.kindNames[tree.kind[node]!] === 'assert_statement') {
    lowerAssert(lowering, node)
    return
  }
  lowering.push(finishStatement, node)
  lowering.evaluateParts(node)
}

const finishDelete: Step = (lowering, node) => {
  lowering.mayRaise(node, G.BY_NAME)
  lowering.settle(node)
  lowering.writer.mappedPoint(node, G.STATEMENT)
}

const finishStatement: Step = (lowering, node) => {
  lowering.writer.mappedPoint(node, G.STATEMENT)
}

/** A statement that is nothing but one expression with a point shares that point. */
const finishExpressionStatement: Step = (lowering, node) => {
  const { writer } = lowering
  const expression = lowering.firstPart(node)
  if (expression >= 0 && isLastStep(lowering, expression)) writer.map(node, writer.lastPoint)
  else writer.mappedPoint(node, G.STATEMENT)
}

/** A chain of assignments ends with the innermost one. */
function isLastStep(lowering: Lowering, expression: number): boolean {
  let node = expression
  while (node >= 0 && lowering.code(node) === K.ASSIGNMENT) {
    if (lowering.writer.endsWith(node)) return true
    node = lowering.child(node, lowering.fields.right)
  }
  return node >= 0 && lowering.writer.endsWith(node)
}

const finishJump: Step = (lowering, node, way) => {
  const { writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  if (way !== F.BY_RETURN && !lowering.jumpFrame) return
  writer.relabel(way === F.BY_RETURN ? G.RETURN_EDGE : way === F.BY_BREAK ? G.BREAK_EDGE : G.CONTINUE_EDGE)
  F.leave(lowering, way)
}

const finishRaise: Step = (lowering, node) => {
  lowering.writer.pendingReasons |= G.BY_RAISE
  lowering.writer.mappedPoint(node, G.STATEMENT, false)
}

/** A failing `assert` is a point of its own, where its message is evaluated. */
function lowerAssert(lowering: Lowering, node: number): void {
  const { writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  const [condition = -1, message = -1] = lowering.parts(node)
  const holds = writer.newLabel()
  const fails = writer.newLabel()
  lowering.push(bind, node, holds)
  lowering.push(finishAssert, node)
  pushOperand(lowering, message)
  lowering.push(bind, node, fails)
  pushCondition(lowering, condition, node, holds, fails)
}

const finishAssert: Step = (lowering, node) => {
  lowering.writer.pendingReasons |= G.BY_ASSERT
  lowering.writer.point(node, G.ASSERT_FAILURE, false)
}

function lowerIf(lowering: Lowering, node: number): void {
  const { fields, writer } = lowering
  writer.mappedPoint(node, G.STATEMENT)
  const done = writer.newLabel()
  lowering.push(bind, node, done)
  lowering.push(lowerAlternatives, node + 1, node, done)
  pushBranch(lowering, node, lowering.child(node, fields.condition), lowering.child(node, fields.consequence), done)
}

/** One branch: what follows it waits in `done`, and what comes next is the case that the condition is false. */
function pushBranch(lowering: Lowering, owner: number, condition: number, block: number, done: number): void {
  const { writer } = lowering
  const whenTrue = writer.newLabel()
  const whenFalse = writer.newLabel()
  lowering.push(bind, owner, whenFalse)
  lowering.push(moveTo, owner, done)
  lowering.pushBlock(block)
  lowering.push(bind, owner, whenTrue)
  pushCondition(lowering, condition, owner, whenTrue, whenFalse)
}

/** The `elif` and `else` clauses from a child on. */
const lowerAlternatives: Step = (lowering, from, statement, done) => {
  const { tree, fields } = lowering
  for (let child = from; child < tree.next[statement]!; child = tree.next[child]!) {
    const code = lowering.code(child)
    if (code === K.ELSE_CLAUSE) {
      lowering.pushBlock(lowering.child(child, fields.body))
      return
    }
    if (code !== K.ELIF_CLAUSE) continue
    lowering.push(lowerAlternatives, tree.next[child]!, statement, done)
    pushBranch(lowering, child, lowering.child(child, fields.condition), lowering.child(child, fields.consequence), done)
    return
  }
}

/** Decorators are evaluated first, and called when the function or class is there. */
function lowerDecorated(lowering: Lowering, node: number): void {
  const { tree, fields } = lowering
  const definition = lowering.child(node, fields.definition)
  lowering.push(lowerDecoratedDefinition, node, definition)
  const decorators: number[] = []
  for (let child = node + 1; child < tree.next[node]!; child = tree.next[child]!) if (lowering.code(child) === K.DECORATOR) decorators.push(child)
  for (const decorator of decorators.reverse()) lowering.pushExpression(decorator)
}

const lowerDecoratedDefinition: Step = (lowering, node, definition) => {
  if (definition >= 0) lowerDefinition(lowering, definition, node)
  else lowering.writer.mappedPoint(node, G.STATEMENT)
}

/** The body is another graph; here the defaults or bases are evaluated and the name is bound. */
function lowerDefinition(lowering: Lowering, node: number, decorated: number): void {
  const { fields } = lowering
  lowering.push(finishDefinition, node, decorated)
  if (lowering.code(node) === K.CLASS_DEFINITION) lowering.pushExpression(lowering.child(node, fields.superclasses))
  else pushDefaults(lowering, lowering.child(node, fields.parameters))
}

const finishDefinition: Step = (lowering, node, decorated) => {
  const { writer } = lowering
  if (decorated > 0 || lowering.code(node) === K.CLASS_DEFINITION) lowering.mayRaise(node, G.BY_DEFINITION)
  lowering.settle(node)
  const point = writer.mappedPoint(node, G.STATEMENT)
  if (decorated > 0) writer.map(decorated, point)
}
