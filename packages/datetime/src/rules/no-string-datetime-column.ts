import type { AssignmentNode, PythonNode } from '@krait/python'
import { defineRule, enclosingDefinition, isTimestamp, keywordArguments, lastPart, optionPattern, textWritesIndex } from '@krait/python'
import { columnDefinition } from '../shared/column-definitions.ts'
import type { ColumnDefinition } from '../shared/column-definitions.ts'
import { columnLabel } from '../shared/columns.ts'

export interface StringDatetimeColumnOptions {
  /** A regular expression for names of text columns that are reported without further evidence. */
  readonly namePattern: string | null
}

const defaultOptions: readonly [StringDatetimeColumnOptions] = [{ namePattern: null }]
const TEXT_TYPES: ReadonlySet<string> = new Set(['String', 'Text', 'Unicode', 'UnicodeText', 'VARCHAR', 'CHAR', 'TEXT', 'NVARCHAR', 'AutoString'])
const DEFAULTS = ['default', 'insert_default', 'onupdate', 'default_factory'] as const

export const noStringDatetimeColumn = defineRule({
  name: 'no-string-datetime-column',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow text columns for timestamps',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
      strictOptions: [{ namePattern: '(_at|_datetime|_timestamp)$' }],
    },
    messages: {
      text: '`{{column}}` is a {{type}} column holding ISO text ({{evidence}}). Use DateTime(timezone=True): text sorts and compares wrongly across offsets.',
      named: '`{{column}}` is a {{type}} column with the name of a timestamp. Use DateTime(timezone=True): text sorts and compares wrongly across offsets.',
    },
    schema: [
      {
        type: 'object',
        properties: { namePattern: { type: ['string', 'null'] } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ namePattern }]) {
    const byName = namePattern === null ? null : optionPattern(namePattern)

    return {
      assignment(node) {
        if (node.left.kind !== 'identifier') return
        const owner = enclosingDefinition(node)
        if (owner?.kind !== 'class_definition' || !MAY_BE_COLUMN.test(node.text) || !hasEvidence(node, node.left.text)) return
        const column = columnDefinition(context, owner, node.left.text, node)
        if (column && isText(column)) check(node, column)
      },
    }

    /** Whether anything speaks for a timestamp, by the names alone: most attributes need no look at their columns. */
    function hasEvidence({ right }: AssignmentNode, attribute: string): boolean {
      if (byName?.test(attribute)) return true
      const keywords = right?.kind === 'call' ? keywordArguments(right) : null
      const hasDefault = keywords !== null && DEFAULTS.some((keyword) => !NEVER_TEXT.has(keywords.get(keyword)?.kind ?? 'none'))
      return hasDefault || context.project.ask(textWritesIndex, attribute).length > 0
    }

    function check(node: AssignmentNode, column: ColumnDefinition): void {
      const data = { column: columnLabel(column), type: typeOf(column) }
      const evidence = byDefault(column) ?? byWrite(column)
      if (evidence !== null) context.report({ node, messageId: 'text', data: { ...data, evidence } })
      else if (byName?.test(column.attribute)) context.report({ node, messageId: 'named', data })
    }

    /** What its own `default=` or `onupdate=` says. */
    function byDefault({ call }: ColumnDefinition): string | null {
      const keywords = call ? keywordArguments(call) : new Map<string, PythonNode>()
      for (const keyword of DEFAULTS) {
        const value = keywords.get(keyword)
        if (!value) continue
        const kind = context.kinds.kindOfCallable(value)
        const text = kind.kind === 'text' ? kind : context.kindOf(value)
        if (text.kind === 'text' && isTimestamp(text)) return `its ${keyword}= gives ${makerOf(text.method)} text`
      }
      return null
    }

    /** What the project gives it elsewhere. */
    function byWrite({ model, attribute }: ColumnDefinition): string | null {
      const write = context.kinds.project.textWrite(model, attribute)
      return write && `assigned from ${makerOf(write.method)} in ${write.path}:${write.line}`
    }
  },
})

/** Values that are no text, whatever makes it. */
const NEVER_TEXT: ReadonlySet<string> = new Set(['none', 'true', 'false', 'integer', 'float'])

const MAY_BE_COLUMN = /Column|column|Mapped|Field|: *["']?(str|Optional)\b/

function isText({ type }: ColumnDefinition): boolean {
  return type === 'builtins.str' || (type !== null && /^(sqlalchemy|sqlmodel)\./.test(type) && TEXT_TYPES.has(lastPart(type)))
}

function typeOf({ type }: ColumnDefinition): string {
  return type === null || type === 'builtins.str' ? 'String' : lastPart(type)
}

function makerOf(method: string): string {
  return method === 'mixed' ? 'isoformat()' : `${method}()`
}
