import type { RelatedPlace, SuggestionDescriptor } from '@krait/core'
import { defineRule, definitionPlaces, enclosingDefinition, insertBehindLine, isTestFile, lastPart, nameFromModule, optionPattern, withoutLastPart } from '@krait/python'
import type { BlockNode, ElifClauseNode, IfStatementNode, MatchStatementNode, NameFromModule, PythonNode, SubscriptNode } from '@krait/python'
import { isBoundBefore, isFollowed, leavesFunction, namesAssignedByAll } from '../shared/branches.ts'
import { codeTable, isFilledAtHome, isKeyProvidedFor, isRead } from '../shared/code-tables.ts'
import { casesOf, codeCases, codeTest, memberKey, openCodes } from '../shared/code-tests.ts'
import type { CodeTest } from '../shared/code-tests.ts'
import { codeKey, codeTypeOf, literalCodes } from '../shared/code-types.ts'
import type { CodeType } from '../shared/code-types.ts'

export interface ExhaustiveErrorCodesOptions {
  /** A regular expression that the names of enums and `Literal` aliases of error codes match. */
  readonly codePattern: string
  /** Qualified names of further enums and `Literal` aliases. */
  readonly types: readonly string[]
}

type MessageId = 'match' | 'chain' | 'table' | 'addCases' | 'addDefault'

/** The codes that are not dealt with. */
interface Missing {
  readonly type: CodeType
  readonly keys: readonly string[]
}

const defaultOptions: readonly [ExhaustiveErrorCodesOptions] = [{ codePattern: '(?i)(err|fail|fault|reason|problem|rejection|decline)', types: [] }]

/** A message names no more codes than these. */
const MAX_NAMED = 5

