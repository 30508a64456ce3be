import { defineIndex } from '@krait/core'
import type { ProjectReader } from '@krait/core'
import { attributeAssignmentsFact } from '../facts/attribute-assignments.ts'
import type { AssignmentsByFunction, ObjectAssignment } from '../facts/attribute-assignments.ts'
import type { FunctionFact } from '../facts/module-fact-types.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { TypeEvaluator } from '../types/evaluator.ts'
import { classOf, instanceOf, isNoneType, membersOf } from '../types/type.ts'
import type { Value } from '../values/value.ts'
import { PythonProject } from './python-project.ts'

/** A function that sets an attribute of an object which may be empty, together with another one that holds a state. */
export interface StateTrigger {
  /** The attribute that may be empty. */
  readonly field: string
  readonly status: string
  /** The state: the name of an enum's member, or a text. */
  readonly state: string
  /** The enum; `null` for a text. */
  readonly enum: string | null
  readonly function: string
  readonly path: string
}

export interface StateTriggers {
  /** Those of the class asked for; none for the key `*`. */
  readonly triggers: readonly StateTrigger[]
  /** The attributes of all classes, for the key `*`. */
  readonly fields: readonly string[]
}

/** By the canonical name of a class, or `*`. */
export const stateTriggerIndex = defineIndex<ReadonlyMap<string, readonly StateTrigger[]>, string, StateTriggers>({
  name: 'python/state-triggers',
  version: 1,
  build: findTriggers,
  ask(triggers, key) {
    if (key !== '*') return { triggers: triggers.get(key) ?? [], fields: [] }
    return { triggers: [], fields: [...new Set([...triggers.values()].flatMap((found) => found.map(({ field }) => field)))].sort() }
  },
})

function findTriggers(reader: ProjectReader): ReadonlyMap<string, readonly StateTrigger[]> {
  const found = new Map<string, StateTrigger[]>()
  for (const [path, functions] of reader.facts(attributeAssignmentsFact)) {
    const candidates = candidatesIn(functions)
    if (candidates.length === 0) continue
    const project = new PythonProject(reader, reader.settings(), path)
    for (const { key, status, field } of candidates) {
      const state = stateOf(project.value(status.value!, path))
      const owner = state && classOfObject(project, path, key, status)
      if (!state || owner === null || !mayBeEmpty(project, owner, field.attribute)) continue
      const trigger: StateTrigger = { field: field.attribute, status: status.attribute, ...state, function: project.nameInModule(key, path), path }
      found.set(owner, [...(found.get(owner) ?? []), trigger])
    }
  }
  return found
}

interface Candidate {
  readonly key: string
  readonly status: ObjectAssignment
  readonly field: ObjectAssignment
}

/** Pairs of assignments to one object, on one path: one of a name or a text, and one of anything that is not empty. */
function candidatesIn(functions: AssignmentsByFunction): readonly Candidate[] {
  return Object.entries(functions).flatMap(([key, assignments]) => {
    if (/(^|\.)__init__$/.test(key)) return []
    const states = assignments.filter(({ value }) => value !== undefined)
    return states.flatMap((status) =>
      assignments
        .filter((field) => field.object === status.object && field.attribute !== status.attribute && !field.isEmpty && !areExclusive(field, status))
        .map((field) => ({ key, status, field })),
    )
  })
}

function areExclusive({ branches: some = [] }: ObjectAssignment, { branches: others = [] }: ObjectAssignment): boolean {
  return some.some(([statement, branch]) => others.some(([other, otherBranch]) => statement === other && branch !== otherBranch))
}

function stateOf(value: Value): Pick<StateTrigger, 'state' | 'enum'> | null {
  if (value.kind === 'literal' && value.type === 'string') return { state: String(value.value), enum: null }
  if (value.kind === 'attribute' && value.attribute === 'value') return stateOf(value.object)
  if (value.kind !== 'name') return null
  const name = value.name.endsWith('.value') ? withoutLastPart(value.name) : value.name
  const owner = withoutLastPart(name)
  return owner === '' ? null : { state: lastPart(name), enum: owner }
}

function classOfObject(project: PythonProject, path: string, key: string, { object, of }: ObjectAssignment): string | null {
  const name = project.nameInModule(key, path)
  const fact = functionFactOf(project, name)
  if (!fact) return null
  const owner = fact.method === undefined || fact.method === 'static' ? null : withoutLastPart(name)
  if (owner !== null && fact.parameters[0]?.name === object) return owner
  const receiver = owner === null ? null : instanceOf(owner)
  return classOf(new TypeEvaluator(project).ofLocalValue(project.value(of, path), { function: fact, path, receiver }))
}

function functionFactOf(project: PythonProject, name: string): FunctionFact | null {
  const fact = project.callable(name)?.function ?? project.member(withoutLastPart(name), lastPart(name))?.fact
  return fact?.kind === 'function' ? fact : null
}

/** Whether the attribute is a nullable column or, in other classes, annotated as one that can be `None`. */
function mayBeEmpty(project: PythonProject, owner: string, attribute: string): boolean {
  const column = project.model(owner)?.columns.find((each) => each.attribute === attribute)
  if (column) return column.nullable === true
  return membersOf(new TypeEvaluator(project).attribute(instanceOf(owner), attribute)).some(isNoneType)
}
