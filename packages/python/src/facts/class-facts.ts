import { defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { Value } from '../values/value.ts'
import type { ClassFact, MemberFact } from './module-fact-types.ts'

/** What a class derives from. */
export interface ClassHead {
  readonly bases: readonly Value[]
  readonly isDecorated?: true
}

/** By the path of the class in its module (`Outer.Inner`), in order; classes without bases and decorators are left out. */
export type ClassHeads = Readonly<Record<string, ClassHead>>

/** The heads of a file's classes, for who asks for those of the whole project: a change of a variable or a function leaves them as they are. */
export const classHeadsFact = defineFact<ClassHeads, FileSemantics>({
  name: 'python/class-heads',
  version: 1,
  collect({ services: file }) {
    const heads: [string, ClassHead][] = []
    for (const [path, { bases, decorators }] of classesIn(file.members)) {
      const isDecorated = decorators.length > 0
      if (bases.length > 0 || isDecorated) heads.push([path, { bases, ...(isDecorated && { isDecorated }) }])
    }
    return Object.fromEntries(heads)
  },
})

/** The names of what the body of a class defines. */
export interface ClassNames {
  readonly functions: readonly string[]
  /** Variables with an annotation. */
  readonly fields: readonly string[]
}

/** By the path of the class in its module, in order; classes with neither are left out. */
export type ClassNamesByPath = Readonly<Record<string, ClassNames>>

/** The names of what the classes of a file define, for who asks for those of the whole project. */
export const classNamesFact = defineFact<ClassNamesByPath, FileSemantics>({
  name: 'python/class-names',
  version: 1,
  collect({ services: file }) {
    const found: [string, ClassNames][] = []
    for (const [path, { members }] of classesIn(file.members)) {
      const functions: string[] = []
      const fields: string[] = []
      for (const [name, member] of Object.entries(members)) {
        if (member.kind === 'function') functions.push(name)
        else if (member.kind === 'variable' && member.annotation) fields.push(name)
      }
      if (functions.length > 0 || fields.length > 0) found.push([path, { functions, fields }])
    }
    return Object.fromEntries(found)
  },
})

/** The classes of a module with those inside of classes, in order. */
function* classesIn(members: Readonly<Record<string, MemberFact>>, prefix = ''): Generator<readonly [path: string, fact: ClassFact]> {
  for (const [name, fact] of Object.entries(members)) {
    if (fact.kind !== 'class') continue
    yield [prefix + name, fact]
    yield* classesIn(fact.members, `${prefix}${name}.`)
  }
}
