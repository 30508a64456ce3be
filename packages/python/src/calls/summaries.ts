import type { ProjectReader } from '@krait/core'
import { effectsOfLibraryCall } from '../data/effects.ts'
import type { Effect } from '../data/effects.ts'
import { PythonProject } from '../project/python-project.ts'
import { lastPart } from '../shared/dotted-name.ts'
import { CallTargets } from './call-targets.ts'
import { directRaises, passesGuards } from './escapes.ts'
import type { DirectRaise } from './escapes.ts'
import { implementationsOf } from './implementations.ts'
import { findFunction } from './project-functions.ts'
import type { ProjectFunction } from './project-functions.ts'
import type { CallPath, EscapingException, FunctionSummary, PathStep } from './summary.ts'

/** More exceptions of one function are left out. */
const MAX_EXCEPTIONS = 100
/** Longer paths are cut at their end. */
const MAX_PATH = 20

/** A function in the call graph. */
interface CallNode {
  readonly id: string
  readonly function: ProjectFunction
  readonly project: PythonProject
  readonly edges: readonly CallEdge[]
  readonly raises: readonly DirectRaise[]
  readonly effects: ReadonlyMap<Effect, PathStep>
  readonly unknownCalls: number
}

/** A call of a function of the project. */
interface CallEdge {
  readonly step: PathStep
  readonly guard: number | undefined
  readonly target: string
}

interface Callee {
  readonly path: string
  readonly name: string
  readonly isCoroutine: boolean
}

interface Draft {
  readonly raises: Map<string, CallPath>
  readonly effects: Map<Effect, CallPath>
  unknownCalls: number
}

/**
 * The summaries of functions over the call graph. Each is made when it is first asked for, together with those of the functions it calls; functions
 * that call each other in a circle are brought to a fixed point together. A summary depends on what is reachable from the function alone.
 */
export class Summaries {
  readonly #reader: ProjectReader
  readonly #projects = new Map<string, PythonProject>()
  readonly #targets = new Map<PythonProject, CallTargets>()
  readonly #nodes = new Map<string, CallNode | null>()
  readonly #done = new Map<string, Draft>()

  constructor(reader: ProjectReader) {
    this.#reader = reader
  }

