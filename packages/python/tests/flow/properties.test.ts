import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Flow, PointRole, PythonNode } from '@krait/python'
import { semanticsOf } from '../../src/file-semantics.ts'
import * as G from '../../src/flow/graph.ts'
import { fixtures } from '../syntax/fixtures.ts'
import { FlowCase } from './support/flow-of.ts'
import { programs, render } from './support/program.ts'

describe('the graphs of a file', () => {
  test.each(fixtures)('are consistent: %s', (_name, text) => {
    allFlows(text).forEach(expectConsistent)
    expectPlaces(text)
  })

  test.each([['a(), b'], ['match a:\n'], ['match a:\n    pass'], ['x = (a(), b)\nif c: pass']])('are consistent for %j', (text) => {
    allFlows(text).forEach(expectConsistent)
  })

  test('are consistent for generated programs', () => {
    fc.assert(fc.property(programs(4), (program) => allFlows(render(program)).forEach(expectConsistent)), { numRuns: 100 })
  })

  test('are consistent for text cut off anywhere', () => {
    const text = fixtures.map(([, content]) => content).join('\n')
    const property = fc.property(fc.nat(text.length), fc.nat(400), (start, length) => {
      allFlows(text.slice(start, start + length)).forEach(expectConsistent)
    })
    fc.assert(property, { numRuns: 200 })
  })
})

describe('for generated programs', () => {
  test('dominators are the points without which a point is not reached', () => {
    const property = fc.property(programs(3), (program) => {
      const { flow } = new FlowCase(render(program))
      const points = flow.points.filter((point) => flow.isReachable(point))
      for (const other of points) {
        const avoidable = other === flow.entry ? new Set() : reachedWithout(flow, other.index)
        const dominated = points.filter((point) => flow.dominates(other, point))
        expect(dominated).toEqual(points.filter(({ index }) => !avoidable.has(index)))
      }
    })
    fc.assert(property, { numRuns: 60 })
  })

  test('definitions reach a reading if a path leads there on which no other one comes between', () => {
    const property = fc.property(programs(4), (program) => {
      const code = new FlowCase(render(program))
      const { scopes } = semanticsOf(code.module.tree)
      for (const binding of scopes.scopeMadeBy(code.first('function_definition'))!.bindings.values()) {
        const defining = new Map(binding.definitions.map((definition) => [definition, definingPoints(code.flow, definition.name)]))
        const ends = code.flow.pointsInRole('unbind').filter(({ node }) => binding.definitions.some(({ kind, name }) => kind === 'except' && node.contains(name)))
        const others = [...defining.values()].flat().concat(ends)
        for (const reference of binding.references) {
          const place = code.flow.pointsOf(reference)
          const expected = binding.definitions.filter(({ kind }) => kind !== 'delete').filter((definition) => reaches(code.flow, defining.get(definition)!, place, others))
          const { definitions } = code.flow.definitionsOf(reference)
          expect(definitions.map(({ index }) => index)).toEqual(expected.map(({ index }) => index))
          for (const definition of definitions) expect(code.flow.readsOf(definition).reads).toContain(reference)
        }
      }
    })
    fc.assert(property, { numRuns: 60 })
  })
})

/** Whether a path leads from one of the points to one of the places without coming to one of the others before. */
function reaches(flow: Flow, from: Flow['points'], places: Flow['points'], others: Flow['points']): boolean {
  return from.some((point) => {
    if (!flow.isReachable(point)) return false
    // What is defined at a place is read there first.
    return places.some((place) => {
      const before = others.filter((other) => other !== place)
      return flow.canReach(point, place, { avoiding: before })
    })
  })
}

/** The points of the nearest node around a name that is bound at points of its own. */
function definingPoints(flow: Flow, name: PythonNode): Flow['points'] {
  for (let node: PythonNode | null = name; node && node !== flow.node; node = node.parent) {
    // What may fail before a name is bound has a point of its own.
    const points = flow.points.filter((point) => point.node === node && BINDING.has(point.role) && !point.edges.some(({ kind }) => kind === 'exception'))
    if (points.length > 0) return points
  }
  return []
}

