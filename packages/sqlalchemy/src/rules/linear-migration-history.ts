import { defineRule, MigrationScript, unseenVersionsIndex } from '@krait/python'
import type { PythonNode } from '@krait/python'
import { RevisionGraph } from '../shared/revision-graph.ts'

export const linearMigrationHistory = defineRule({
  name: 'linear-migration-history',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require one head and no broken link in a history of migrations',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      heads: '{{heads}}. Rebase one, or run `alembic merge`.',
      missing: '`{{revision}}` follows `{{down}}`, which no migration defines, so that `alembic upgrade` does not run. Name the revision that it follows.',
      copies: 'Revision `{{revision}}` is also in `{{other}}`, so that Alembic runs only one of them. Give one a new id.',
      cycle: '`{{revision}}` follows itself by way of its `down_revision`, so that no order exists. Name the revision that it follows.',
      bases: '{{bases}} follow no revision, so that the history begins several times. Let one follow the other, or label the branches.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (!MigrationScript.of(context)) return {}

    return {
      module() {
        const group = context.project.migrationGroup()
        const place = group?.migrations.find(({ path }) => path === context.path)
        if (!group || !place) return
        const { revision, downRevisions } = place
        if (revision === null) return
        const graph = RevisionGraph.of(group)
        const [id, link] = [variable('revision'), variable('down_revision')]
        const [copy] = graph.copiesOf(place)
        if (copy !== undefined && id) context.report({ node: id, messageId: 'copies', data: { revision, other: copy.slice(copy.lastIndexOf('/') + 1) } })
        if (!graph.isKnown) return
        const heads = graph.heads.find((same) => same.length > 1 && same.includes(revision))
        if (heads && id) context.report({ node: id, messageId: 'heads', data: { heads: describe(heads, graph.forkOf(heads)) } })
        const missing = downRevisions.find((down) => !graph.isDefined(down))
        if (missing !== undefined && link && !context.project.ask(unseenVersionsIndex, 'project')) context.report({ node: link, messageId: 'missing', data: { revision, down: missing } })
        if (graph.isInCycle(place) && link) context.report({ node: link, messageId: 'cycle', data: { revision } })
        const bases = graph.bases.find((same) => same.length > 1 && same.includes(revision))
        if (bases && link) context.report({ node: link, messageId: 'bases', data: { bases: inWords(bases) } })
      },
    }

    function variable(name: string): PythonNode | undefined {
      return context.scopes.module.lookup(name)?.definitions.findLast(({ kind }) => kind === 'assignment')?.name
    }
  },
})

function describe(heads: readonly string[], fork: string | null): string {
  const count = heads.length === 2 ? 'Two heads' : `${heads.length} heads`
  const follow = fork === null ? '' : `${heads.length === 2 ? ' both' : ' all'} follow \`${fork}\``
  return `${count}: ${inWords(heads)}${follow}`
}

/** More ids are not named. */
const MAX_NAMED = 5

function inWords(revisions: readonly string[]): string {
  const named = revisions.slice(0, MAX_NAMED).map((revision) => `\`${revision}\``)
  if (revisions.length > MAX_NAMED) return `${named.join(', ')} and ${revisions.length - MAX_NAMED} more`
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`
}
