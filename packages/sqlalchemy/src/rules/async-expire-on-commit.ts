import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { addArgument, defineRule, hasSplat, isTestFile, keywordArgument, keywordArguments, withoutParentheses } from '@krait/python'
import { importsSqlalchemy } from '../shared/library-imports.ts'

type Context = PythonRuleContext<'missing' | 'add', readonly []>

const FACTORY = 'sqlalchemy.ext.asyncio.async_sessionmaker'
const SYNC_FACTORY = 'sqlalchemy.orm.sessionmaker'
const SESSION = 'sqlalchemy.ext.asyncio.AsyncSession'
const SESSIONS: ReadonlySet<string> = new Set([SESSION, 'sqlmodel.ext.asyncio.session.AsyncSession'])

export const asyncExpireOnCommit = defineRule({
  name: 'async-expire-on-commit',
  meta: {
    type: 'problem',
    docs: { description: 'Require `expire_on_commit=False` for async sessions', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: {
      missing: 'Set `expire_on_commit=False` on this async session factory; otherwise reading any attribute after `commit()` raises `MissingGreenlet`.',
      add: 'Set `expire_on_commit=False`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    let imports: boolean | undefined
    return {
      call(node) {
        if (!(imports ??= importsSqlalchemy(context)) && !/session/i.test(node.function.text)) return
        if (!makesAsyncSessions(context, node)) return
        const given = keywordArgument(node, 'expire_on_commit')
        if (given ? given.value.kind !== 'true' : keywordArguments(node).has('expire_on_commit') || hasSplat(node)) return
        if (isConfiguredLater(context, node)) return
        const add = given ? null : addArgument(node, 'expire_on_commit=False')
        context.report({
          node,
          messageId: 'missing',
          suggest: [given ? { messageId: 'add', fix: (fixer) => fixer.replaceText(given.value, 'False') } : add && { messageId: 'add', fix: add }],
        })
      },
    }
  },
})

function makesAsyncSessions(context: Context, call: CallNode): boolean {
  const called = withoutParentheses(call.function)
  const name = context.resolve(called.kind === 'subscript' ? called.value : called)
  if (name === null) return false
  if (name === FACTORY || SESSIONS.has(name)) return true
  if (name !== SYNC_FACTORY) return false
  const sessionClass = context.resolve(keywordArguments(call).get('class_'))
  return sessionClass !== null && (SESSIONS.has(sessionClass) || context.project.isSubclassOf(sessionClass, [SESSION]) === true)
}

/** `factory.configure(expire_on_commit=False)` for the name that the factory is assigned to. */
function isConfiguredLater(context: Context, call: CallNode): boolean {
  const target = targetOf(call)
  if (!target) return false
  for (const node of context.scopes.module.node.descendants('call')) {
    if (node.kind !== 'call' || node.function.kind !== 'attribute' || node.function.attribute.text !== 'configure') continue
    if (node.function.object.text === target.text && keywordArguments(node).get('expire_on_commit')?.kind === 'false') return true
  }
  return false
}

function targetOf({ parent }: CallNode): PythonNode | null {
  return parent?.kind === 'assignment' ? parent.left : null
}
