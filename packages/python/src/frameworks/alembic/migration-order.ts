import type { PythonProject } from '../../project/python-project.ts'
import { constantOf } from '../../values/constant.ts'
import type { Constant } from '../../values/constant.ts'
import type { Value } from '../../values/value.ts'
import type { MigrationFact } from './operations-fact.ts'

/** A migration with its place in the history. */
export interface Migration {
  readonly path: string
  /** Its id; `null` if it is computed. */
  readonly revision: string | null
  readonly downRevisions: readonly string[]
  readonly fact: MigrationFact
  readonly project: PythonProject
}

/** The constant that a value with names relative to a migration's file stands for. */
export function constantIn(project: PythonProject, path: string, value: Value): Constant | undefined {
  const follow = (inner: Value): Value => (inner.kind === 'name' ? (project.valueOf(inner.name) ?? inner) : inner)
  return constantOf(project.value(value, path), follow, project)
}

export function readMigration(project: PythonProject, path: string, fact: MigrationFact): Migration {
  const revision = constantIn(project, path, fact.revision)
  const down = constantIn(project, path, fact.downRevision)
  const downRevisions = (Array.isArray(down) ? (down as readonly Constant[]) : [down]).filter((id) => typeof id === 'string')
  return { path, revision: typeof revision === 'string' ? revision : null, downRevisions, fact, project }
}

/**
 * The histories of a project: the migrations of one folder belong together, and so do folders where one continues what the other begins. Each
 * history is in the order in which its migrations run, those without a known place at the end.
 */
export function migrationHistories(migrations: readonly Migration[]): readonly (readonly Migration[])[] {
  const byRevision = new Map<string, Migration[]>()
  for (const migration of migrations) {
    if (migration.revision !== null) byRevision.set(migration.revision, [...(byRevision.get(migration.revision) ?? []), migration])
  }
  const groups = new Map<string, string>()
  const groupOf = (folder: string): string => {
    let group = folder
    while ((groups.get(group) ?? group) !== group) group = groups.get(group)!
    return group
  }
  for (const { path, downRevisions } of migrations) {
    for (const down of downRevisions) {
      const parents = byRevision.get(down) ?? []
      const isHere = parents.some((parent) => folderOf(parent.path) === folderOf(path))
      if (!isHere && parents.length === 1) groups.set(groupOf(folderOf(parents[0]!.path)), groupOf(folderOf(path)))
    }
  }
  const histories = new Map<string, Migration[]>()
  for (const migration of migrations) {
    const group = groupOf(folderOf(migration.path))
    histories.set(group, [...(histories.get(group) ?? []), migration])
  }
  return [...histories.values()].map(inOrder)
}

/** Each migration after those it follows; of several that could come next, the first by path. */
function inOrder(history: readonly Migration[]): readonly Migration[] {
  const known = new Set(history.map(({ revision }) => revision))
  const followers = new Map<string, Migration[]>()
  const missing = new Map<Migration, number>()
  for (const migration of history) {
    const parents = migration.downRevisions.filter((down) => known.has(down))
    missing.set(migration, parents.length)
    for (const parent of parents) followers.set(parent, [...(followers.get(parent) ?? []), migration])
  }
  const ready = history.filter((migration) => missing.get(migration) === 0)
  const ordered: Migration[] = []
  const seen = new Set<Migration>()
  for (let next = ready.shift(); next; next = ready.shift()) {
    if (seen.has(next)) continue
    seen.add(next)
    ordered.push(next)
    for (const follower of next.revision === null ? [] : (followers.get(next.revision) ?? [])) {
      const left = missing.get(follower)! - 1
      missing.set(follower, left)
      if (left === 0) ready.push(follower)
    }
  }
  return [...ordered, ...history.filter((migration) => !seen.has(migration))]
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
