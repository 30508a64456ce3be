import { valuesIn } from '../../values/parts.ts'
import type { Value } from '../../values/value.ts'
import type { FunctionWiring, Target, WiringStep } from './wiring.ts'

/** A step while it is collected: it gets its number at the end. */
export type Draft = Mutable<Exclude<WiringStep, { readonly kind: 'loop' | 'branch' }>> | DraftLoop | DraftBranch
type Mutable<T> = T extends unknown ? { -readonly [Key in keyof T]: T[Key] } : never
type DraftLoop = Omit<Mutable<Extract<WiringStep, { readonly kind: 'loop' }>>, 'steps'> & { steps: Draft[] }
type DraftBranch = Omit<Mutable<Extract<WiringStep, { readonly kind: 'branch' }>>, 'arms'> & { arms: Draft[][] }

export interface CollectedFunction extends Omit<FunctionWiring, 'steps' | 'inner'> {
  steps: Draft[]
  /** The nodes of the functions defined in it, by name; those that no step speaks of are taken out. */
  readonly innerNodes: Map<string, number>
}

/** Calls of functions of other files are kept if they are called like something that could wire an app. */
const WIRES = /route|app|api|url|endpoint|wire|regist|mount|includ|setup|configur|init|install|build|create/i

/**
 * Takes out the steps that lead to nothing: calls of functions that wire nothing, and variables that no other step speaks of.
 * @param idle steps that alone wire nothing: calls that matter only if what they call does, variables that matter only if they are spoken of
 */
export function withoutIdleSteps(functions: ReadonlyMap<string, CollectedFunction>, idle: ReadonlySet<Draft>): ReadonlyMap<string, CollectedFunction> {
  for (const [key, found] of functions) found.steps = filter(found.steps, (step) => step.kind !== 'call' || !idle.has(step) || isOfUse(step, key, functions))
  const kept = [...functions].filter(([, { steps }]) => wiresAnything(steps, idle))
  const mentioned = mentions(kept.flatMap(([, { steps }]) => steps), idle)
  for (const [, found] of kept) found.steps = filter(found.steps, (step) => step.kind !== 'bind' || !idle.has(step) || mentioned.has(step.target))
  for (const [, { innerNodes }] of kept) for (const name of innerNodes.keys()) if (!mentioned.has(name)) innerNodes.delete(name)
  return new Map(kept)
}

function wiresAnything(steps: readonly Draft[], idle: ReadonlySet<Draft>): boolean {
  return steps.some((step) => {
    if (step.kind === 'loop') return wiresAnything(step.steps, idle)
    return step.kind === 'branch' ? step.arms.some((arm) => wiresAnything(arm, idle)) : !idle.has(step)
  })
}

function filter(steps: readonly Draft[], isKept: (step: Draft) => boolean): Draft[] {
  return steps.filter((step) => {
    if (step.kind === 'loop') step.steps = filter(step.steps, isKept)
    if (step.kind === 'branch') step.arms = step.arms.map((arm) => filter(arm, isKept))
    if (step.kind === 'loop') return step.steps.length > 0
    return step.kind === 'branch' ? step.arms.some((arm) => arm.length > 0) : isKept(step)
  })
}

/** Whether the call is one of a function, method or class of the file that wires something, or could be one of another file. */
function isOfUse(step: Draft, key: string, functions: ReadonlyMap<string, CollectedFunction>): boolean {
  if (step.kind !== 'call') return true
  const { callee, function: called } = step.call
  if (callee?.startsWith(':')) return functions.has(callee.slice(1)) || functions.has(`${callee.slice(1)}.__init__`)
  if (callee !== null) return WIRES.test(callee.slice(callee.lastIndexOf('.') + 1))
  if (called?.kind === 'attribute') return [...functions.keys()].some((other) => other.endsWith(`.${called.attribute}`))
  return called?.kind === 'local' && functionsAround(key).some((outer) => functions.has(`${outer}.<locals>.${called.name}`))
}

/** The function itself and those around it, innermost first. */
function functionsAround(key: string): string[] {
  const found = [key]
  for (let end = key.lastIndexOf('.<locals>.'); end > 0; end = key.lastIndexOf('.<locals>.', end - 1)) found.push(key.slice(0, end))
  return found
}

/** The variables that steps speak of, and those that they are bound to. */
function mentions(steps: readonly Draft[], idle: ReadonlySet<Draft>): ReadonlySet<string> {
  const found = new Set<string>()
  const binds = new Map<string, Value[]>()
  const waiting: Value[] = []
  const stack = [...steps]
  for (let step = stack.pop(); step; step = stack.pop()) {
    switch (step.kind) {
      case 'bind':
        binds.set(step.target, [...(binds.get(step.target) ?? []), step.value])
        if (!idle.has(step)) waiting.push(step.value)
        break
      case 'branch':
        stack.push(...step.arms.flat())
        break
      case 'loop':
        waiting.push(step.over)
        for (const name of namesOf(step.target)) found.add(name)
        stack.push(...step.steps)
        break
      case 'call':
        waiting.push(step.call)
        break
      case 'decorate':
        waiting.push(step.decorator)
        break
      case 'set':
        waiting.push(step.object, step.value)
        break
      case 'return':
      case 'store':
        waiting.push(step.value)
    }
  }
  for (let value = waiting.pop(); value; value = waiting.pop()) {
    for (const part of valuesIn(value)) {
      const name = part.kind === 'local' ? part.name : part.kind === 'name' ? part.name : part.kind === 'call' ? part.callee : null
      for (const variable of name === null ? [] : beginnings(name)) {
        if (found.has(variable)) continue
        found.add(variable)
        waiting.push(...(binds.get(variable) ?? []))
      }
    }
  }
  return found
}

/** `:Api.router.get` speaks of `:Api`, `:Api.router` and `:Api.router.get`. */
function beginnings(name: string): string[] {
  const parts = name.split('.')
  return name.startsWith(':') ? parts.map((_, i) => parts.slice(0, i + 1).join('.')) : [name]
}

function namesOf(target: Target): string[] {
  if (target === null) return []
  return typeof target === 'string' ? [target] : target.flatMap(namesOf)
}
