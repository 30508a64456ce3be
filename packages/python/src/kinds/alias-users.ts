import { defineIndex } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { moduleFact } from '../facts/module-fact.ts'
import type { MemberFact } from '../facts/module-fact-types.ts'
import { Projects } from '../project/projects.ts'
import { valuesIn } from '../values/parts.ts'

/** An attribute in the body of a class. */
export interface AliasUser {
  /** The canonical name of the class. */
  readonly owner: string
  readonly attribute: string
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
  for (const [path, { members }] of reader.facts(moduleFact)) {
    for (const [owner, attribute, member] of attributesOf(members)) {
      if (member.kind !== 'variable' || member.annotation?.kind !== 'subscript') continue
      const project = projects.of(path)
      for (const part of valuesIn(project.value(member.annotation, path))) {
        const alias = part.kind === 'name' ? project.definition(part.name) : null
        if (alias?.kind !== 'variable' || users.has(alias.name)) continue
        users.set(alias.name, { owner: project.nameInModule(owner, path), attribute })
      }
    }
  }
  return users
}

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
