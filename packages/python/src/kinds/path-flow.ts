import type { FileSemantics } from '../file-semantics.ts'
import type { Flow } from '../flow/flow.ts'
import * as G from '../flow/graph.ts'
import type { FlowGraph } from '../flow/graph.ts'
import { definingPoints } from '../flow/name-events.ts'
import { placesOf } from '../flow/place.ts'
import type { Definition } from '../scopes/scopes.ts'
import { withoutParentheses } from '../shared/parentheses.ts'
import type { PythonNode } from '../syntax/node.ts'
import { valueTest } from './awareness-tests.ts'
import type { ValueTest } from './awareness-tests.ts'
import type { Awareness } from './narrowing.ts'

/** Where a name or attribute may have got the value that it has at some place, with what tests since then say of it. */
export interface Origin {
  /** A definition of the name, the assignment to the attribute, or `null`: what the declaration says, or other code. */
  readonly from: Definition | PythonNode | null
  readonly awareness: Awareness | null
  /** Tests with `isinstance()`, the last one first. */
  readonly instanceTests: readonly { readonly classes: PythonNode; readonly holds: boolean }[]
}

/** Larger codes are not walked through. */
const MAX_POINTS = 20_000
const MAX_STATES = 4000
const MAX_TESTS = 4

interface State {
  readonly point: number
  readonly awareness: Awareness | null
  readonly instanceTests: Origin['instanceTests']
}

/** Where the values of names and attribute paths (`order.created_at`) come from, within the code of one function. */
export class PathFlow {
  readonly #file: FileSemantics
  readonly #codes = new Map<number, CodePaths>()

  constructor(file: FileSemantics) {
    this.#file = file
  }

  /** The origins of a name's or attribute's value where it is read; `null` if that is not known. */
  originsOf(use: PythonNode): readonly Origin[] | null {
    const key = pathKey(this.#file, use)
    if (key === null) return null
    const flow = this.#file.flow(use)
    if (flow.graph.pointCount > MAX_POINTS) return null
    const around = this.#testsAround(use, key)
    const code = this.#codeOf(flow)
    const begin: State = { point: -1, ...around }
    if (!code.tests.has(key) && !code.assignments.has(key)) return this.#plainOrigins(use, flow, begin)
    return this.#walk(use, key, flow, code, begin)
  }

  /** Without tests of it, the definitions that reach a name count. */
  #plainOrigins(use: PythonNode, flow: Flow, begin: State): readonly Origin[] {
    if (use.kind !== 'identifier') return [origin(null, begin)]
    const { definitions, elsewhere } = flow.definitionsOf(use)
    const found = definitions.map((definition) => origin(definition, begin))
    return elsewhere || found.length === 0 ? [...found, origin(null, begin)] : found
  }

