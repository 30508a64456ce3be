import type { PythonNode } from '@krait/python'
import { defineRule, matchesGlobs, MigrationScript, parsePython } from '@krait/python'
import { changedLineIn } from '../shared/changed-line.ts'
import { codeShape } from '../shared/code-shape.ts'
import { isMigration, migrationParts, PART_NAMES, revisionOf } from '../shared/migration-parts.ts'

export interface ImmutableMigrationOptions {
  /** Migrations that may change, as globs: those of a squash. */
  readonly allow: readonly string[]
}

const defaultOptions: readonly [ImmutableMigrationOptions] = [{ allow: [] }]

export const immutableMigration = defineRule({
  name: 'immutable-migration',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow changes of migrations that are on the base branch',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      changed: '`{{file}}` is already on `{{base}}`; databases that ran it will not run it again. Add a new migration.',
      deleted: '`{{file}}` is already on `{{base}}` and was deleted; databases that ran it can not go on from there. Bring it back, and add a new migration.',
    },
    schema: [{ type: 'object', properties: { allow: { type: 'array', items: { type: 'string' } } }, additionalProperties: false }],
  },
  defaultOptions,
  create(context, [{ allow }]) {
    if (!MigrationScript.of(context) || matchesGlobs(context.path, allow)) return {}

    return {
      module(module) {
        const changes = context.project.changes()
        if (!changes) return
        const base = changes.base?.slice(0, SHORT_ID) ?? 'the base'
        const before = changes.baseText(context.path)
        if (before !== undefined) checkParts(module, before, base)
        for (const { path, status } of changes.files) {
          if (status !== 'deleted' || !path.endsWith('.py') || matchesGlobs(path, allow)) continue
          const text = changes.baseText(path)
          if (text?.includes('down_revision')) checkDeleted(module, path, text, base)
        }
      },
    }

    function checkParts(module: PythonNode, before: string, base: string): void {
      const old = partsOf(before)
      if (!isMigration(old)) return
      const now = migrationParts(module)
      for (const name of PART_NAMES) {
        const [was, is] = [old.get(name), now.get(name)]
        const isSame = was && is ? codeShape(was.code) === codeShape(is.code) : was === is
        if (isSame) continue
        const part = is ?? now.get('upgrade')
        const related = [{ path: context.path, line: changedLineIn(context.project, part?.code ?? module) ?? 1, column: 1, message: 'changed here' }]
        context.report({ node: part?.name ?? module, messageId: 'changed', data: { file: fileName(context.path), base }, related })
      }
    }

    function checkDeleted(module: PythonNode, path: string, text: string, base: string): void {
      const parts = partsOf(text)
      const revision = isMigration(parts) ? revisionOf(parts) : null
      const group = context.project.migrationGroup()
      if (revision === null || !group || group.migrations.some((migration) => migration.revision === revision)) return
      const followers = group.migrations.filter(({ downRevisions }) => downRevisions.includes(revision))
      const isHere = group.folders.includes(path.slice(0, Math.max(0, path.lastIndexOf('/'))))
      const first = isHere ? group.migrations.map((migration) => migration.path).sort()[0] : undefined
      const isReported = followers.length > 0 ? followers.some((migration) => migration.path === context.path) : first === context.path
      const link = migrationParts(module).get('down_revision')
      if (!isReported || !link) return
      context.report({ node: link.name, messageId: 'deleted', data: { file: fileName(path), base }, related: [{ path, line: 1, column: 1, message: 'deleted' }] })
    }
  },
})

/** As git shortens the ids of commits. */
const SHORT_ID = 8

function partsOf(text: string): ReturnType<typeof migrationParts> {
  return migrationParts(parsePython(text).node(0) as PythonNode)
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
