import { defineFact } from '@krait/core'
import type { AttributeAssignment } from '../../facts/instance-attributes.ts'
import type { FunctionFact, MemberFact } from '../../facts/module-fact-types.ts'
import type { FileSemantics } from '../../file-semantics.ts'
import { memberAt, own } from '../../project/name-view.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import { addToSet } from '../../shared/sets-by-name.ts'
import { partsOf } from '../../values/parts.ts'
import type { LocalValue, Value } from '../../values/value.ts'

/**
 * Something that may be or hold models, by the last part of its name: what an annotation names (`named User`), what is called (`called load`), an attribute
 * (`attribute user`); `*` is anything.
 */
export type Holder = string

/** What may be in the functions, attributes and aliases of a file, by their names; those that hold nothing are left out. */
export interface HeldFact {
  /** `UserList = list[User]`, type variables; in order. */
  readonly aliases: Readonly<Record<string, readonly Holder[]>>
  /** By `function <name>` and `attribute <name>`. */
  readonly held: Readonly<Record<string, readonly Holder[]>>
}

export const ANY_HOLDER = '*'

/** Where models may come into code, as far as a file can tell that does not know the models. */
export const heldFact = defineFact<HeldFact, FileSemantics>({
  name: 'python/sqlalchemy-held',
  version: 1,
  collect: ({ services: file }) => new Collector().collect(file),
})

type Holders = Map<string, Set<Holder>>

class Collector {
  readonly #aliases: Holders = new Map()
  readonly #held: Holders = new Map()

  collect({ members, instanceAttributes }: FileSemantics): HeldFact {
    for (const [name, fact] of Object.entries(members)) this.#addAlias(name, fact)
    this.#addMembers(members)
    for (const [path, attributes] of Object.entries(instanceAttributes)) {
      const owner = memberAt(members, path.split('.'))
      for (const [name, assignments] of Object.entries(attributes)) {
        for (const assignment of assignments) addToSet(this.#held, `attribute ${name}`, ofAssignment(assignment, owner))
      }
    }
    return { aliases: asRecord(this.#aliases), held: asRecord(this.#held) }
  }

  #addAlias(name: string, fact: MemberFact): void {
    if (fact.kind !== 'variable' || !fact.value) return
    const { value } = fact
    if (value.kind === 'call' && value.callee !== null && lastPart(value.callee).endsWith('TypeVar')) addToSet(this.#aliases, name, [ANY_HOLDER])
    else if (value.kind === 'subscript' || value.kind === 'binary') addToSet(this.#aliases, name, inAnnotation(value))
  }

  /** A class inside a class is collected with it, see `moduleMembers`. */
  #addMembers(members: Readonly<Record<string, MemberFact>>): void {
    for (const [name, fact] of Object.entries(members)) {
      if (fact.kind === 'class') this.#addMembers(fact.members)
      else if (fact.kind === 'function') this.#addFunction(name, fact)
      else if (fact.kind === 'variable' && fact.annotation) addToSet(this.#held, `attribute ${name}`, inAnnotation(fact.annotation))
      else if (fact.kind === 'variable' && fact.value) addToSet(this.#held, `attribute ${name}`, inValue(fact.value, null))
    }
  }

  #addFunction(name: string, fact: FunctionFact): void {
    const { returnAnnotation, returns, returnsOpen, yields, method } = fact
    const given = [...returns, ...(yields ?? [])]
    const holders = returnAnnotation ? inAnnotation(returnAnnotation) : returnsOpen ? [ANY_HOLDER] : given.flatMap((value) => inValue(value, fact))
    addToSet(this.#held, `function ${name}`, holders)
    if (method === 'property') addToSet(this.#held, `attribute ${name}`, holders)
  }
}

function ofAssignment({ method, value, annotation }: AttributeAssignment, owner: MemberFact | undefined): readonly Holder[] {
  if (annotation) return inAnnotation(annotation)
  const fact = owner?.kind === 'class' ? own(owner.members, method) : undefined
  return value ? inValue(value, fact?.kind === 'function' ? fact : null) : []
}

/** Of a local variable nothing is known here. */
function ofLocal({ name, isParameter }: LocalValue, around: FunctionFact | null): readonly Holder[] {
  if (!isParameter) return [ANY_HOLDER]
  const annotation = around?.parameters.find((parameter) => parameter.name === name)?.annotation
  return annotation ? inAnnotation(annotation) : []
}

/** What an annotation mentions. */
function inAnnotation(annotation: Value): readonly Holder[] {
  const found: Holder[] = []
  const pending = [annotation]
  for (let value = pending.pop(); value; value = pending.pop()) {
    if (value.kind === 'local') found.push(ANY_HOLDER)
    else if (value.kind === 'name') found.push(...named(value.name))
    else if (value.kind === 'subscript' || value.kind === 'binary' || value.kind === 'list' || value.kind === 'tuple') pending.push(...partsOf(value))
    else if (value.kind === 'literal' && typeof value.value === 'string') found.push(...named(value.value))
  }
  return found
}

function named(qualifiedName: string): readonly Holder[] {
  if (qualifiedName.startsWith('builtins.')) return []
  const name = lastPart(qualifiedName).replace(/^:/, '')
  return [name === 'Self' ? ANY_HOLDER : `named ${name}`]
}

/** What may be in a value. */
function inValue(start: Value, around: FunctionFact | null): readonly Holder[] {
  const found: Holder[] = []
  const pending = [start]
  for (let value = pending.pop(); value; value = pending.pop()) {
    switch (value.kind) {
      case 'local':
        found.push(...ofLocal(value, around))
        break
      case 'attribute':
        found.push(`attribute ${value.attribute}`)
        break
      case 'call': {
        const name = value.callee === null ? (value.function?.kind === 'attribute' ? value.function.attribute : '') : lastPart(value.callee).replace(/^:/, '')
        found.push(name === 'Self' ? ANY_HOLDER : `called ${name}`)
        break
      }
      case 'conditional':
        pending.push(value.then, value.else)
        break
      case 'subscript':
        pending.push(value.object)
        break
      case 'await':
      case 'boolean':
      case 'comprehension':
      case 'list':
      case 'set':
      case 'tuple':
        pending.push(...partsOf(value))
        break
      case 'dict':
        pending.push(...value.entries.map(([, item]) => item))
    }
  }
  return found
}

/** What may hold anything needs no list. */
function asRecord(holders: Holders): Readonly<Record<string, readonly Holder[]>> {
  return Object.fromEntries([...holders].map(([name, found]) => [name, found.has(ANY_HOLDER) ? [ANY_HOLDER] : [...found]]))
}
