import type { CallFact } from '../facts/call-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { awaitedOf, itemOf } from '../types/containers.ts'
import { NO_ARGUMENTS, TypeEvaluator } from '../types/evaluator.ts'
import { UNKNOWN_TYPE, classType, functionType, instanceOf, membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import { withoutLastPart } from '../shared/dotted-name.ts'
import type { FunctionCalls } from '../shared/function-calls.ts'
import type { Value } from '../values/value.ts'
import { inheritedMethod } from './inherited-method.ts'
import type { ProjectFunction } from './project-functions.ts'

/** Longer chains of calls on results of calls are not followed. */
const MAX_CHAIN = 12

/** Finds out what the calls of functions call, from facts alone. */
export class CallTargets {
  readonly #project: PythonProject
  readonly #types: TypeEvaluator

  constructor(project: PythonProject) {
    this.#project = project
    this.#types = new TypeEvaluator(project)
  }

  /**
   * The qualified names of what a call may call: functions, methods (`app.models.User.save`), classes. Several where the receiver is one of several
   * classes; none where it is not known.
   */
  targetsOf(caller: ProjectFunction, call: CallFact): readonly string[] {
    if (typeof call.callee === 'string' && call.callee.includes('<locals>')) return [this.#placeName(caller, call.callee)]
    const names = new Set<string>()
    for (const member of membersOf(withoutNone(this.#calledType(caller, call, 0)))) {
      const name = member.kind === 'function' ? member.name : member.kind === 'class' ? member.class : this.#callMethod(member)
      if (name === null) return this.#methodNames(caller, call)
      names.add(name)
    }
    return names.size > 0 ? [...names] : this.#methodNames(caller, call)
  }

  /** The type of what a call gives; `await` included where it is awaited. */
  resultOf(caller: ProjectFunction, call: CallFact): Type {
    return this.#resultType(caller, call, 0)
  }

  /** The type of what a method is called on. */
  receiverOf(caller: ProjectFunction, call: CallFact): Type {
    if (call.callee === undefined) return this.#receiverType(caller, call, 0)
    const name = this.#project.resolveName(call.callee, caller.path)
    const owner = name === null ? '' : withoutLastPart(name)
    return owner === '' ? UNKNOWN_TYPE : this.#types.ofName(owner)
  }

  /** The type of a value of a fact, with absolute names, that stands in a function. */
  typeOfValue(caller: ProjectFunction, value: Value): Type {
    return this.#types.ofLocalValue(value, { function: caller.fact, path: caller.path, receiver: this.#selfOf(caller) })
  }

  /** What is called with an object of a project class. */
  #callMethod(type: Type): string | null {
    const member = type.kind === 'instance' ? this.#project.member(type.class, '__call__') : null
    return member?.fact.kind === 'function' ? `${member.owner}.__call__` : null
  }

  /** `requests.Session.mount` for a method of a library's class that the tables do not list. */
  #methodNames(caller: ProjectFunction, call: CallFact): readonly string[] {
    if (call.method === undefined) return []
    const receiver = withoutNone(this.#receiverType(caller, call, 0))
    const names: string[] = []
    for (const member of membersOf(receiver)) {
      if (member.kind !== 'instance' && member.kind !== 'class') return []
      if (this.#project.definition(member.class)) {
        if (this.#project.member(member.class, call.method) !== undefined) return []
        const base = this.#project.ancestors(member.class).names.find((name) => !this.#project.definition(name))
        if (base === undefined) return []
        names.push(`${base}.${call.method}`)
      } else names.push(`${member.class}.${call.method}`)
    }
    return names
  }

  /** What is called: a function or a class. */
  #calledType(caller: ProjectFunction, call: CallFact, chain: number): Type {
    if (typeof call.callee === 'string') {
      const name = this.#project.resolveName(call.callee, caller.path)
      return name === null ? UNKNOWN_TYPE : this.#types.ofName(name)
    }
    if (call.method !== undefined && isSuper(caller, call)) return this.#inherited(caller, call.method)
    const receiver = this.#receiverType(caller, call, chain)
    return call.method === undefined ? receiver : this.#types.attribute(receiver, call.method)
  }

  #receiverType(caller: ProjectFunction, call: CallFact, chain: number): Type {
    if (call.on !== undefined) {
      const made = caller.calls[call.on]
      if (!made || chain >= MAX_CHAIN) return UNKNOWN_TYPE
      const type = this.#resultType(caller, made, chain + 1)
      return call.via === undefined ? type : call.via === 'item' || call.via === 'async-item' ? itemOf(type) : this.#types.entered(type, call.via === 'async-enter')
    }
    if (!call.receiver) return UNKNOWN_TYPE
    return this.typeOfValue(caller, this.#project.value(call.receiver, caller.path))
  }

  /** The method that `super()` finds. */
  #inherited(caller: ProjectFunction, method: string): Type {
    const name = caller.owner === null ? null : inheritedMethod(this.#project, caller.owner, method)
    return name === null ? UNKNOWN_TYPE : functionType(name, this.#selfOf(caller))
  }

  #resultType(caller: ProjectFunction, call: CallFact, chain: number): Type {
    const called = this.#calledType(caller, call, chain)
    const first = typeof call.first === 'number' ? caller.calls[call.first] : undefined
    const given = this.#types.call(called, {
      ...NO_ARGUMENTS,
      count: first ? 1 : 0,
      positional: (position) => (position === 0 && first && chain < MAX_CHAIN ? this.#resultType(caller, first, chain + 1) : UNKNOWN_TYPE),
    })
    return call.awaited ? awaitedOf(given) : given
  }

  #selfOf({ owner, fact }: ProjectFunction): Type | null {
    if (owner === null || !fact) return null
    return fact.method === 'class' ? classType(owner) : instanceOf(owner)
  }

  #placeName(caller: ProjectFunction, callee: string): string {
    const module = this.#project.moduleName(caller.path)
    return module === '' ? callee.slice(1) : module + callee.replace(':', '.')
  }
}

/** Whether a call is one of a method of `super()`. */
export function isSuper(caller: FunctionCalls, { on }: CallFact): boolean {
  return on !== undefined && caller.calls[on]?.callee === 'builtins.super'
}
