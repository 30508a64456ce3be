import { defineFact, defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import type { MemberFact } from '../facts/module-fact-types.ts'
import type { FileSemantics } from '../file-semantics.ts'
import type { RelativeName } from '../names/relative-name.ts'
import { Projects } from '../project/projects.ts'
import { valuesIn } from '../values/parts.ts'
import type { Value } from '../values/value.ts'

/** An attribute in the body of a class. */
export interface AliasUser {
  /** The canonical name of the class. */
  readonly owner: string
  readonly attribute: string
}

/** An attribute in the body of a class with a subscript for annotation, and the names in that, builtins aside. */
interface AnnotatedAttribute {
  /** The path of the class in its module. */
  readonly owner: string
  readonly attribute: string
  readonly names: readonly RelativeName[]
}

/** The annotations in which aliases may stand: `created_at: Mapped[created]`. */
export const annotatedAttributesFact = defineFact<readonly AnnotatedAttribute[], FileSemantics>({
  name: 'python/annotated-attributes',
  version: 1,
  collect({ services: file }) {
    const found: AnnotatedAttribute[] = []
    for (const [owner, attribute, member] of attributesOf(file.members)) {
      if (member.kind !== 'variable' || member.annotation?.kind !== 'subscript') continue
      const names = namesIn(member.annotation)
      if (names.length > 0) found.push({ owner, attribute, names })
    }
    return found
  },
})

function* attributesOf(members: Readonly<Record<string, MemberFact>>): Generator<readonly [owner: string, attribute: string, member: MemberFact]> {
  const stack = Object.entries(members)
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const [owner, definition] = entry
    if (definition.kind !== 'class') continue
    for (const [name, member] of Object.entries(definition.members)) {
      if (member.kind === 'class') stack.push([`${owner}.${name}`, member])
      else yield [owner, name, member]
    }
  }
}

function namesIn(annotation: Value): readonly RelativeName[] {
  const names = new Set<RelativeName>()
  for (const part of valuesIn(annotation)) if (part.kind === 'name' && !part.name.startsWith('builtins.')) names.add(part.name)
  return [...names]
}

/** The first attribute of a class in whose annotation an alias stands, by the qualified name of the alias: `created_at: Mapped[created]`. */
export const aliasUserIndex = defineIndex<ReadonlyMap<string, AliasUser>, string, AliasUser | undefined>({
  name: 'python/alias-users',
  version: 1,
  build: readAliasUsers,
  ask: (users, alias) => users.get(alias),
})

function readAliasUsers(reader: KeptReader): ReadonlyMap<string, AliasUser> {
  const projects = new Projects(reader)
  const users = new Map<string, AliasUser>()
  for (const [path, attributes] of reader.facts(annotatedAttributesFact)) {
    const project = projects.of(path)
    for (const { owner, attribute, names } of attributes) {
      for (const name of names) {
        const resolved = project.resolveName(name, path)
        const alias = resolved === null ? null : project.definition(resolved)
        if (alias?.kind !== 'variable' || users.has(alias.name)) continue
        users.set(alias.name, { owner: project.nameInModule(owner, path), attribute })
      }
    }
  }
  return users
}
