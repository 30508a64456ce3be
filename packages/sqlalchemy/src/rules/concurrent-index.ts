import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, PythonNode, ScriptOperation } from '@krait/python'
import { defineRule, keywordArgument, lastPart, matchesGlobs, MigrationScript, projectDialect } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { indexOperations, isCommit, isOutsideTransaction } from '../shared/index-operations.ts'
import type { IndexOperation } from '../shared/index-operations.ts'
import { createdTables } from '../shared/script-tables.ts'

export interface ConcurrentIndexOptions {
  /** Also look at dropped indexes. */
  readonly drops: boolean
  /** Tables that are small enough to be blocked, as globs. */
  readonly smallTables: readonly string[]
  /** Also look at unique constraints, which build an index. */
  readonly unique: boolean
}

const defaultOptions: readonly [ConcurrentIndexOptions] = [{ drops: false, smallTables: [], unique: false }]

export const concurrentIndex = defineRule({
  name: 'concurrent-index',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require indexes on existing tables to be built concurrently',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      blocks: '{{does}} `{{index}}` blocks writes to `{{table}}`. Use `postgresql_concurrently=True` inside `op.get_context().autocommit_block()`.',
      blocksInSql: '{{does}} `{{index}}` blocks writes to `{{table}}`. Use `CONCURRENTLY` inside `op.get_context().autocommit_block()`.',
      inTransaction: '{{does}} `{{index}}` concurrently raises inside a transaction. Put it into `with op.get_context().autocommit_block():`.',
      wrap: 'Put it into `autocommit_block()`',
    },
    schema: [
      {
        type: 'object',
        properties: { drops: { type: 'boolean' }, smallTables: { type: 'array', items: { type: 'string' } }, unique: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ drops, smallTables, unique }]) {
    const script = MigrationScript.of(context)
    if (!script) return {}

    return {
      module() {
        const { upgrade } = script
        if (!upgrade.some((operation) => indexOperations(operation, unique).length > 0) || projectDialect(context) !== 'postgresql') return
        const created = createdTables(upgrade)
        const reported = new Set<PythonNode>()
        for (const [i, operation] of upgrade.entries()) {
          for (const index of indexOperations(operation, unique)) {
            if (reported.has(operation.call) || isLeftAlone(index, created)) continue
            const hasLeft = (): boolean => upgrade.slice(0, i).some(isCommit) || isOutsideTransaction(context, operation.call)
            if (index.isConcurrent ? hasLeft() : index.does === 'drop' && !drops) continue
            if (!index.isConcurrent && index.table === null && index.does === 'build') continue
            reported.add(operation.call)
            report(operation, index)
          }
        }
      },
    }

    function isLeftAlone({ table }: IndexOperation, created: ReadonlySet<string>): boolean {
      return table !== null && (created.has(table) || matchesGlobs(table, smallTables) || matchesGlobs(lastPart(table), smallTables))
    }

    function report({ call, reader }: ScriptOperation, index: IndexOperation): void {
      const does = index.does === 'build' ? 'Building' : 'Dropping'
      const data = { does, index: index.name ?? 'the index', table: index.table ?? 'its table' }
      const messageId = index.isConcurrent ? 'inTransaction' : index.isSql ? 'blocksInSql' : 'blocks'
      const canWrap = !reader.isBatch && !index.isSql && reader.name !== 'create_unique_constraint' && isPlainStatement(call)
      context.report({
        node: calleeName(call),
        messageId,
        data,
        suggest: [canWrap && { messageId: 'wrap', fix: (fixer) => wrap(fixer, call, index.isConcurrent) }],
      })
    }

    /** A call that is a statement by itself, without texts over several lines that must not be indented. */
    function isPlainStatement(call: CallNode): boolean {
      const isAlone = call.parent?.kind === 'expression_statement' && call.parent.namedChildren.length === 1 && call.function.kind === 'attribute'
      return isAlone && [...call.descendants('string')].every(({ text }) => !text.includes('\n')) && !isOutsideTransaction(context, call)
    }

    function wrap(fixer: RuleFixer, call: CallNode, isConcurrent: boolean): readonly Fix[] {
      const op = call.function.kind === 'attribute' ? call.function.object.text : 'op'
      const margin = ' '.repeat(call.loc.start.column - 1)
      const keyword = keywordArgument(call, 'postgresql_concurrently')
      const given = isConcurrent ? context.sourceCode.text.slice(call.start, call.end) : withKeyword(call, keyword)
      const indented = given.split('\n').map((line, i) => (i === 0 || line === '' ? line : `    ${line}`)).join('\n')
      return [fixer.replaceText(call, `with ${op}.get_context().autocommit_block():\n${margin}    ${indented}`)]
    }

    /** The call with `postgresql_concurrently=True`, on a line of its own where the last argument has one. */
    function withKeyword(call: CallNode, keyword: PythonNode | null): string {
      const { text } = context.sourceCode
      const added = 'postgresql_concurrently=True'
      if (keyword) return text.slice(call.start, keyword.start) + added + text.slice(keyword.end, call.end)
      const [before, last] = call.arguments.children.slice(-2)
      if (before!.kind !== ',') return `${text.slice(call.start, last!.start)}${before!.kind === '(' ? '' : ', '}${added}${text.slice(last!.start, call.end)}`
      const argument = call.arguments.namedChildren.at(-1)!
      const isOnOwnLine = last!.loc.start.line > argument.loc.start.line
      const gap = isOnOwnLine ? `\n${' '.repeat(argument.loc.start.column - 1)}` : ' '
      return `${text.slice(call.start, before!.end)}${gap}${added},${text.slice(before!.end, call.end)}`
    }
  },
})
