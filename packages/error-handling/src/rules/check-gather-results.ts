import type { SuggestionDescriptor } from '@krait/core'
import {
  calledProjectFunction,
  defineRule,
  enclosingDefinition,
  insertBehindLine,
  isTestFile,
  keywordArguments,
  letsNoErrorOut,
  loggerLibrary,
  mayCallAny,
  ownCode,
  withoutParentheses,
} from '@krait/python'
import type { CallNode, FunctionDefinitionNode, PythonNode, PythonRuleContext } from '@krait/python'
import { inspectionsOf, inspectionsOfName, inspectionsOfTargets, uncheckedTargets } from '../shared/gathered-results.ts'
import type { Inspection } from '../shared/gathered-results.ts'
import { moduleLogger, moduleLoggerNode } from '../shared/log-suggestion.ts'

export interface GatherResultsOptions {
  /** Whether exceptions may be left out of the results without a word. */
  readonly allowSilentFilter: boolean
}

type MessageId = 'unchecked' | 'dropped' | 'skipped' | 'logExceptions'
type Context = PythonRuleContext<MessageId, readonly [GatherResultsOptions]>

/** The results of a call that nothing checks. */
interface Unchecked {
  readonly messageId: 'unchecked' | 'dropped' | 'skipped'
  readonly results: string
  /** The statement, where all results have one name or none. */
  readonly statement: PythonNode | null
  readonly name: string | null
}

const defaultOptions: readonly [GatherResultsOptions] = [{ allowSilentFilter: true }]

const GATHER: ReadonlySet<string> = new Set(['gather'])

export const checkGatherResults = defineRule({
  name: 'check-gather-results',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a look at the exceptions that asyncio.gather returns as results',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      unchecked:
        '`gather(..., return_exceptions=True)` puts exceptions in {{results}}, but nothing checks them. ' +
        'Test each item with `isinstance(item, BaseException)`, or drop `return_exceptions` and let the first failure propagate.',
      dropped:
        '`gather(..., return_exceptions=True)` puts exceptions in its result, but nothing looks at it. ' +
        'Test each item with `isinstance(item, BaseException)`, or drop `return_exceptions` and let the first failure propagate.',
      skipped:
        '`gather(..., return_exceptions=True)` puts exceptions in {{results}}, and they are left out without a word. ' +
        'Log or count each item that is a `BaseException`, or drop `return_exceptions` and let the first failure propagate.',
      logExceptions: 'Log the exceptions with `{{logger}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { allowSilentFilter: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ allowSilentFilter }]) {
    if (isTestFile(context) || !mayCallAny(context, GATHER)) return {}
    return {
      call(node) {
        if (!isGather(node)) return
        const unchecked = uncheckedResults(node)
        if (!unchecked || isExempt(context, node)) return
        const { messageId, results } = unchecked
        context.report({ node, messageId, data: { results }, suggest: [suggestLogging(context, unchecked)] })
      },
    }

    function isGather(call: CallNode): boolean {
      const called = call.function
      const name = called?.kind === 'attribute' ? called.attribute.text : called?.kind === 'identifier' ? called.text : ''
      if (name !== 'gather' && (called?.kind !== 'identifier' || context.scopes.bindingOf(called)?.onlyDefinition?.node.kind !== 'aliased_import')) return false
      if (context.resolve(called) !== 'asyncio.gather') return false
      const given = keywordArguments(call).get('return_exceptions')
      return given !== undefined && context.constantOf(given) === true
    }

    function uncheckedResults(call: CallNode): Unchecked | null {
      const value = valueOf(context, call)
      const { parent } = value
      if (parent?.kind === 'expression_statement') return { messageId: 'dropped', results: '', statement: isAwaited(value) ? parent : null, name: null }
      if (parent?.kind !== 'assignment' || parent.right !== value) return judge(inspectionsOf(context, value, true), 'its result', null, null)
      // A future that is awaited later has no results yet.
      const statement = parent.parent?.kind === 'expression_statement' && isAwaited(value) ? parent.parent : null
      const { left } = parent
      if (left.kind === 'identifier') {
        const binding = context.scopes.bindingOf(left)
        if (!binding || binding.scope.kind === 'module' || binding.scope.kind === 'class') return null
        if (binding.references.length === 0) return { messageId: 'dropped', results: '', statement, name: left.text }
        return judge(inspectionsOfName(context, binding, true), `\`${left.text}\``, statement, left.text)
      }
      if (left.kind !== 'pattern_list' && left.kind !== 'tuple_pattern' && left.kind !== 'list_pattern') return null
      const names = uncheckedTargets(context, left)
      if (names.length > 0) return { messageId: 'unchecked', results: names.map((name) => `\`${name}\``).join(', '), statement: null, name: null }
      const inspections = inspectionsOfTargets(context, left)
      return inspections ? judge(inspections, `\`${left.text}\``, null, null) : { messageId: 'dropped', results: '', statement: null, name: null }
    }

    function judge(inspections: ReadonlySet<Inspection>, results: string, statement: PythonNode | null, name: string | null): Unchecked | null {
      if (inspections.has('handled') || (inspections.has('skipped') && allowSilentFilter)) return null
      return { messageId: inspections.has('skipped') ? 'skipped' : 'unchecked', results, statement, name }
    }
  },
})

