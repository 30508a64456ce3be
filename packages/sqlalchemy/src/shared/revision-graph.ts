import type { MigrationGroup, MigrationPlace } from '@krait/python'

/** Looks into the order of a history of migrations. */
export class RevisionGraph {
  readonly #migrations: readonly MigrationPlace[]
  readonly #byRevision = new Map<string, MigrationPlace>()
  readonly #followers = new Map<string, MigrationPlace[]>()
  #isKnown: boolean | undefined
  #heads: readonly (readonly string[])[] | undefined
  #bases: readonly (readonly string[])[] | undefined

  /** The graph of a history, made once. */
  static of(group: MigrationGroup): RevisionGraph {
    let graph = graphs.get(group)
    if (!graph) graphs.set(group, (graph = new RevisionGraph(group)))
    return graph
  }

  private constructor({ migrations }: MigrationGroup) {
    this.#migrations = migrations
    for (const migration of migrations) if (migration.revision !== null) this.#byRevision.set(migration.revision, migration)
    for (const migration of migrations) {
      for (const down of migration.downRevisions) {
        const parent = this.#find(down)
        if (parent) this.#followers.set(parent.revision!, [...(this.#followers.get(parent.revision!) ?? []), migration])
      }
    }
  }

  /** Every revision and what it follows can be read. */
  get isKnown(): boolean {
    return (this.#isKnown ??= this.#migrations.every(({ revision, hasUnknownDownRevisions }) => revision !== null && !hasUnknownDownRevisions))
  }

  /** Revisions that no other one follows, by label: those of independent branches stand alone. */
  get heads(): readonly (readonly string[])[] {
    return (this.#heads ??= this.#findHeads())
  }

  /** Revisions that follow none, by label. */
  get bases(): readonly (readonly string[])[] {
    return (this.#bases ??= this.#findBases())
  }

  #findHeads(): readonly (readonly string[])[] {
    const heads = [...this.#byRevision.keys()].filter((revision) => !this.#followers.has(revision)).sort()
    return byLabels(heads, (revision) => this.#ancestorsOf(revision))
  }

  #findBases(): readonly (readonly string[])[] {
    const bases = [...this.#byRevision.values()].filter(({ downRevisions, hasUnknownDownRevisions }) => downRevisions.length === 0 && !hasUnknownDownRevisions)
    return byLabels(bases.map(({ revision }) => revision!).sort(), (revision) => this.#descendantsOf(revision))
  }

  /** Whether some migration defines what `down_revision` names: also by a part of its id, or by a label. */
  isDefined(down: string): boolean {
    return down.includes('@') || this.#find(down) !== undefined || this.#migrations.some(({ branchLabels }) => branchLabels.includes(down))
  }

  /** The other files of a revision. */
  copiesOf({ path, revision }: MigrationPlace): readonly string[] {
    return this.#migrations.flatMap((other) => (other.revision === revision && other.path !== path ? [other.path] : []))
  }

  isInCycle({ revision }: MigrationPlace): boolean {
    return revision !== null && (this.#followers.get(revision) ?? []).some((follower) => this.#descendantsOf(follower.revision ?? '').some((it) => it.revision === revision))
  }

  /** The nearest revision that all of these follow; `null` if there is none. */
  forkOf(revisions: readonly string[]): string | null {
    const [first, ...others] = revisions.map((revision) => this.#ancestorsOf(revision).flatMap((migration) => migration.revision ?? []))
    const common = others.map((ancestors) => new Set(ancestors))
    return first?.find((revision) => common.every((ancestors) => ancestors.has(revision))) ?? null
  }

  #find(down: string): MigrationPlace | undefined {
    const exact = this.#byRevision.get(down)
    if (exact || down.length < MIN_PART) return exact
    const matching = [...this.#byRevision.keys()].filter((revision) => revision.startsWith(down))
    return matching.length === 1 ? this.#byRevision.get(matching[0]!) : undefined
  }

  /** A revision and all that it follows, the nearest ones first. */
  #ancestorsOf(revision: string): readonly MigrationPlace[] {
    return reach(this.#byRevision.get(revision), ({ downRevisions }) => downRevisions.flatMap((down) => this.#find(down) ?? []))
  }

  #descendantsOf(revision: string): readonly MigrationPlace[] {
    return reach(this.#byRevision.get(revision), (migration) => this.#followers.get(migration.revision ?? '') ?? [])
  }
}

/** An answer of an index is one object for all who ask. */
const graphs = new WeakMap<MigrationGroup, RevisionGraph>()

/** Shorter parts of an id mean nothing to Alembic's users. */
const MIN_PART = 4

function reach(start: MigrationPlace | undefined, next: (migration: MigrationPlace) => readonly MigrationPlace[]): readonly MigrationPlace[] {
  const found = new Set(start ? [start] : [])
  for (const migration of found) for (const other of next(migration)) found.add(other)
  return [...found]
}

function byLabels(revisions: readonly string[], chainOf: (revision: string) => readonly MigrationPlace[]): readonly (readonly string[])[] {
  if (revisions.length < 2) return [revisions]
  const groups = new Map<string, string[]>()
  for (const revision of revisions) {
    const labels = [...new Set(chainOf(revision).flatMap(({ branchLabels }) => branchLabels))].sort().join()
    groups.set(labels, [...(groups.get(labels) ?? []), revision])
  }
  return [...groups.values()]
}