const BINDING: ReadonlySet<PointRole> = new Set(['expression', 'statement', 'bind', 'except'])

/** The flow of every module, class, function and lambda in a text. */
function allFlows(text: string): readonly Flow[] {
  const code = new FlowCase(text)
  const roots = [code.module, ...code.all('function_definition'), ...code.all('class_definition'), ...code.all('lambda')]
  return roots.map((root) => code.flowOf(root))
}

function expectConsistent(flow: Flow): void {
  expect(inconsistencies(flow)).toEqual([])
}

function inconsistencies(flow: Flow): readonly string[] {
  const { graph } = flow
  const { pointCount, pointNodes, pointRoles, pointPartners, edgeCount, edgeStarts, edgeSources, edgeTargets, edgeKinds, edgeReasons } = graph
  const problems: string[] = []
  const check = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem)
  }
  check(edgeStarts[pointCount] === edgeCount, 'edges are missing')
  check(new Set(graph.incoming).size === edgeCount, 'incoming edges are missing')
  for (let point = 0; point < pointCount; point++) {
    const isExit = point === G.NORMAL_EXIT || point === G.RAISE_EXIT
    check(edgeStarts[point + 1]! > edgeStarts[point]! === !isExit, `${point} leads nowhere, or an exit leads on`)
    check(pointNodes[point]! >= graph.root && pointNodes[point]! < graph.tree.next[graph.root]!, `${point} is outside of the code`)
    if (pointRoles[point] === G.FINALLY) check(pointPartners[pointPartners[point]!] === point, `${point} has no end`)
    if (G.isLoopHead(graph, point)) check(pointPartners[point]! > point && pointPartners[point]! <= pointCount, `${point} has no body`)
  }
  for (let edge = 0; edge < edgeCount; edge++) {
    const source = edgeSources[edge]!
    const target = edgeTargets[edge]!
    const kind = edgeKinds[edge]!
    check(edge >= edgeStarts[source]! && edge < edgeStarts[source + 1]!, `${edge} is not sorted`)
    check(target > G.ENTRY && target < pointCount, `${edge} leads out of range`)
    check(G.isBackEdge(graph, edge) === (target > G.RAISE_EXIT && target <= source), `${edge} goes back to something else than a loop`)
    check((kind !== G.EXCEPTION_EDGE && kind !== G.UNWIND_EDGE) || edgeReasons[edge] !== 0, `${edge} has no reason`)
    check(kind !== G.EXCEPTION_EDGE || !NEVER_RAISING.has(pointRoles[source]!), `${source} binds and raises`)
  }
  for (const place of graph.placePoints) check((place < 0 ? ~place : place) < pointCount, 'a place is out of range')
  check(flow.isReachable(flow.normalExit) || flow.isReachable(flow.raiseExit) || flow.loops.length > 0, 'it never ends')
  check(flow.exits.canRaise === flow.isReachable(flow.raiseExit), 'the exits are wrong')
  return problems
}

/** The roles of points at which names are bound. */
const NEVER_RAISING: ReadonlySet<number> = new Set([G.ENTRY_ROLE, G.BIND, G.UNBIND, G.EXCEPT])

/** The points that are reached if one of them lets nobody pass. */
function reachedWithout({ graph, entry }: Flow, avoided: number): ReadonlySet<number> {
  const reached = new Set([entry.index])
  for (const point of reached) {
    for (let edge = graph.edgeStarts[point]!; edge < graph.edgeStarts[point + 1]!; edge++) {
      if (graph.edgeTargets[edge] !== avoided) reached.add(graph.edgeTargets[edge]!)
    }
  }
  return reached
}

/** Each name that is read is evaluated somewhere. */
function expectPlaces(text: string): void {
  const code = new FlowCase(text)
  for (const index of semanticsOf(code.module.tree).tables.referenceNodes) {
    const name = code.module.tree.node(index) as PythonNode
    expect(code.flowOf(name).pointsOf(name).length, `${name.text} on line ${name.loc.start.line}`).toBeGreaterThan(0)
  }
}