/** Not so `asyncio.gather(...)` alone. */
function isAwaited(value: PythonNode): boolean {
  const node = withoutParentheses(value)
  return node.kind === 'await' || (node.kind === 'call' && isRunning(node))
}

function isRunning({ function: called }: CallNode): boolean {
  return called.kind === 'attribute' && called.attribute.text === 'run_until_complete'
}

const WAITING = ['asyncio.wait_for', 'asyncio.shield']

/** What holds the results: the call, awaited, also behind `wait_for()`. */
function valueOf(context: Context, call: CallNode): PythonNode {
  let node: PythonNode = call
  for (let { parent } = node; parent; { parent } = node) {
    if (parent.kind === 'parenthesized_expression' || parent.kind === 'await') node = parent
    else if (parent.kind === 'argument_list' && parent.namedChildren[0] === node && parent.parent?.kind === 'call' && isWaiting(context, parent.parent)) node = parent.parent
    else break
  }
  return node
}

function isWaiting(context: Context, call: CallNode): boolean {
  return context.resolvesTo(call.function, WAITING) || isRunning(call)
}

/** Code that waits for all to end, whatever comes of it. */
function isExempt(context: Context, call: CallNode): boolean {
  const around = enclosingDefinition(call)
  const functionNode = around?.kind === 'function_definition' ? around : null
  if (isInFinally(call, functionNode) || (functionNode && (TEARDOWN.test(functionNode.name.text) || isAfterYield(context, functionNode, call)))) return true
  return callsMethods(functionNode ?? call.closest('module'), call) || cannotRaise(context, call)
}

function isInFinally(call: CallNode, functionNode: FunctionDefinitionNode | null): boolean {
  const clause = call.closest('finally_clause')
  return clause !== null && (functionNode === null || functionNode.contains(clause))
}

const TEARDOWN = /^_*(?:close|aclose|stop|shutdown|cleanup|teardown|disconnect|terminate|dispose\w*)$|^__aexit__$/

const CONTEXT_MANAGERS = ['contextlib.asynccontextmanager', 'contextlib.contextmanager', 'contextlib._asynccontextmanager']

/** Whether a context manager, or what a web application calls a lifespan, comes to the call when it is left. */
function isAfterYield(context: Context, functionNode: FunctionDefinitionNode, call: CallNode): boolean {
  const { parent } = functionNode
  const decorators = parent?.kind === 'decorated_definition' ? parent.namedChildren.filter(({ kind }) => kind === 'decorator') : []
  const isManager = /lifespan/i.test(functionNode.name.text) || decorators.some(({ namedChildren: [name] }) => context.resolvesTo(name, CONTEXT_MANAGERS))
  if (!isManager) return false
  for (const node of ownCode(functionNode.body)) if (node.kind === 'yield' && node.start < call.start) return true
  return false
}

/** Whether the function cancels something before the call, or asks each task for its result behind it. */
function callsMethods(root: PythonNode | null, call: CallNode): boolean {
  if (!root) return false
  for (const node of ownCode(root)) {
    if (node.kind !== 'call' || node.function?.kind !== 'attribute') continue
    const method = node.function.attribute.text
    if (method === 'cancel' && node.start < call.start) return true
    if ((method === 'exception' || method === 'result') && node.start > call.end && node.arguments.namedChildren.length === 0) return true
  }
  return false
}

