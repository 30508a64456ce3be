import type { FunctionFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { isTrueValue } from '../../values/value.ts'
import type { CallValue } from '../../values/value.ts'
import type { PydanticValidator } from './model.ts'
import type { WrittenClass } from './read-config.ts'

type ReadValidator = (decorator: CallValue | null) => Pick<PydanticValidator, 'kind' | 'mode' | 'fields'>

/** What makes a method a validator, of Pydantic 2 and 1. */
const DECORATORS: Readonly<Record<string, ReadValidator>> = {
  'pydantic.field_validator': (call) => ({ kind: 'field', mode: modeOf(call) ?? 'after', fields: stringsIn(call) }),
  'pydantic.model_validator': (call) => ({ kind: 'model', mode: modeOf(call), fields: [] }),
  'pydantic.validator': (call) => ({ kind: 'field', mode: isTrueValue(call?.keywords['pre']) ? 'before' : 'after', fields: stringsIn(call) }),
  'pydantic.root_validator': (call) => ({ kind: 'model', mode: isTrueValue(call?.keywords['pre']) ? 'before' : 'after', fields: [] }),
}

/** The validators of classes; one that a nearer class defines anew counts once. @param classes the class and its bases, nearest first */
export function readValidators(project: PythonProject, classes: readonly WrittenClass[]): readonly PydanticValidator[] {
  const found = new Map<string, PydanticValidator | null>()
  for (const { name: owner, path, fact } of classes) {
    for (const [name, member] of Object.entries(fact.members)) {
      if (!found.has(name)) found.set(name, member.kind === 'function' ? validatorOf(project, member, name, owner, path) : null)
    }
  }
  return [...found.values()].filter((validator) => validator !== null)
}

function validatorOf(project: PythonProject, { decorators }: FunctionFact, name: string, owner: string, path: string): PydanticValidator | null {
  for (const decorator of decorators) {
    const value = project.value(decorator, path)
    const called = value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null
    if (called !== null && Object.hasOwn(DECORATORS, called)) return { name, owner, ...DECORATORS[called]!(value.kind === 'call' ? value : null) }
  }
  return null
}

function modeOf(call: CallValue | null): PydanticValidator['mode'] {
  const given = call?.keywords['mode']
  return given?.kind === 'literal' && MODES.has(String(given.value)) ? (given.value as PydanticValidator['mode']) : null
}

const MODES: ReadonlySet<string> = new Set(['before', 'after', 'wrap', 'plain'])

function stringsIn(call: CallValue | null): readonly string[] {
  return (call?.arguments ?? []).flatMap((argument) => (argument.kind === 'literal' && typeof argument.value === 'string' ? [argument.value] : []))
}
