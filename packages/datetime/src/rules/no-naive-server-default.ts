import type { SuggestionDescriptor } from '@krait/core'
import type { KeywordArgumentNode, PairNode, PythonNode } from '@krait/python'
import { defineRule, excerpt, isMigrationFile, positionalArguments, stringText } from '@krait/python'
import { columnDefinitionAround, columnKeyword, zonedType, zonelessType } from '../shared/column-definitions.ts'
import type { ColumnDefinition } from '../shared/column-definitions.ts'
import { columnLabel } from '../shared/columns.ts'

type MessageIds = 'sessionTime' | 'zoneColumn'

const KEYWORDS: ReadonlySet<string> = new Set(['server_default', 'server_onupdate', 'default', 'onupdate'])
/** Functions of SQL that give the time of the session, in lower case. */
const SESSION_CLOCKS: ReadonlySet<string> = new Set(['now', 'current_timestamp', 'localtimestamp'])

export const noNaiveServerDefault = defineRule({
  name: 'no-naive-server-default',
  meta: {
    type: 'problem',
    docs: {
      description: "Disallow filling naive columns from the database's session clock",
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      sessionTime:
        "`{{clock}}` fills the naive column `{{column}}` with the database session's local time. Make the column DateTime(timezone=True), or use timezone('utc', now()).",
      zoneColumn: 'Declare the column `{{type}}` (the table needs a migration)',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (context.kinds.project.settings.dialect === 'sqlite' || isMigrationFile(context)) return {}

    return { keyword_argument: check, pair: check }

    function check(node: KeywordArgumentNode | PairNode): void {
      const keyword = columnKeyword(node)
      if (!keyword || !KEYWORDS.has(keyword.name) || !isSessionClock(keyword.value)) return
      const column = columnDefinitionAround(context, node)
      if (column?.kind.kind !== 'naive' || !isPlain(column)) return
      context.report({ node, messageId: 'sessionTime', data: { clock: excerpt(keyword.value), column: columnLabel(column) }, suggest: [zoneColumn(column)] })
    }

    /** `func.now()`, `text("now()")`, `"now()"`. */
    function isSessionClock(value: PythonNode): boolean {
      if (value.kind === 'string') return isClockText(stringText(value)) && /now/i.test(value.text)
      if (value.kind !== 'call') return false
      const name = context.resolve(value.function) ?? ''
      if (name === 'sqlalchemy.text' || isTextOfFlask(value.function)) return isClockText(stringText(positionalArguments(value)[0]))
      const clock = /^sqlalchemy\.(?:sql\.\w+\.)?func\.(\w+)$/.exec(sqlName(value.function, name))?.[1]
      return clock !== undefined && SESSION_CLOCKS.has(clock.toLowerCase())
    }

    /** `db.text("now()")`. */
    function isTextOfFlask(called: PythonNode): boolean {
      if (called.kind !== 'attribute' || called.attribute.text !== 'text') return false
      const type = context.typeOf(called.object)
      return type.kind === 'instance' && type.class === 'flask_sqlalchemy.SQLAlchemy'
    }

    /** Flask-SQLAlchemy's object passes `func` on. */
    function sqlName(called: PythonNode, name: string): string {
      const isOfObject = /(^|\.)func\.\w+$/.test(called.text) && !name.startsWith('sqlalchemy.')
      const owner = called.kind === 'attribute' && called.object.kind === 'attribute' ? called.object.object : null
      const type = isOfObject && owner ? context.typeOf(owner) : null
      return type?.kind === 'instance' && type.class === 'flask_sqlalchemy.SQLAlchemy' ? `sqlalchemy.func.${name.slice(name.lastIndexOf('.') + 1)}` : name
    }

    function zoneColumn({ call }: ColumnDefinition): SuggestionDescriptor<MessageIds> | null {
      const type = zonelessType(context, call)
      return type && { messageId: 'zoneColumn', data: { type: zonedType(type) }, fix: (fixer) => fixer.replaceText(type, zonedType(type)) }
    }
  },
})

/** Whether SQL text is a clock of the session and nothing else. */
function isClockText(text: string | null): boolean {
  const name = text === null ? null : /^\s*\(?\s*(\w+)\s*(?:\(\s*\d*\s*\))?\s*\)?\s*$/.exec(text)?.[1]
  return name !== null && name !== undefined && SESSION_CLOCKS.has(name.toLowerCase())
}

function isPlain({ type }: ColumnDefinition): boolean {
  return type === 'datetime.datetime' || type?.startsWith('sqlalchemy.') === true
}
