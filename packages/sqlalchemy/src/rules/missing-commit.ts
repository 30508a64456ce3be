import type { CallNode, IdentifierNode, PythonNode, PythonRuleContext, WithItemNode, WithStatementNode } from '@krait/python'
import {
  argument,
  calledProjectFunction,
  classOfExpression,
  defineRule,
  excerpt,
  functionMakesSession,
  isTestFile,
  makesSession,
  ormSessionOf,
  ownCode,
  stringText,
  withoutParentheses,
} from '@krait/python'
import { attributeWrites, useOfSession } from '../shared/session-use.ts'

type MessageId = 'missing' | 'missingBegin' | 'commit' | 'begin'
type Context = PythonRuleContext<MessageId, readonly []>

export const missingCommit = defineRule({
  name: 'missing-commit',
  meta: {
    type: 'problem',
    docs: { description: 'Require a commit after writes in a block that opens its own session', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      missing: 'Writes in this `{{session}}` block are rolled back at its end: there is no `commit()`. Add one.',
      missingBegin: 'Writes in this `{{session}}` block are rolled back at its end: there is no `commit()`. Add one, or open it with `{{opener}}.begin()`.',
      commit: 'Add `{{commit}}` at the end of the block',
      begin: 'Open it with `{{opener}}.begin()`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      with_statement(node) {
        for (const item of itemsOf(node)) checkItem(context, node, item)
      },
    }
  },
})

function itemsOf(statement: WithStatementNode): readonly WithItemNode[] {
  const clause = statement.namedChildren.find(({ kind }) => kind === 'with_clause')
  return (clause?.namedChildren ?? []).filter((item): item is WithItemNode => item.kind === 'with_item')
}

function checkItem(context: Context, statement: WithStatementNode, item: WithItemNode): void {
  const { value } = item
  if (value.kind !== 'as_pattern') return
  const manager = withoutParentheses(value.namedChildren[0]!)
  const target = value.alias?.namedChildren[0]
  if (manager.kind !== 'call' || target?.kind !== 'identifier') return
  const opened = openedBy(context, manager, target)
  const binding = opened && context.scopes.bindingOf(target)
  if (!opened || !binding) return
  const { body } = statement
  const use = useOfSession(context, binding, statement)
  if (use.escapes || (opened.isConnection && isAutocommit(context, manager, body))) return
  const writes = opened.isConnection ? use.writes : [...use.writes, ...attributeWrites(context, binding, body)]
  if (writes.length === 0 || use.ends.some(isOptional(context))) return
  const flow = context.flow(statement)
  const exits = flow.pointsInRole('with-exit', item)
  const isLost = writes.some((write) => exits.length > 0 && !hasSameTest(write, use.ends) && flow.canReach(write, exits, { avoiding: use.ends, exceptions: 'none', consistent: true }))
  if (isLost) report(context, { item, manager, target, body, opened })
}

interface Opened {
  readonly session: string
  readonly isAsync: boolean
  readonly isConnection: boolean
  /** What has a `begin()` that commits at the end: a factory or an engine. */
  readonly opener: PythonNode | null
}

/** The session or connection that an item of a `with` opens for its block and does not commit. */
function openedBy(context: Context, manager: CallNode, target: IdentifierNode): Opened | null {
  const called = withoutParentheses(manager.function)
  if (called.kind === 'attribute' && called.attribute.text === 'begin') return null
  const session = ormSessionOf(context, target)
  if (!session || session.kind === 'unknown' || session.isRegistry) return null
  const isAsync = session.kind === 'async'
  const name = (isAsync ? 'Async' : '') + (session.isConnection ? 'Connection' : 'Session')
  if (session.isConnection) {
    if (called.kind !== 'attribute' || called.attribute.text !== 'connect' || !isEngine(context, called.object)) return null
    const isOld = versionOf(context) !== '2.0' && !isAsync && !isFuture(context, called.object)
    return isOld ? null : { session: name, isAsync, isConnection: true, opener: called.object }
  }
  const isNamed = called.kind === 'identifier' || called.kind === 'attribute'
  if (makesSession(context, manager)) {
    if (isGivenConnection(context, manager)) return null
    const isFactory = context.typeOf(called).kind === 'instance'
    return { session: name, isAsync, isConnection: false, opener: isFactory && isNamed ? called : null }
  }
  const functionName = calledProjectFunction(context, manager)
  const summary = functionName === null ? null : context.project.summary(functionName)
  if (functionName === null || !summary || summary.effects.commit || summary.effects.write) return null
  if (summary.kind !== 'context-manager' && summary.kind !== 'plain') return null
  return functionMakesSession(context, functionName) && !beginsIn(context, functionName) ? { session: name, isAsync, isConnection: false, opener: null } : null
}

