import type { WithItemNode } from '../generated/nodes.ts'
import * as K from '../scopes/kind-codes.ts'
import * as F from './frames.ts'
import * as G from './graph.ts'
import { pushTarget, settleTarget } from './lower-assignments.ts'
import type { Lowering, Step } from './lowering.ts'
import { swallowsByName } from './options.ts'

/** Items are entered in order, and left in the opposite order on every way out of the body. */
export function lowerWith(lowering: Lowering, node: number): void {
  lowering.writer.mappedPoint(node, G.STATEMENT)
  const items = itemsOf(lowering, node)
  const await_ = lowering.isAsync(node) ? G.BY_AWAIT : 0
  for (const item of items) lowering.push(leaveItem, item, G.BY_WITH_EXIT | await_)
  lowering.pushBlock(lowering.child(node, lowering.fields.body))
  for (const item of items.reverse()) {
    lowering.push(enterItem, item, G.BY_WITH_ENTER | await_)
    lowering.pushExpression(partsOf(lowering, item).manager)
  }
}

const enterItem: Step = (lowering, item, reasons) => {
  lowering.mayRaise(item, reasons)
  lowering.writer.mappedPoint(item, G.WITH_ENTER)
  F.openCleanup(lowering)
  const { target } = partsOf(lowering, item)
  if (target < 0) return
  lowering.push(bindTarget, target, item)
  pushTarget(lowering, target)
}

const bindTarget: Step = (lowering, target, item) => {
  // The target of an `as` is wrapped once more.
  settleTarget(lowering, lowering.firstPart(target), item)
  lowering.writer.mappedPoint(target, G.BIND)
}

const leaveItem: Step = (lowering, item, reasons) => {
  const { writer } = lowering
  const swallows = (lowering.options.swallows ?? swallowsByName)(lowering.nodeAt(item) as WithItemNode)
  const done = writer.newLabel()
  for (const way of F.waysOut(lowering, F.closeFrame(lowering))) {
    writer.bind(way.label)
    lowering.mayRaise(item, reasons)
    const point = writer.point(item, G.WITH_EXIT)
    if (way.way === F.BY_EXCEPTION && swallows === 'always') {
      writer.relabel(G.SWALLOW_EDGE)
      writer.moveCurrentTo(done)
      continue
    }
    if (way.way === F.BY_EXCEPTION && swallows === 'maybe') writer.edge(point, G.SWALLOW_EDGE, -1, done)
    F.goOn(lowering, way, done)
  }
  writer.bind(done)
}

function itemsOf(lowering: Lowering, node: number): number[] {
  const { tree } = lowering
  const clause = lowering.childOfKind(node, K.WITH_CLAUSE)
  const items: number[] = []
  for (let child = clause + 1; clause >= 0 && child < tree.next[clause]!; child = tree.next[child]!) {
    if (lowering.code(child) === K.WITH_ITEM) items.push(child)
  }
  return items
}

/** The context manager of an item and what it is bound to; -1 where there is none. `(manager as target)` is an item too. */
function partsOf(lowering: Lowering, item: number): { readonly manager: number; readonly target: number } {
  const { fields } = lowering
  const value = lowering.child(item, fields.value)
  let inner = value
  while (inner >= 0 && lowering.code(inner) === K.PARENTHESIZED_EXPRESSION) inner = lowering.firstPart(inner)
  if (inner < 0 || lowering.code(inner) !== K.AS_PATTERN) return { manager: value, target: -1 }
  return { manager: lowering.firstPart(inner), target: lowering.child(inner, fields.alias) }
}