/** Whether all that is awaited are coroutines of the project that let no error out. */
function cannotRaise(context: Context, call: CallNode): boolean {
  if (call.arguments.kind !== 'argument_list') return false
  const pending: PythonNode[] = call.arguments.namedChildren.filter(({ kind }) => kind !== 'keyword_argument')
  if (pending.length === 0) return false
  const seen = new Set<PythonNode>()
  for (let node = pending.pop(); node; node = pending.pop()) {
    const parts = coroutinesIn(context, withoutParentheses(node))
    if (!parts || seen.has(node)) return false
    seen.add(node)
    pending.push(...parts)
  }
  return true
}

const STARTING = ['asyncio.create_task', 'asyncio.ensure_future']

/** What must let no error out; `null` if the expression may, or if it is not known. */
function coroutinesIn(context: Context, node: PythonNode): readonly PythonNode[] | null {
  switch (node.kind) {
    case 'list_splat':
    case 'list':
    case 'tuple':
      return node.namedChildren
    case 'list_comprehension':
    case 'generator_expression':
      return [node.body]
    case 'call': {
      const [first] = node.arguments.namedChildren
      if (first && context.resolvesTo(node.function, STARTING)) return [first]
      const name = calledProjectFunction(context, node)
      return name !== null && letsNoErrorOut(context, name) ? [] : null
    }
    case 'identifier':
      return itemsOfList(context, node)
    default:
      return null
  }
}

/** `tasks = [f(x) for x in xs]`, and `tasks = []` with `tasks.append(f(x))`. */
function itemsOfList(context: Context, name: PythonNode): readonly PythonNode[] | null {
  const binding = context.scopes.bindingOf(name)
  const value = binding?.onlyDefinition?.value
  if (!binding || (value?.kind !== 'list' && value?.kind !== 'list_comprehension')) return null
  const items: PythonNode[] = []
  for (const { parent } of binding.references) {
    if (parent?.kind !== 'attribute') continue
    const given = parent.parent?.kind === 'call' && parent.attribute.text === 'append' ? parent.parent.arguments.namedChildren[0] : undefined
    if (!given) return null
    items.push(given)
  }
  if (value.kind === 'list' && value.namedChildren.length === 0 && items.length === 0) return null
  return [...items, ...(value.kind === 'list' ? value.namedChildren : [value])]
}

/** A loop behind the statement that logs each exception. */
function suggestLogging(context: Context, { statement, name }: Unchecked): SuggestionDescriptor<MessageId> | null {
  if (!statement || statement.nextSibling?.kind === ';') return null
  const { text, lineBreak } = context.sourceCode
  const indentation = text.slice(statement.start - statement.loc.start.column + 1, statement.start)
  const logger = moduleLogger(context, statement)
  const loggerNode = moduleLoggerNode(context, statement)
  const scope = context.scopes.scopeOf(statement)
  const results = name === null || name === '_' ? 'results' : name
  if (logger === null || indentation.trim() !== '' || scope.lookup('result') || (results !== name && scope.lookup(results))) return null
  const step = indentation.includes('\t') ? '\t' : '    '
  const isLoguru = loggerNode !== null && loggerLibrary(context, loggerNode) === 'loguru'
  const call = isLoguru ? `${logger}.opt(exception=result).error("gather() failed")` : `${logger}.error("gather() failed", exc_info=result)`
  const lines = [`for result in ${results}:`, `${step}if isinstance(result, BaseException):`, `${step}${step}${call}`]
  const assignment = statement.namedChildren[0]
  return {
    messageId: 'logExceptions',
    data: { logger },
    fix: (fixer) => [
      ...(name === null ? [fixer.insertTextBefore(statement, `${results} = `)] : []),
      ...(name === '_' && assignment?.kind === 'assignment' ? [fixer.replaceText(assignment.left, results)] : []),
      insertBehindLine(context.sourceCode, fixer, statement, lines.map((line) => lineBreak + indentation + line).join('')),
    ],
  }
}