const ENGINES: ReadonlySet<string> = new Set(['sqlalchemy.Engine', 'sqlalchemy.ext.asyncio.AsyncEngine'])

function isEngine(context: Context, node: PythonNode): boolean {
  return ENGINES.has(classOfExpression(context, node) ?? '')
}

function versionOf({ settings }: Context): string {
  const version = (settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version
  return typeof version === 'string' ? version : '2.0'
}

/** `create_engine(url, future=True)` makes an engine that behaves as in 2.0. */
function isFuture(context: Context, engine: PythonNode): boolean {
  const name = context.resolve(engine)
  const value = name === null ? context.values.of(engine) : context.project.valueOf(name)
  const future = value?.kind === 'call' ? value.keywords['future'] : undefined
  return future?.kind === 'literal' && future.value === true
}

/** A session on a connection that someone else opened takes part in that one's transaction. */
function isGivenConnection(context: Context, manager: CallNode): boolean {
  const bind = argument(manager, 'bind', 0)
  return bind !== null && ormSessionOf(context, bind)?.isConnection === true
}

/** A class of the project, or a function whose end commits in a way that is not seen from its calls. */
function beginsIn(context: Context, functionName: string): boolean {
  return /\.__(init|post_init)__$/.test(functionName) || context.project.summary(functionName)?.effects.commit !== undefined
}

/** `execution_options(isolation_level="AUTOCOMMIT")` on the engine, where it is made, or on the connection. */
function isAutocommit(context: Context, manager: CallNode, body: PythonNode): boolean {
  for (const root of [manager, body]) {
    for (const node of ownCode(root)) {
      if (node.kind === 'keyword_argument' && node.name.text === 'isolation_level' && stringText(node.value)?.toUpperCase() === 'AUTOCOMMIT') return true
    }
  }
  const called = withoutParentheses(manager.function)
  const engine = called.kind === 'attribute' ? called.object : null
  if (!engine) return false
  const name = context.resolve(engine)
  const value = name === null ? context.values.of(engine) : context.project.valueOf(name)
  return value !== null && JSON.stringify(value).includes('AUTOCOMMIT')
}

/** `if changed: session.add(row)` and later `if changed: session.commit()`. */
function hasSameTest(write: PythonNode, ends: readonly CallNode[]): boolean {
  const test = write.closest('if_statement')?.condition.text
  return test !== undefined && ends.some((end) => end.start > write.start && end.closest('if_statement')?.condition.text === test)
}

/** What parameters are called that say whether something is to last. */
const SWITCH = /apply|commit|dry|persist|preview|save|simulat|store|test|write/i

/** A commit that a parameter of the function turns off, as for a dry run. */
function isOptional({ scopes }: Context): (end: CallNode) => boolean {
  return (end) => {
    const branch = end.closest('if_statement')
    if (!branch) return false
    const test = withoutParentheses(branch.condition)
    const name = test.kind === 'not_operator' ? withoutParentheses(test.argument) : test
    return name.kind === 'identifier' && SWITCH.test(name.text) && scopes.bindingOf(name)?.onlyDefinition?.kind === 'parameter'
  }
}

function report(
  context: Context,
  { item, manager, target, body, opened }: { item: WithItemNode; manager: CallNode; target: IdentifierNode; body: PythonNode; opened: Opened },
): void {
  const opener = opened.opener && excerpt(opened.opener)
  const commit = `${opened.isAsync ? 'await ' : ''}${target.text}.commit()`
  const last = body.namedChildren.findLast(({ kind }) => kind !== 'comment')
  const canAppend = last && !['return_statement', 'raise_statement', 'continue_statement', 'break_statement'].includes(last.kind)
  const indentation = last ? context.sourceCode.text.slice(context.sourceCode.text.lastIndexOf('\n', last.start) + 1, last.start) : ''
  const called = withoutParentheses(manager.function)
  context.report({
    node: item,
    messageId: opener === null ? 'missing' : 'missingBegin',
    data: { session: opened.session, opener: opener ?? '' },
    suggest: [
      canAppend && /^\s*$/.test(indentation) && { messageId: 'commit', data: { commit }, fix: (fixer) => fixer.insertTextAfter(last, `\n${indentation}${commit}`) },
      opener !== null && {
        messageId: 'begin',
        data: { opener },
        fix: (fixer) => (opened.isConnection && called.kind === 'attribute' ? fixer.replaceText(called.attribute, 'begin') : fixer.insertTextAfter(called, '.begin')),
      },
    ],
  })
}
