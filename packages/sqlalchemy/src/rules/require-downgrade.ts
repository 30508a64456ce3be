import type { FunctionDefinitionNode, PythonNode, ScriptOperation } from '@krait/python'
import { commentsOnLines, defineRule, MigrationScript, optionPattern, stringParts } from '@krait/python'
import { emptinessOf, topLevelFunction } from '../shared/empty-function.ts'
import { functionsCalledBy } from '../shared/migration.ts'

export interface RequireDowngradeOptions {
  /** Also look at upgrades that only change data. */
  readonly requireForData: boolean
  /** What says that a migration can not be undone, and what to do instead. */
  readonly irreversible: string
}

const defaultOptions: readonly [RequireDowngradeOptions] = [
  { requireForData: false, irreversible: '(?i)irreversible|backout|forward[- ]only|cannot be (undone|reversed|downgraded)' },
]

const DATA_OPERATIONS: ReadonlySet<string> = new Set(['execute', 'bulk_insert', 'get_bind', 'get_context', 'f'])
const DDL = /^\s*(?:(?:--[^\n]*\n|\/\*[^]*?\*\/)\s*)*(?:create|alter|drop|rename|comment)\b/i

export const requireDowngrade = defineRule({
  name: 'require-downgrade',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a downgrade for migrations that change the schema',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      schema: '`upgrade` changes the schema (`{{operation}}`), but `downgrade` {{does}}. Undo it there, or document the backout (“irreversible: …”).',
      data: '`upgrade` changes data (`{{operation}}`), but `downgrade` {{does}}. Undo it there, or document the backout (“irreversible: …”).',
    },
    schema: [
      {
        type: 'object',
        properties: { requireForData: { type: 'boolean' }, irreversible: { type: 'string' } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ requireForData, irreversible }]) {
    const script = MigrationScript.of(context)
    if (!script) return {}
    const note = optionPattern(irreversible)

    return {
      module(module) {
        const schemaChange = script.upgrade.find(changesSchema)
        const operation = schemaChange?.reader.name ?? (requireForData ? dataChange() : undefined)
        if (operation === undefined) return
        const upgrade = topLevelFunction(context, 'upgrade')
        const downgrade = topLevelFunction(context, 'downgrade')
        // It is imported, or bound to another function.
        if (!downgrade && context.scopes.module.lookup('downgrade')) return
        const does = downgrade ? emptinessOf(context, downgrade) : 'is missing'
        if (does === null || !upgrade || isNoted(module, downgrade)) return
        context.report({ node: (downgrade ?? upgrade).name, messageId: schemaChange ? 'schema' : 'data', data: { operation, does } })
      },
    }

    function dataChange(): string | undefined {
      const [first] = script!.upgrade
      if (first) return first.reader.name
      const usesConnection = functionsCalledBy(context.scopes, 'upgrade').some((body) =>
        [...body.descendants('call')].some((call) => context.resolve(call.function) === 'alembic.op.get_bind'),
      )
      return usesConnection ? 'get_bind' : undefined
    }

    /** Whether the file declares that the migration can not be undone. */
    function isNoted(module: PythonNode, downgrade: FunctionDefinitionNode | undefined): boolean {
      const first = module.namedChildren.find(({ kind }) => kind !== 'comment')
      const docstring = first?.kind === 'expression_statement' ? first.namedChildren[0] : undefined
      if (docstring && note.test(textOf(docstring))) return true
      if (!downgrade) return false
      const texts = [...downgrade.descendants('string')].map(textOf)
      return texts.some((text) => note.test(text)) || commentsOnLines(context.sourceCode, downgrade, downgrade).some(({ text }) => note.test(text))
    }
  },
})

function changesSchema({ reader, sql }: ScriptOperation): boolean {
  if (!DATA_OPERATIONS.has(reader.name)) return true
  return sql !== null && sql.split(';').some((statement) => DDL.test(statement))
}

function textOf(node: PythonNode): string {
  return (stringParts(node) ?? []).map((part) => part ?? '').join('')
}
