import type { SuggestionDescriptor } from '@krait/core'
import { defineRule, isTestFile, lastPart, namedExceptionTypes, withoutParentheses } from '@krait/python'
import type { ExceptClauseNode, PythonNode, PythonRuleContext, TryStatementNode } from '@krait/python'
import { describeHandler } from '../shared/describe-handler.ts'

type MessageId = 'shadowed' | 'repeated' | 'shadowedTypes' | 'repeatedTypes' | 'moveUp'
type Context = PythonRuleContext<MessageId, readonly []>

/** A class that a handler names. */
interface NamedType {
  readonly name: string | null
  /** As the file writes it; its own name where a constant stands for several classes. */
  readonly text: string
}

interface Handler {
  readonly clause: ExceptClauseNode
  readonly types: readonly NamedType[]
}

/** A class that an earlier handler has caught already. */
interface DeadType {
  readonly type: NamedType
  readonly caughtBy: Handler
  readonly base: NamedType
}

export const unreachableExcept = defineRule({
  name: 'unreachable-except',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow except clauses for what an earlier clause of the same try catches',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      shadowed: '`{{handler}}` never runs: {{earlier}} already {{catch}} it ({{reason}}). Put the specific handler first.',
      repeated: '`{{handler}}` never runs: {{earlier}} already {{catch}} it{{reason}}. Remove one of them, or catch what is meant here.',
      shadowedTypes: '`{{handler}}` never catches {{types}}: {{earlier}} already {{catch}} {{them}} ({{reason}}). Put the specific handler first.',
      repeatedTypes: '`{{handler}}` never catches {{types}}: {{earlier}} already {{catch}} {{them}}{{reason}}. Remove one of them.',
      moveUp: 'Move `{{handler}}` up',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      try_statement(statement) {
        const clauses = clausesOf(statement)
        if (clauses.length < 2) return
        const earlier: Handler[] = []
        for (const clause of clauses) {
          const handler = { clause, types: typesOf(context, clause) }
          const dead = deadTypes(context, handler, earlier)
          if (dead.length > 0) report(handler, dead)
          earlier.push(handler)
        }
      },
    }

    function report(handler: Handler, dead: readonly DeadType[]): void {
      const { clause, types } = handler
      const isWhole = dead.length === types.length
      const isRepeated = dead.every(({ type, base }) => type.name === base.name)
      const reasons = dead.map(derivation).filter((reason) => reason !== null)
      const catching = [...new Set(dead.map(({ caughtBy }) => caughtBy))]
      const colon = clause.children.find(({ kind }) => kind === ':')
      context.report({
        range: [clause.start, colon?.end ?? clause.end],
        messageId: isRepeated ? (isWhole ? 'repeated' : 'repeatedTypes') : isWhole ? 'shadowed' : 'shadowedTypes',
        data: {
          handler: describeHandler(clause),
          types: listed(dead.map(({ type }) => `\`${type.text}\``)),
          earlier: listed(catching.map((other) => `\`${describeHandler(other.clause)}\` on line ${other.clause.loc.start.line}`)),
          catch: catching.length === 1 ? 'catches' : 'catch',
          them: dead.length === 1 ? 'it' : 'them',
          reason: isRepeated && reasons.length > 0 ? ` (${reasons.join(', ')})` : reasons.join(', '),
        },
        suggest: [isWhole && dead.every(({ type, base }) => type.name !== base.name) && moveUp(context, clause, catching)],
      })
    }
  },
})

function clausesOf(statement: TryStatementNode): readonly ExceptClauseNode[] {
  return statement.namedChildren.filter((child) => child.kind === 'except_clause')
}

/** Longer tuples are not taken apart. */
const MAX_TYPES = 100

function typesOf(context: Context, clause: ExceptClauseNode): readonly NamedType[] {
  if (clause.value.length === 0) return [{ name: 'builtins.BaseException', text: 'BaseException' }]
  const types: NamedType[] = []
  const pending = clause.value.map(withoutAlias).reverse()
  for (let node = pending.pop(); node; node = pending.pop()) {
    const inner = withoutParentheses(node)
    if (types.length > MAX_TYPES) return [...types, { name: null, text: inner.text }]
    if (inner.kind === 'tuple') pending.push(...inner.namedChildren.filter(({ kind }) => kind !== 'comment').reverse())
    else {
      const names = namedExceptionTypes(context, [context.values.summary(inner)])
      const isOne = names.length === 1 && inner.kind !== 'list_splat'
      types.push(...names.map((name) => ({ name, text: isOne || name === null ? inner.text : lastPart(name) })))
    }
  }
  return types
}

function withoutAlias(value: PythonNode): PythonNode {
  return value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value
}

function deadTypes({ project }: Context, { types }: Handler, earlier: readonly Handler[]): readonly DeadType[] {
  return types.flatMap((type) => {
    if (type.name === null) return []
    for (const caughtBy of earlier) {
      const base = caughtBy.types.find(({ name }) => name !== null && (name === type.name || project.isSubclassOf(type.name!, [name]) === true))
      if (base) return [{ type, caughtBy, base }]
    }
    return []
  })
}

/** Why a class is caught by another one; `null` if they are written the same. */
function derivation({ type, base }: DeadType): string | null {
  if (type.name !== base.name) return `\`${type.text}\` derives from \`${base.text}\``
  return lastPart(type.text) === lastPart(base.text) ? null : `\`${type.text}\` is \`${base.text}\``
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** Moves a clause in front of the first one that catches what it is for. */
function moveUp({ sourceCode }: Context, clause: ExceptClauseNode, catching: readonly Handler[]): SuggestionDescriptor<MessageId> | null {
  const [first] = catching.map((handler) => handler.clause).sort((a, b) => a.start - b.start)
  const { text, lineBreak } = sourceCode
  const lineStart = clause.start - clause.loc.start.column + 1
  const indentation = text.slice(lineStart, clause.start)
  if (!first || indentation.trim() !== '' || lineStart === 0) return null
  const rest = /^[^\r\n]*/.exec(text.slice(clause.end))![0]
  const end = clause.end + rest.length
  const removed = [lineStart - lineBreak.length, end] as const
  return {
    messageId: 'moveUp',
    data: { handler: describeHandler(clause) },
    fix: (fixer) => [fixer.insertTextBefore(first, text.slice(clause.start, end) + lineBreak + indentation), fixer.removeRange(removed)],
  }
}
