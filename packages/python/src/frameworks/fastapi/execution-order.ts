import type { ImportFact } from '../../facts/imports-fact.ts'
import type { PythonProject } from '../../project/python-project.ts'
import type { WiringEvent } from './app-node.ts'
import type { LateImport } from './linker.ts'

/** What the order in which modules are executed rests on. */
export interface ModuleSource {
  projectOf(path: string): PythonProject
  importsOf(path: string): readonly ImportFact[]
  readonly lateImports: ReadonlyMap<string, readonly LateImport[]>
}

/** A stretch of a module's own steps between two imports. */
interface Stretch {
  readonly from: number
  readonly rank: number
}

/**
 * The order of events of different modules: a module is executed where it is first imported. Which module a program starts with no source tells; it is
 * taken to be one that holds an app.
 */
export class ExecutionOrder {
  readonly #source: ModuleSource
  readonly #starts: readonly string[]
  #stretches: ReadonlyMap<string, readonly Stretch[]> | undefined

  /** @param starts the modules that hold apps */
  constructor(source: ModuleSource, starts: readonly string[]) {
    this.#source = source
    this.#starts = starts
  }

  /** Sorts the events of one object; those whose place is not known come last. */
  sort(events: readonly WiringEvent[]): { readonly events: readonly WiringEvent[]; readonly known: number } {
    const traces = new Set(events.map(({ trace }) => trace))
    if (traces.size < 2) return { events, known: events.length }
    const ranks = new Map(events.map((event) => [event, this.#rankOf(event)]))
    const known = events.filter((event) => ranks.get(event) !== null)
    known.sort((a, b) => ranks.get(a)! - ranks.get(b)! || a.sequence - b.sequence)
    return { events: [...known, ...events.filter((event) => ranks.get(event) === null)], known: known.length }
  }

  #rankOf({ origin, sequence }: WiringEvent): number | null {
    if (origin === null) return null
    this.#stretches ??= this.#walk()
    return this.#stretches.get(origin)?.findLast(({ from }) => from <= sequence)?.rank ?? null
  }

  /** Goes through the imports as Python does, with a stack of its own. */
  #walk(): ReadonlyMap<string, readonly Stretch[]> {
    const stretches = new Map<string, Stretch[]>()
    let rank = 0
    for (const start of this.#starts) {
      const stack: Visit[] = []
      enter(this.#visit(start, stretches), stack)
      while (stack.length > 0) {
        const visit = stack.at(-1)!
        const next = visit.imports[visit.next++]
        if (next === undefined) {
          visit.stretches.push({ from: visit.from, rank: rank++ })
          stack.pop()
          continue
        }
        if (next.sequence !== null) {
          visit.stretches.push({ from: visit.from, rank: rank++ })
          visit.from = next.sequence
        }
        for (const path of next.paths.toReversed()) enter(this.#visit(path, stretches), stack)
      }
    }
    return stretches

    function enter(visit: Visit | null, stack: Visit[]): void {
      if (visit) stack.push(visit)
    }
  }

  /** `null` for a module that is executed already. */
  #visit(path: string, known: Map<string, Stretch[]>): Visit | null {
    if (known.has(path)) return null
    const stretches: Stretch[] = []
    known.set(path, stretches)
    const late = this.#source.lateImports.get(path) ?? []
    const lateModules = new Set(late.map(({ module }) => module))
    const early = this.#source.importsOf(path).filter((fact) => !fact.deferred && !fact.typeChecking && !lateModules.has(fact.module))
    const imports = [
      ...early.map((fact) => ({ paths: this.#imported(fact, path), sequence: null })),
      ...late.map(({ module, names, sequence }) => {
        const paths = (names.length === 0 ? [null] : names).flatMap((name) => this.#imported({ module, name }, path))
        return { paths, sequence }
      }),
    ]
    return { imports, stretches, next: 0, from: 0 }
  }

  /** The modules that are executed for `from module import name`. */
  #imported({ module, name }: Pick<ImportFact, 'module' | 'name'>, from: string): readonly string[] {
    return this.#files(name === null || name === '*' ? [module] : [module, module.endsWith('.') ? module + name : `${module}.${name}`], from)
  }

  #files(modules: readonly string[], from: string): readonly string[] {
    const project = this.#source.projectOf(from)
    return modules.flatMap((module) => project.resolveImport(module, from) ?? [])
  }
}

interface Visit {
  readonly imports: readonly { readonly paths: readonly string[]; readonly sequence: number | null }[]
  readonly stretches: Stretch[]
  next: number
  from: number
}