  #walk(use: PythonNode, key: string, flow: Flow, code: CodePaths, begin: State): readonly Origin[] | null {
    const { graph } = flow
    const found: Origin[] = []
    const seen = new Set<string>()
    const stack: State[] = placesOf(graph, use.index).points.map((point) => ({ ...begin, point }))
    for (let state = stack.pop(); state; state = stack.pop()) {
      const id = `${state.point} ${state.awareness} ${state.instanceTests.map(({ classes, holds }) => `${classes.index}${holds}`).join()}`
      if (seen.has(id)) continue
      if (seen.size >= MAX_STATES) return null
      seen.add(id)
      for (let at = graph.incomingStarts[state.point]!; at < graph.incomingStarts[state.point + 1]!; at++) {
        const edge = graph.incoming[at]!
        const point = graph.edgeSources[edge]!
        if (flow.reachable[point] !== 1) continue
        const next = this.#acrossEdge(graph, edge, key, { ...state, point })
        const from = graph.edgeKinds[edge] === G.EXCEPTION_EDGE ? undefined : code.originAt(key, point)
        if (from !== undefined) found.push(origin(from, next))
        else if (point === G.ENTRY) found.push(origin(null, next))
        else stack.push(next)
      }
    }
    return found
  }

  #acrossEdge(graph: FlowGraph, edge: number, key: string, state: State): State {
    const kind = graph.edgeKinds[edge]
    if (kind !== G.TRUE_EDGE && kind !== G.FALSE_EDGE) return state
    const test = valueTest(graph.tree.node(graph.edgeNodes[edge]!) as PythonNode)
    if (!test || pathKey(this.#file, test.subject) !== key) return state
    return { ...state, ...withTest(state, test, kind === G.TRUE_EDGE) }
  }

  /** What the conditions of `x if test else y`, `test and x` and comprehensions around a place say, which have no points of their own. */
  #testsAround(use: PythonNode, key: string): Pick<State, 'awareness' | 'instanceTests'> {
    let state: Pick<State, 'awareness' | 'instanceTests'> = { awareness: null, instanceTests: [] }
    for (let child = use, up = use.parent; up && !up.kind.endsWith('statement') && up.kind !== 'block' && up.kind !== 'module'; child = up, up = up.parent) {
      const condition = conditionAround(child, up)
      if (!condition) continue
      for (const [test, holds] of decidedTests(condition.test, condition.holds)) {
        const found = valueTest(test)
        if (found && pathKey(this.#file, found.subject) === key) state = withTest(state, found, holds)
      }
    }
    return state
  }

  #codeOf(flow: Flow): CodePaths {
    let code = this.#codes.get(flow.graph.root)
    if (!code) this.#codes.set(flow.graph.root, (code = new CodePaths(this.#file, flow.graph)))
    return code
  }
}

/** Tests for `None` say something beside others only. */
function isAboutZone(test: ValueTest): boolean {
  return 'classes' in test || test.ifTrue === 'aware' || test.ifTrue === 'naive'
}

/** What one flow has to do with names and attribute paths. */
class CodePaths {
  /** The paths of which tests ask. */
  readonly tests: ReadonlySet<string>
  /** Assignments to attributes, by path and then by point. */
  readonly assignments: ReadonlyMap<string, ReadonlyMap<number, PythonNode>>
  readonly #definitions: ReadonlyMap<string, ReadonlyMap<number, Definition>>

  constructor(file: FileSemantics, graph: FlowGraph) {
    const tests = new Set<string>()
    const assignments = new Map<string, Map<number, PythonNode>>()
    for (let edge = 0; edge < graph.edgeCount; edge++) {
      if (graph.edgeKinds[edge] !== G.TRUE_EDGE) continue
      const test = valueTest(graph.tree.node(graph.edgeNodes[edge]!) as PythonNode)
      const key = test && isAboutZone(test) ? pathKey(file, test.subject) : null
      if (key) tests.add(key)
    }
    for (let point = 0; point < graph.pointCount; point++) {
      if (graph.pointRoles[point] !== G.EXPRESSION || graph.pointNodes[point]! < 0) continue
      const node = graph.tree.node(graph.pointNodes[point]!) as PythonNode
      if (node.kind !== 'assignment' && node.kind !== 'augmented_assignment') continue
      for (const target of targetsOf(node.left)) {
        const key = target.kind === 'attribute' ? pathKey(file, target) : null
        if (key === null) continue
        const ofPath = assignments.get(key) ?? new Map<number, PythonNode>()
        assignments.set(key, ofPath.set(point, node))
      }
    }
    const asked = new Set([...tests, ...assignments.keys()].map((key) => key.split('.')[0]!))
    this.tests = tests
    this.assignments = assignments
    this.#definitions = definitionsOf(file, graph, asked)
  }

  /** What gives the path its value at a point; `null` if a part of the path gets a new one, `undefined` if nothing does. */
  originAt(key: string, point: number): Definition | PythonNode | null | undefined {
    const own = this.assignments.get(key)?.get(point)
    if (own) return own
    const [root] = key.split('.')
    const definition = this.#definitions.get(root!)?.get(point)
    if (definition) return key === root ? definition : null
    for (let end = key.lastIndexOf('.'); end > 0; end = key.lastIndexOf('.', end - 1)) {
      if (this.assignments.get(key.slice(0, end))?.has(point)) return null
    }
    return undefined
  }
}