  /** @param id the file that holds the function and its qualified name, with a colon between; see `functionId` */
  summaryOf(id: string): FunctionSummary | undefined {
    const node = this.#node(id)
    if (!node) return undefined
    if (!this.#done.has(id)) this.#finish(id)
    const draft = this.#done.get(id)!
    const raises: EscapingException[] = [...draft.raises].map(([exception, path]) => ({ exception, path }))
    return {
      raises: raises.sort((a, b) => (a.exception < b.exception ? -1 : 1)),
      effects: Object.fromEntries([...draft.effects].sort(([a], [b]) => (a < b ? -1 : 1))),
      isAsync: node.function.fact?.async === true,
      unknownCalls: draft.unknownCalls,
    }
  }

  /** Tarjan's algorithm with a stack of its own: components come out with all that they call before them. */
  #finish(start: string): void {
    const order = new Map<string, number>()
    const low = new Map<string, number>()
    const open: string[] = []
    const isOpen = new Set<string>()
    const work: { readonly id: string; next: number }[] = []
    enter(start)
    while (work.length > 0) {
      const frame = work[work.length - 1]!
      const edges = this.#nodes.get(frame.id)!.edges
      const edge = edges[frame.next]
      if (edge) {
        frame.next++
        if (this.#done.has(edge.target) || !this.#node(edge.target)) continue
        if (!order.has(edge.target)) enter(edge.target)
        else if (isOpen.has(edge.target)) low.set(frame.id, Math.min(low.get(frame.id)!, order.get(edge.target)!))
        continue
      }
      work.pop()
      const caller = work[work.length - 1]
      if (caller) low.set(caller.id, Math.min(low.get(caller.id)!, low.get(frame.id)!))
      if (low.get(frame.id) !== order.get(frame.id)) continue
      const component = open.splice(open.indexOf(frame.id))
      for (const member of component) isOpen.delete(member)
      this.#summarise(component.sort())
    }

    function enter(id: string): void {
      order.set(id, order.size)
      low.set(id, order.get(id)!)
      open.push(id)
      isOpen.add(id)
      work.push({ id, next: 0 })
    }
  }

  /** Brings the functions of one component to their fixed point, shortest paths first. */
  #summarise(component: readonly string[]): void {
    for (const id of component) {
      const { raises, effects, unknownCalls } = this.#nodes.get(id)!
      this.#done.set(id, {
        raises: new Map(raises.slice(0, MAX_EXCEPTIONS).map(({ exception, step }) => [exception, [step]])),
        effects: new Map([...effects].map(([effect, step]) => [effect, [step]])),
        unknownCalls,
      })
    }
    for (let hasChanged = true; hasChanged; ) {
      hasChanged = false
      for (const id of component) if (this.#takeOver(this.#nodes.get(id)!)) hasChanged = true
    }
    const members = new Set(component)
    for (const id of component) {
      const draft = this.#done.get(id)!
      for (const { target } of this.#nodes.get(id)!.edges) if (!members.has(target)) draft.unknownCalls += this.#done.get(target)?.unknownCalls ?? 0
    }
  }

  /** Adds what callees do to what the caller does; says whether anything is new or has a shorter path. */
  #takeOver(node: CallNode): boolean {
    const draft = this.#done.get(node.id)!
    let hasChanged = false
    for (const { step, guard, target } of node.edges) {
      const callee = this.#done.get(target)
      if (!callee) continue
      for (const [effect, path] of callee.effects) hasChanged = offer(draft.effects, effect, step, path) || hasChanged
      for (const [exception, path] of callee.raises) {
        if (!draft.raises.has(exception) && draft.raises.size >= MAX_EXCEPTIONS) continue
        if (passesGuards(node.project, node.function, exception, guard)) hasChanged = offer(draft.raises, exception, step, path) || hasChanged
      }
    }
    return hasChanged
  }

  #node(id: string): CallNode | null {
    let node = this.#nodes.get(id)
    if (node === undefined) this.#nodes.set(id, (node = this.#makeNode(id)))
    return node
  }

  #makeNode(id: string): CallNode | null {
    const colon = id.indexOf(':')
    const path = id.slice(0, colon)
    const project = this.#projectOf(path)
    project.moduleName(path)
    const found = findFunction(project, id.slice(colon + 1))
    if (!found) return null
    const edges: CallEdge[] = []
    const effects = new Map<Effect, PathStep>()
    let unknownCalls = 0
    const targets = this.#targetsIn(project)
    const waitedFor = awaitedCalls(found)
    for (const [number, call] of found.calls.entries()) {
      const step: PathStep = { function: found.name, call: number }
      const names = targets.targetsOf(found, call)
      if (names.length === 0) unknownCalls++
      for (const name of names) {
        for (const effect of effectsOfLibraryCall(name)) if (!effects.has(effect)) effects.set(effect, step)
        for (const callee of this.#functionsBehind(project, name)) {
          // A coroutine that is made and not awaited runs elsewhere, if at all: nothing of it comes back here.
          if (callee.isCoroutine && !waitedFor.has(number)) continue
          edges.push({ step, guard: call.guard, target: functionId(callee.path, callee.name) })
        }
      }
    }
    return { id, function: found, project, edges, raises: directRaises(project, found), effects, unknownCalls }
  }

  /** The project's functions behind a name: the function, a class's `__init__`, or the implementations of an abstract method. */
  #functionsBehind(project: PythonProject, name: string): readonly Callee[] {
    const found = findFunction(project, name)
    if (!found) return []
    const isCoroutine = found.fact?.async === true && found.fact.generator !== true
    const abstract = found.owner === null ? null : implementationsOf(this.#reader, project, found)
    return (abstract ?? [found]).map((callee) => ({ path: callee.path, name: callee.name, isCoroutine }))
  }

  #projectOf(path: string): PythonProject {
    const probe = this.#projects.get('') ?? new PythonProject(this.#reader, this.#reader.settings(), '')
    this.#projects.set('', probe)
    const root = probe.sourceRoot(path)
    let project = this.#projects.get(root)
    if (!project) this.#projects.set(root, (project = new PythonProject(this.#reader, this.#reader.settings(), path)))
    return project
  }

  #targetsIn(project: PythonProject): CallTargets {
    let targets = this.#targets.get(project)
    if (!targets) this.#targets.set(project, (targets = new CallTargets(project)))
    return targets
  }
}

/** The numbers of the calls whose results are awaited: with `await`, or as what is given to a call that is, or that runs a loop to its end. */
function awaitedCalls({ calls }: ProjectFunction): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [number, { awaited, callee, method, first }] of calls.entries()) {
    if (awaited) found.add(number)
    const runs = awaited || method === 'run_until_complete' || RUNNERS.has(typeof callee === 'string' ? callee : '')
    if (runs && typeof first === 'number') found.add(first)
  }
  return found
}

const RUNNERS: ReadonlySet<string> = new Set(['asyncio.run', 'anyio.run', 'trio.run', 'asgiref.sync.async_to_sync'])

/** What names a function in the index: several parts of a project can have functions of one qualified name. */
export function functionId(path: string, name: string): string {
  return `${path}:${name}`
}

/** Whether a class or function is called so that the reader of a message knows it: the last two parts of the name. */
export function shortName(name: string): string {
  const parts = name.split('.')
  const owner = parts.at(-2)
  return owner !== undefined && /^\p{Lu}/u.test(owner) ? `${owner}.${lastPart(name)}` : lastPart(name)
}

/** Keeps the shorter of two paths, and of two of one length the one that is there. */
function offer<Key>(paths: Map<Key, CallPath>, key: Key, step: PathStep, rest: CallPath): boolean {
  const known = paths.get(key)
  if (known && known.length <= rest.length + 1) return false
  if (!known && rest.length >= MAX_PATH) {
    paths.set(key, [step, ...rest.slice(0, MAX_PATH - 1)])
    return true
  }
  if (known && rest.length >= MAX_PATH) return false
  paths.set(key, [step, ...rest])
  return true
}