export const exhaustiveErrorCodes = defineRule({
  name: 'exhaustive-error-codes',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require code that tells error codes apart to know all of them',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      match: 'This `match` over `{{type}}` misses {{missing}}. Add the cases, or a `case _:` that fails loudly.',
      chain: 'This `if` chain over `{{type}}` misses {{missing}}. Add the branches, or an `else:` that fails loudly.',
      table: '`{{table}}` misses {{missing}} of `{{type}}`, so that `{{subscript}}` raises `KeyError`. Add the keys, or use `.get()` with a default.',
      addCases: 'Add the missing codes with `raise NotImplementedError`',
      addDefault: 'Add `{{clause}}` with `assert_never()`',
    },
    schema: [
      {
        type: 'object',
        properties: {
          codePattern: { type: 'string' },
          types: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context)) return {}
    const pattern = optionPattern(options.codePattern)
    const reported = new Map<PythonNode | null, Set<string>>()
    return { match_statement: checkMatch, if_statement: checkChain, subscript: checkSubscript }

    function checkMatch(statement: MatchStatementNode): void {
      const cases = casesOf(statement)
      const [subject, second] = statement.subject
      const found = cases.length > 0 && subject && !second ? codeCases(context, cases) : null
      if (!found?.code || !subject) return
      const missing = missingCodes(statement, subject, found.keys, found.covered)
      const last = cases.at(-1)!
      if (!missing || hasDefault(statement, cases.map(({ consequence }) => consequence), false)) return
      const colon = statement.children.find(({ kind }) => kind === ':')
      const written = missing.keys.map((key) => writtenCode(found.code!, missing.type, key))
      context.report({
        range: [statement.start, colon?.end ?? statement.end],
        messageId: 'match',
        data: { type: missing.type.name, missing: shown(missing) },
        related: placesOf(missing),
        suggest: [
          addClause(last, cases[0]!, `case ${written.join(' | ')}:`, 'raise NotImplementedError', { messageId: 'addCases' }),
          addDefault(last, cases[0]!, subject, 'case _'),
        ],
      })
    }

    function checkChain(statement: IfStatementNode): void {
      const [first, ...others] = statement.alternative
      if (first?.kind !== 'elif_clause' || others.some(({ kind }) => kind !== 'elif_clause')) return
      const branches = [statement, ...(statement.alternative as readonly ElifClauseNode[])]
      const tests: CodeTest[] = []
      for (const { condition } of branches) {
        const test = codeTest(context, condition)
        if (!test?.isOneOf || test.subject.text !== (tests[0] ?? test).subject.text) return
        tests.push(test)
      }
      const { subject, code } = tests[0]!
      const keys = tests.flatMap((test) => test.keys)
      const missing = missingCodes(statement, subject, keys, keys)
      if (!missing || hasDefault(statement, branches.map(({ consequence }) => consequence), true)) return
      const written = missing.keys.map((key) => writtenCode(code, missing.type, key))
      const operator = written.length === 1 ? (usesIdentity(statement) ? 'is' : '==') : 'in'
      const codes = written.length === 1 ? written[0]! : `(${written.join(', ')})`
      context.report({
        range: [statement.start, statement.condition.end],
        messageId: 'chain',
        data: { type: missing.type.name, missing: shown(missing) },
        related: placesOf(missing),
        suggest: [
          addClause(branches.at(-1)!, statement, `elif ${subject.text} ${operator} ${codes}:`, 'raise NotImplementedError', { messageId: 'addCases' }),
          addDefault(branches.at(-1)!, statement, subject, 'else'),
        ],
      })
    }

    function checkSubscript(node: SubscriptNode): void {
      const [index, second] = node.subscript
      const named = node.value
      if (!index || second || index.kind === 'slice' || index.kind === 'string' || index.kind === 'integer') return
      if ((named.kind !== 'identifier' && named.kind !== 'attribute') || !isRead(node)) return
      const table = codeTable(context, named)
      if (!table || codeKey(context.project, context.values.summary(index)) !== null) return
      const declared = table.annotation && literalCodes(context.project, table.annotation, null)
      const missing = missingCodes(node, index, table.keys, table.keys, declared)
      if (!missing || isKeyProvidedFor(context, node, table) || isFilledAtHome(context, table)) return
      const definition = enclosingDefinition(node)
      let tables = reported.get(definition)
      if (!tables) reported.set(definition, (tables = new Set()))
      if (tables.has(table.name)) return
      tables.add(table.name)
      const data = { table: named.text, type: missing.type.name, missing: shown(missing), subscript: node.text }
      const related = [...definitionPlaces(context.project, table.name, `\`${lastPart(table.name)}\` is defined here`), ...placesOf(missing)]
      context.report({ node, messageId: 'table', data, related })
    }

    /** Where the missing codes are defined: who adds one must see what it breaks. */
    function placesOf({ type, keys }: Missing): readonly RelatedPlace[] {
      const places = keys.slice(0, MAX_NAMED).flatMap((key) => definitionPlaces(context.project, key, `\`${type.members.get(key)}\` is defined here`))
      return places.length === 0 && type.qualifiedName !== null ? definitionPlaces(context.project, type.qualifiedName, `\`${type.name}\` is defined here`) : places
    }

    /** The members that are open at a place and not covered; `null` if there are none, or if the codes are no error codes. */
    function missingCodes(place: PythonNode, subject: PythonNode, given: readonly string[], covered: readonly string[], declared: CodeType | null = null): Missing | null {
      const type = declared ?? codeTypeOf(context, subject, given)
      if (!type || !isErrorCode(type)) return null
      const keys = new Set(given.map((key) => memberKey(type, key)))
      if (keys.size < 2 || ![...keys].every((key) => type.members.has(key))) return null
      const done = new Set(covered.map((key) => memberKey(type, key)))
      if ([...type.members.keys()].every((key) => done.has(key))) return null
      const open = [...openCodes(context, place, subject, type).keys()].filter((key) => !done.has(key))
      return open.length === 0 ? null : { type, keys: open }
    }

    function isErrorCode({ name, qualifiedName }: CodeType): boolean {
      return pattern.test(name) || (qualifiedName !== null && options.types.includes(qualifiedName))
    }

    /** @param isChain without a default, the branches of an `if` must all leave or all assign the same name, or the chain may leave codes out */
    function hasDefault(statement: PythonNode, blocks: readonly BlockNode[], isChain: boolean): boolean {
      if (blocks.every((block) => leavesFunction(context, block))) return isFollowed(statement)
      const names = [...namesAssignedByAll(blocks)]
      if (names.length === 0) return isChain
      return names.every((name) => isBoundBefore(context, statement, name))
    }

    function addDefault(last: PythonNode, first: PythonNode, subject: PythonNode, clause: 'case _' | 'else'): SuggestionDescriptor<MessageId> | null {
      const isName = subject.kind === 'identifier' || subject.kind === 'attribute'
      const assertNever = isName ? nameFromModule(context, last, 'typing', 'assert_never') : null
      return assertNever && addClause(last, first, `${clause}:`, `${assertNever.text}(${subject.text})`, { messageId: 'addDefault', data: { clause: `${clause}:` } }, assertNever.addImport)
    }

    /** Adds a clause behind the last one, as far to the right as the first one. */
    function addClause(
      last: PythonNode,
      first: PythonNode,
      header: string,
      body: string,
      suggestion: Pick<SuggestionDescriptor<MessageId>, 'messageId' | 'data'>,
      addImport: NameFromModule['addImport'] = null,
    ): SuggestionDescriptor<MessageId> | null {
      const { lineBreak, text } = context.sourceCode
      const indentation = text.slice(first.start - first.loc.start.column + 1, first.start)
      if (indentation.trim() !== '') return null
      const clause = `${lineBreak}${indentation}${header}${lineBreak}${indentation}    ${body}`
      return { ...suggestion, fix: (fixer) => [...(addImport ? [addImport(fixer)] : []), insertBehindLine(context.sourceCode, fixer, last, clause)] }
    }
  },
})

function usesIdentity({ condition }: IfStatementNode): boolean {
  return condition.kind === 'comparison_operator' && condition.operators[0]?.kind === 'is'
}

/** A code as the file writes its enum: `errors.DeclineReason.EXPIRED_CARD`. */
function writtenCode(example: PythonNode, type: CodeType, key: string): string {
  const prefix = withoutLastPart(example.text)
  return example.kind === 'string' || prefix === '' || !type.members.has(key) ? key : `${prefix}.${lastPart(key)}`
}

function shown({ type, keys }: Missing): string {
  const names = keys.slice(0, MAX_NAMED).map((key) => `\`${type.members.get(key)}\``)
  return keys.length > MAX_NAMED ? `${names.join(', ')} and ${keys.length - MAX_NAMED} more` : names.join(', ')
}