function definitionsOf(file: FileSemantics, graph: FlowGraph, asked: ReadonlySet<string>): ReadonlyMap<string, ReadonlyMap<number, Definition>> {
  const found = new Map<string, Map<number, Definition>>()
  const { definitionKinds, definitionIdentifiers } = file.tables
  for (const key of asked) {
    const byPoint = new Map<number, Definition>()
    for (const definition of file.scopes.bindingAt(Number(key)).definitions) {
      if (definition.kind === 'annotation' || definition.kind === 'delete') continue
      if (definition.name.index < graph.root || definition.name.index >= graph.tree.next[graph.root]!) continue
      for (const point of definingPoints(graph, definitionKinds[definition.index]!, definitionIdentifiers[definition.index]!)) byPoint.set(point, definition)
    }
    found.set(key, byPoint)
  }
  return found
}

/** `x` and `x.y.z` by the binding of `x`; `null` for all else. */
export function pathKey(file: FileSemantics, node: PythonNode): string | null {
  const attributes: string[] = []
  let current = withoutParentheses(node)
  while (current.kind === 'attribute') {
    attributes.unshift(current.attribute.text)
    current = current.object
  }
  if (current.kind === 'named_expression') current = current.name
  const binding = current.kind === 'identifier' ? file.scopes.bindingOf(current) : null
  return binding && [binding.index, ...attributes].join('.')
}

function origin(from: Origin['from'], { awareness, instanceTests }: Pick<State, 'awareness' | 'instanceTests'>): Origin {
  return { from, awareness, instanceTests }
}

/** The test that comes last counts for the time zone. */
function withTest(state: Pick<State, 'awareness' | 'instanceTests'>, test: ValueTest, holds: boolean): Pick<State, 'awareness' | 'instanceTests'> {
  if ('classes' in test) {
    if (state.instanceTests.length >= MAX_TESTS) return state
    return { awareness: state.awareness, instanceTests: [...state.instanceTests, { classes: test.classes, holds }] }
  }
  return state.awareness === null ? { ...state, awareness: holds ? test.ifTrue : test.ifFalse } : state
}

/** The condition under which a part of an expression is evaluated. */
function conditionAround(child: PythonNode, node: PythonNode): { readonly test: PythonNode; readonly holds: boolean } | null {
  switch (node.kind) {
    case 'conditional_expression': {
      const [then, test] = node.namedChildren
      return !test || child === test ? null : { test, holds: child === then }
    }
    case 'boolean_operator':
      return child === node.right ? { test: node.left, holds: node.operator.kind === 'and' } : null
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension': {
      const test = child === node.body ? node.namedChildren.find(({ kind }) => kind === 'if_clause')?.namedChildren[0] : undefined
      return test ? { test, holds: true } : null
    }
    default:
      return null
  }
}

/** The tests whose outcome a condition with a known outcome decides. */
function* decidedTests(condition: PythonNode, holds: boolean): Generator<readonly [PythonNode, boolean]> {
  const stack: (readonly [PythonNode, boolean])[] = [[condition, holds]]
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const [part, isTrue] = entry
    const node = withoutParentheses(part)
    if (node.kind === 'not_operator') stack.push([node.argument, !isTrue])
    else if (node.kind !== 'boolean_operator') yield [node, isTrue]
    else if ((node.operator.kind === 'and') === isTrue) stack.push([node.left, isTrue], [node.right, isTrue])
  }
}

function targetsOf(left: PythonNode): readonly PythonNode[] {
  return left.kind === 'pattern_list' || left.kind === 'tuple_pattern' || left.kind === 'list_pattern' ? left.namedChildren : [left]
}
