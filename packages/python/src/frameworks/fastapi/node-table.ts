import type { PythonProject } from '../../project/python-project.ts'
import type { AppNode } from './app-node.ts'
import { appClassOf } from './apps.ts'
import type { AppObject } from './apps.ts'
import type { Frame } from './evaluated.ts'
import { stepId } from './wiring-fact.ts'
import type { Wiring, WiringStep } from './wiring.ts'

/** What an opaque app or router stands for. */
export interface OpaqueNode {
  readonly id: string
  readonly className: string
  readonly path: string
  readonly project: PythonProject
  /** The qualified name of the variable that holds it. */
  readonly name: string | null
}

/** The apps and routers that the wiring of a project makes. */
export class NodeTable {
  readonly #byId = new Map<string, AppNode>()
  readonly #roles = new Map<PythonProject, Map<string, AppObject | null>>()
  readonly #wiringOf: (path: string) => Wiring

  constructor(wiringOf: (path: string) => Wiring) {
    this.#wiringOf = wiringOf
  }

  /** In the order in which they are made. */
  get nodes(): readonly AppNode[] {
    return [...this.#byId.values()]
  }

  /** What the instances of a class are. */
  roleOf(className: string, project: PythonProject): AppObject | null {
    let roles = this.#roles.get(project)
    if (!roles) this.#roles.set(project, (roles = new Map<string, AppObject | null>()))
    let role = roles.get(className)
    if (role === undefined) roles.set(className, (role = appClassOf({ project }, className)))
    return role
  }

  /** A new object. @param name the qualified name of the variable that it is bound to */
  make(role: AppObject, className: string, name: string | null, { path, project, run, step }: Frame): AppNode {
    const base = name === null ? `${path}:${step}${run}` : `${path}:${name}`
    let id = base
    for (let count = 2; this.#byId.has(id); count++) id = `${base}~${count}`
    const site = name === null ? step : this.#stepOf(name, path, project)
    return this.#add({ ...role, id, className, path, step: site, name, project, isOpaque: false, prefix: '' })
  }

  /** The object that stands for whatever is meant; one for each id. `null` if the class is neither an app's nor a router's. */
  opaque(given: OpaqueNode): AppNode | null {
    const known = this.#byId.get(given.id)
    if (known) return known
    const role = this.roleOf(given.className, given.project)
    return role && this.#add({ ...role, ...given, step: null, isOpaque: true, prefix: role.role === 'app' ? '' : null })
  }

  /** The step that binds a variable of a module. */
  #stepOf(name: string, path: string, project: PythonProject): string | null {
    const target = relativeName(name, path, project)
    const step = stepsIn(this.#wiringOf(path)['']?.steps ?? []).find((candidate) => candidate.kind === 'bind' && candidate.target === target)
    return step ? stepId('', step.number) : null
  }

  #add(node: Omit<AppNode, 'options' | 'events' | 'fields' | 'handedTo' | 'isStored' | 'isDynamic'>): AppNode {
    const added: AppNode = { ...node, options: {}, events: [], fields: new Map(), handedTo: new Set(), isStored: false, isDynamic: node.isOpaque }
    this.#byId.set(added.id, added)
    return added
  }
}

/** `:app` for the variable `app.main.app` of the module `app.main`. */
export function relativeName(name: string, path: string, project: PythonProject): string {
  return `:${project.pathInModule(name, path)}`
}

/** Steps with those inside them. */
export function stepsIn(steps: readonly WiringStep[]): readonly WiringStep[] {
  return steps.flatMap((step) => {
    if (step.kind === 'loop') return [step, ...stepsIn(step.steps)]
    return step.kind === 'branch' ? [step, ...step.arms.flatMap(stepsIn)] : [step]
  })
}
