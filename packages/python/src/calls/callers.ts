import { remember } from '@krait/core'
import type { KeptReader, Tracked } from '@krait/core'
import { callFact } from '../facts/call-fact.ts'
import type { CallFact } from '../facts/call-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { subclassIndex } from '../project/subclass-index.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { isTestFile } from '../shared/paths.ts'
import { callingFilesIndex, importingFilesIndex } from './caller-files.ts'
import { partsOfId } from './call-graph.ts'
import type { CallGraph, ProjectView } from './call-graph.ts'
import { readFunction } from './project-functions.ts'
import type { ProjectFunction } from './project-functions.ts'

/** A call of a function in another one. */
export interface Caller {
  /** The file that holds the calling function. */
  readonly path: string
  /** Its qualified name; of code of the module, that of the module. */
  readonly function: string
  /** The number of the call, see `CallFact`. */
  readonly call: number
  /** The innermost guard around it, see `FunctionRaises`. */
  readonly guard?: number
}

/** A caller with all that is known of it. */
export interface CallSite {
  readonly caller: ProjectFunction
  readonly view: ProjectView
  readonly number: number
  readonly call: CallFact
}

/**
 * Who calls the functions of a project, test code aside. Only calls by the function's own name are looked at: those that can be meant by what a
 * function is called at all.
 */
export class Callers {
  readonly #reader: KeptReader
  readonly #graph: CallGraph
  readonly #sites = new Map<string, Tracked<readonly CallSite[]>>()
  readonly #callsByName = new Map<string, Tracked<CallsByName>>()

  constructor(reader: KeptReader, graph: CallGraph) {
    this.#reader = reader
    this.#graph = graph
  }

  /** The calls that lead to a function, sorted by file. @param id see `functionId` */
  of(id: string): readonly Caller[] {
    return this.sites(id).map(({ caller, number, call }) => ({
      path: caller.path,
      function: caller.name,
      call: number,
      ...(call.guard !== undefined && { guard: call.guard }),
    }))
  }

  /** The same with all that is known of the calling functions. */
  sites(id: string): readonly CallSite[] {
    return remember(this.#reader, this.#sites, id, () => this.#findSites(id))
  }

  #findSites(id: string): CallSite[] {
    const { path, name } = partsOfId(id)
    const { project } = this.#graph.viewFrom(path)
    const names = this.#namesFor(project, name)
    const found: CallSite[] = []
    for (const file of this.#filesFor(project, path, name, names)) {
      const view = this.#graph.viewFrom(file)
      for (const [key, number] of [...names].flatMap((calledName) => this.#callsIn(file).get(calledName) ?? [])) {
        const caller = readFunction(view.project, file, key)
        const call = caller.calls[number]!
        if (view.targets.targetsOf(caller, call).some((target) => leadsTo(view, target, name))) found.push({ caller, view, number, call })
      }
    }
    return found
  }

  /** The files that may call a function: a function inside a function is called in its own file, one of a module by files that import it. */
  #filesFor(project: PythonProject, path: string, name: string, names: ReadonlySet<string>): Iterable<string> {
    if (name.includes('<locals>')) return [path]
    const owner = withoutLastPart(name)
    if (project.definition(owner)?.kind === 'module') return this.#importers(path, lastPart(name), lastPart(owner))
    return new Set([...names].flatMap((calledName) => this.#reader.ask(callingFilesIndex, calledName)).sort())
  }

  /** The files that import a name, or a module by its last part. */
  #importers(path: string, name: string, module: string): readonly string[] {
    const own = isTestFile({ path, settings: this.#reader.settings() }) ? [] : [path]
    return [...new Set([...own, ...[name, module, '*'].flatMap((imported) => this.#reader.ask(importingFilesIndex, imported))])].sort()
  }

  /** The last parts of the names by which a function is called; a constructor is called by its class and those that inherit it. */
  #namesFor(project: PythonProject, name: string): ReadonlySet<string> {
    const last = lastPart(name)
    const owner = withoutLastPart(name)
    if (!CONSTRUCTORS.has(last) || project.definition(owner)?.kind !== 'class') return new Set([last])
    return new Set([last, lastPart(owner), ...this.#reader.ask(subclassIndex, owner).map((subclass) => lastPart(subclass.name))])
  }

  /** The calls of a file by the last part of what they call. */
  #callsIn(path: string): CallsByName {
    return remember(this.#reader, this.#callsByName, path, () => this.#sortCalls(path))
  }

  #sortCalls(path: string): CallsByName {
    const found = new Map<string, (readonly [string, number])[]>()
    for (const [key, calls] of Object.entries(this.#reader.fact(callFact, path) ?? {})) {
      for (const [number, { callee, method }] of calls.entries()) {
        const name = callee === undefined ? method : lastPart(callee).replace(/^:/, '')
        if (name !== undefined) add(found, name, [key, number])
      }
    }
    return found
  }
}

type CallsByName = ReadonlyMap<string, readonly (readonly [key: string, number: number])[]>

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__init__', '__post_init__'])

function add<Item>(lists: Map<string, Item[]>, name: string, item: Item): void {
  const list = lists.get(name)
  if (list) list.push(item)
  else lists.set(name, [item])
}

/** Whether a call of `target` may run the function: it is the one, or a method that the function overrides. */
function leadsTo(view: ProjectView, target: string, name: string): boolean {
  if (target === name || view.function(target)?.name === name) return true
  const { project } = view
  const owner = withoutLastPart(name)
  if (lastPart(target) !== lastPart(name) || project.definition(owner)?.kind !== 'class') return false
  return project.ancestors(owner).names.includes(withoutLastPart(target))
}
