import type { ParameterFact, VariableFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import type { Value } from '../../values/value.ts'
import type { DependencyGraph, DependencyNode, DependencyUse } from './dependency.ts'
import { DependencyTargets } from './dependency-targets.ts'
import { markerOf, parameterOf, readParameters } from './parameters.ts'
import type { Parameter } from './parameters.ts'
import { inherited } from './publisher.ts'
import type { InheritedDependency, Route, Router } from './route.ts'

/** More dependencies of one route are left out. */
const MAX_NODES = 500
/** Dependencies nested deeper are not known. */
const MAX_DEPTH = 100

/** What the dependencies of routes are found by. */
export interface RouteSource {
  projectOf(path: string): PythonProject
  router(id: string): Router | undefined
}

/** Builds the dependency graphs of routes. */
export class Dependencies {
  readonly #source: RouteSource
  readonly #targets = new DependencyTargets()
  /** By what is given to `Depends`, as the code of one source root sees it. */
  readonly #nodes = new Map<PythonProject, Map<string, DependencyNode | null>>()
  readonly #byId = new Map<string, DependencyNode>()
  #depth = 0

  constructor(source: RouteSource) {
    this.#source = source
  }

  graphOf(route: Route): DependencyGraph {
    const project = this.#source.projectOf(route.path)
    const home = this.#source.projectOf(route.handler.path ?? route.path)
    const routers = route.publications.length > 0 ? [] : route.routers.flatMap((id) => this.#source.router(id) ?? [])
    const ofRouter = routers.flatMap((router) => this.#inheritedUses(project, inherited(router.role, router.id, router.options)))
    const declared = inherited('router', route.id, route.options)
    const ofDecorator = this.#inheritedUses(project, declared).map((use) => ({ ...use, level: 'route' as const }))
    const isFastapi = route.style === 'fastapi'
    const uses = [
      ...ofRouter,
      ...ofDecorator,
      ...(isFastapi && route.handler.className !== null ? this.#classUses(home, route.handler.className) : []),
      ...(isFastapi ? this.usesOf(home, route.handler.parameters ?? []) : []),
    ]
    const ofPublications = route.publications.map((publication) => this.#inheritedUses(project, publication.dependencies))
    const nodes = this.#reached([...uses, ...ofPublications.flat()])
    const all = [...uses, ...ofPublications.flat(), ...Object.values(nodes).flatMap((node) => node.uses)]
    const callables = [route.handler, ...Object.values(nodes)]
    const hasUnknown = all.some(({ node }) => node === null) || callables.some(({ parameters }) => parameters === null)
    return { uses, inherited: ofPublications, nodes, hasUnknown }
  }

  /** What parameters ask for. */
  usesOf(project: PythonProject, parameters: readonly Parameter[]): readonly DependencyUse[] {
    return parameters.flatMap((parameter) => this.#useOf(project, parameter, 'parameter') ?? [])
  }

  /** A dependency with all that it depends on, by what is given to `Depends`; empty if it is not known. */
  reachedFrom(project: PythonProject, target: Value): readonly DependencyNode[] {
    const node = this.#nodeOf(project, target)
    return node ? [node, ...Object.values(this.#reached(node.uses))] : []
  }

  #useOf(project: PythonProject, { name, marker, markerCall, dependency }: Parameter, level: DependencyUse['level']): DependencyUse | null {
    if (marker !== 'depends' && marker !== 'security') return null
    return { level, parameter: name, marker, call: markerCall, node: dependency && (this.#nodeOf(project, dependency)?.id ?? null) }
  }

  #inheritedUses(project: PythonProject, declared: readonly InheritedDependency[]): readonly DependencyUse[] {
    return declared.map(({ level, value }) => {
      const marked = markerOf(project, value)
      if (!marked || (marked.marker !== 'depends' && marked.marker !== 'security')) {
        return { level, parameter: null, marker: 'depends', call: null, node: null }
      }
      const target = parameterOf(project, { name: '', kind: 'keyword-only', default: marked.call }).dependency
      return { level, parameter: null, marker: marked.marker, call: marked.call, node: target && (this.#nodeOf(project, target)?.id ?? null) }
    })
  }

  /** Attributes of a class-based view, `session: Session = Depends(get_session)`, and the parameters of its `__init__`. */
  #classUses(project: PythonProject, className: string): readonly DependencyUse[] {
    const uses = new Map<string, DependencyUse | null>()
    const init = project.member(className, '__init__')
    if (init?.fact.kind === 'function') {
      const parameters = readParameters(project, init.fact.parameters.slice(1), init.path)
      for (const parameter of parameters) uses.set(parameter.name, this.#useOf(project, parameter, 'class'))
    }
    for (const name of project.ancestors(className).names) {
      const definition = project.definition(name)
      if (definition?.kind !== 'class') continue
      for (const [attribute, member] of Object.entries(definition.fact.members)) {
        if (uses.has(attribute)) continue
        if (member.kind !== 'variable') continue
        const [parameter] = readParameters(project, [attributeParameter(attribute, member)], definition.path)
        uses.set(attribute, this.#useOf(project, parameter!, 'class'))
      }
    }
    return [...uses.values()].filter((use) => use !== null)
  }

  #reached(uses: readonly DependencyUse[]): Record<string, DependencyNode> {
    const found: Record<string, DependencyNode> = {}
    const waiting = uses.flatMap(({ node }) => node ?? [])
    for (const id of waiting) {
      const node = this.#byId.get(id)
      if (!node || Object.hasOwn(found, id)) continue
      if (Object.keys(found).length >= MAX_NODES) break
      found[id] = node
      for (const use of node.uses) if (use.node !== null) waiting.push(use.node)
    }
    return found
  }

  #nodeOf(project: PythonProject, target: Value): DependencyNode | null {
    let known = this.#nodes.get(project)
    if (!known) this.#nodes.set(project, (known = new Map<string, DependencyNode | null>()))
    const key = JSON.stringify(target)
    const found = known.get(key)
    if (found !== undefined) return found
    // Stands while the dependency is read: one that leads back to itself is known by its id.
    known.set(key, null)
    const resolved = this.#depth < MAX_DEPTH ? this.#targets.resolve(project, target) : null
    this.#depth++
    const node = resolved && this.#withUses(project, resolved)
    this.#depth--
    known.set(key, node)
    return node
  }

  #withUses(project: PythonProject, target: Omit<DependencyNode, 'uses'>): DependencyNode {
    const id = `${target.path ?? ''}:${target.id}`
    const known = this.#byId.get(id)
    if (known) return known
    const uses: DependencyUse[] = []
    const node: DependencyNode = { ...target, id, uses }
    this.#byId.set(id, node)
    uses.push(...this.usesOf(target.path === null ? project : this.#source.projectOf(target.path), target.parameters ?? []))
    return node
  }
}

/** An attribute of a class as if it were a parameter of `__init__`. */
export function attributeParameter(name: string, { annotation, value }: Pick<VariableFact, 'annotation' | 'value'>): ParameterFact {
  return { name, kind: 'keyword-only', ...(annotation && { annotation }), ...(value && { default: value }) }
}
