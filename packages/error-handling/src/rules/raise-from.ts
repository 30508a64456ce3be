import type { RuleFixer } from '@krait/core'
import { boundException, defineRule, isTestFile, lastPart, withoutParentheses } from '@krait/python'
import type { CallNode, ExceptClauseNode, PythonNode, PythonRuleContext, RaiseStatementNode } from '@krait/python'
import { exceptionName } from '../shared/bind-exception.ts'
import { describeHandler } from '../shared/describe-handler.ts'
import { enclosingHandler } from '../shared/enclosing-handler.ts'

type MessageId = 'unchained' | 'chain'
type Context = PythonRuleContext<MessageId, readonly []>

export const raiseFrom = defineRule({
  name: 'raise-from',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require from where a handler raises a new exception',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unchained: '`{{name}}` is raised while handling {{caught}} without `from`. Write `raise {{raised}} from {{cause}}` (or `from None` to hide the cause).',
      chain: 'Raise it `from {{cause}}`',
    },
    schema: [],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      raise_statement(statement) {
        if (statement.cause) return
        const clause = enclosingHandler(statement)
        const raised = clause && newException(context, statement)
        if (clause && raised) report(statement, clause, raised)
      },
    }

    function report(statement: RaiseStatementNode, clause: ExceptClauseNode, raised: PythonNode): void {
      const cause = exceptionName(context, clause, 'err')
      const name = raised.kind === 'call' ? raised.function.text : raised.text
      const isEmpty = raised.kind === 'call' && raised.arguments.namedChildren.length === 0
      const bind = cause?.bind
      const chain = (fixer: RuleFixer) => fixer.insertTextAfter(statement, ` from ${cause?.name}`)
      context.report({
        node: statement,
        messageId: 'unchained',
        data: {
          name,
          caught: clause.value.length === 0 ? 'an exception' : `\`${describeHandler(clause).replace(/^except\*? /, '')}\``,
          raised: raised.kind !== 'call' ? name : isEmpty ? `${name}()` : `${name}(...)`,
          cause: cause?.name ?? boundException(clause) ?? 'err',
        },
        fix: cause && !bind ? chain : null,
        suggest: [cause && bind && { messageId: 'chain', data: { cause: cause.name }, fix: (fixer) => [bind(fixer), chain(fixer)] }],
      })
    }
  },
})

/** The call or the class that a statement raises, if that makes a new exception which has something to do with the one that is handled. */
function newException(context: Context, statement: RaiseStatementNode): PythonNode | null {
  const [expression] = statement.namedChildren
  const raised = expression && withoutParentheses(expression)
  if (!raised) return null
  if (raised.kind === 'call') return isOfItsOwn(context, raised.function) || carriesCause(raised) ? null : raised
  return isClass(context, raised) && !isOfItsOwn(context, raised) ? raised : null
}

/** `X().with_traceback(tb)`, `self.retry(...)`, `task.fail(..., exc=e)`. */
function carriesCause({ function: called, arguments: given }: CallNode): boolean {
  if (called.kind !== 'attribute') return false
  if (called.attribute.text === 'with_traceback' || called.attribute.text === 'retry') return true
  return given.namedChildren.some((argument) => argument.kind === 'keyword_argument' && argument.name.text === 'exc')
}

/** Whether an exception ends a program or a loop, so that nobody asks for its cause. */
function isOfItsOwn(context: Context, raised: PythonNode): boolean {
  const name = context.resolve(raised)
  return name !== null && context.project.ancestors(name).names.some((ancestor) => ENDING.has(ancestor))
}

/** Those of click and typer come with the classes that derive from `UsageError`. */
const ENDING: ReadonlySet<string> = new Set([
  'builtins.KeyboardInterrupt',
  'builtins.StopAsyncIteration',
  'builtins.StopIteration',
  'builtins.SystemExit',
  'click.exceptions.Exit',
  'typer.Abort',
  'typer.BadParameter',
  'typer.Exit',
  ...['Abort', 'BadArgumentUsage', 'BadOptionUsage', 'BadParameter', 'MissingParameter', 'NoSuchOption', 'UsageError'].flatMap((name) => [
    `click.${name}`,
    `click.exceptions.${name}`,
  ]),
])

/** Whether a name means a class, rather than an exception that was made before. */
function isClass(context: Context, raised: PythonNode): boolean {
  if (raised.kind !== 'identifier' && raised.kind !== 'attribute') return false
  const name = context.resolve(raised)
  if (name === null) return raised.kind === 'identifier' && context.scopes.bindingOf(raised)?.onlyDefinition?.kind === 'class'
  const definition = context.project.definition(name)
  if (definition) return definition.kind === 'class'
  // Of what a library has under a name, classes are written so.
  return context.project.isSubclassOf(name, ['builtins.BaseException']) === true || /^[A-Z]\w*[a-z]/.test(lastPart(name))
}
