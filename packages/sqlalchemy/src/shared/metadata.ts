import type { MigrationGroup, Model, PythonProject, Value } from '@krait/python'
import { withoutLastPart } from '@krait/python'

/**
 * Whether the `env.py` of migrations names a metadata that a model certainly does not belong to. `false` where that is not known.
 */
export function hasOtherMetadata(project: PythonProject, model: Model, group: MigrationGroup): boolean {
  const targets = targetsOf(project, group)
  if (!targets) return false
  const own = model.kind === 'class' ? project.ancestors(model.name).names.flatMap((name) => aliasesOf(project, name)) : metadataOfTable(project, model.name)
  return own.length > 0 && !own.some((name) => targets.has(name))
}

/** The names of `target_metadata`; `null` if they are not known. */
function targetsOf(project: PythonProject, { folders }: MigrationGroup): ReadonlySet<string> | null {
  for (const folder of folders) {
    const path = envFiles(folder).find((candidate) => project.module(candidate))
    const member = path === undefined ? undefined : project.module(path)?.members['target_metadata']
    if (path === undefined || !member) continue
    const value: Value | null =
      member.kind === 'alias' ? nameValue(project.resolveName(member.target, path)) : member.kind === 'variable' && member.value ? project.value(member.value, path) : null
    const items = value?.kind === 'list' || value?.kind === 'tuple' ? value.items : value ? [value] : []
    const names = items.map((item) => (item.kind === 'name' ? item.name : null))
    if (names.length === 0 || !names.every((name) => name !== null && isKnown(project, name))) return null
    return new Set(names.flatMap((name) => [name!, ...(name!.endsWith('.metadata') ? aliasesOf(project, withoutLastPart(name!)) : [])]))
  }
  return null
}

/** `env.py` beside or above the folder of the revisions. */
function envFiles(folder: string): readonly string[] {
  const parts = folder.split('/')
  return [parts, parts.slice(0, -1), parts.slice(0, -2)].map((around) => [...around.filter((part) => part !== ''), 'env.py'].join('/'))
}

function isKnown(project: PythonProject, name: string): boolean {
  return project.definition(name) !== null || project.definition(withoutLastPart(name)) !== null || name === 'sqlmodel.SQLModel.metadata'
}

/** The names under which the metadata of a declarative base goes. */
function aliasesOf(project: PythonProject, base: string): readonly string[] {
  const owner = base.endsWith('.Model') ? withoutLastPart(base) : base
  const member = project.definition(base)?.kind === 'class' ? project.member(base, 'metadata') : null
  const ofMember = member?.fact.kind === 'alias' ? project.resolveName(member.fact.target, member.path) : null
  const made = project.valueOf(base)
  const given = made?.kind === 'call' ? made.keywords['metadata'] : undefined
  return [`${owner}.metadata`, ...(ofMember === null ? [] : [ofMember]), ...(given?.kind === 'name' ? [given.name] : [])]
}

function metadataOfTable(project: PythonProject, name: string): readonly string[] {
  const table = project.valueOf(name)
  const given = table?.kind === 'call' ? (table.arguments[1] ?? table.keywords['metadata']) : undefined
  if (given?.kind !== 'name') return []
  return [given.name, ...(given.name.endsWith('.metadata') ? aliasesOf(project, withoutLastPart(given.name)) : [])]
}

function nameValue(name: string | null): Value | null {
  return name === null ? null : { kind: 'name', name }
}
