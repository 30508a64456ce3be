import type { CallNode, CallPath, PythonNode, PythonRuleContext } from '@krait/python'
import {
  callLabel,
  classOfExpression,
  commitPath,
  defineRule,
  effectsOfCall,
  excerpt,
  functionMakesSession,
  heldSessionOf,
  isMigrationFile,
  isTestFile,
  lastPart,
  matchesGlobs,
  ormSessionOf,
  ormSessionOfCall,
  ownCode,
  relatedPlaces,
  withoutLastPart,
  withoutParentheses,
} from '@krait/python'
import { dependenceOf } from '../shared/loop-dependence.ts'
import { isChunked, loopsAround, methodOf } from '../shared/loops.ts'
import type { Loop } from '../shared/loops.ts'
import { methodsOfGiven } from '../shared/parameter-methods.ts'

type Context = PythonRuleContext<'commit' | 'commitBy', readonly []>

/** How many functions deep a commit is looked for. */
const MAX_DEPTH = 2

/** Code that commits as it goes on purpose. */
const SCRIPTS: readonly string[] = ['**/scripts/**', '**/env.py']

export const noCommitInLoop = defineRule({
  name: 'no-commit-in-loop',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow commits that are made once per iteration', preset: 'strict', severity: 'warn', since: '0.1.0' },
    messages: {
      commit: '`{{call}}` runs once per `{{item}}`; a failure leaves the operation half done. Commit once after the loop (or per chunk).',
      commitBy: '`{{call}}` commits once per `{{item}}`; a failure leaves the operation half done. Commit once after the loop (or per chunk).',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isMigrationFile(context) || matchesGlobs(context.path, SCRIPTS)) return {}
    return {
      call(node) {
        const name = methodOf(node)
        const loop = name ? loopAround(node) : null
        if (!name || !loop) return
        if (name.text === 'commit' && ormSessionOfCall(context, node)) {
          if (isPerRow(context, node, loop)) context.report({ node: name, messageId: 'commit', data: { call: callLabel(node), item: excerpt(loop.target) } })
          return
        }
        if (effectsOfCall(context, node).function === null) return
        const path = commitPath(context, node) ?? (commitsGiven(context, node) ? [] : null)
        if (!path || path.length > MAX_DEPTH || !getsSession(context, node, path) || path.some((step) => functionMakesSession(context, step.function)) || !isPerRow(context, node, loop)) return
        context.report({
          node: name,
          messageId: 'commitBy',
          data: { call: callLabel(node), item: excerpt(loop.target) },
          related: path.length > 0 ? relatedPlaces(context.project, path, 'commits') : [],
        })
      },
    }
  },
})

/** Whether a function gets the session, as an argument or with the object whose method it is. A context manager opens its own. */
function getsSession(context: Context, call: CallNode, path: CallPath): boolean {
  if (effectsOfCall(context, call).summary?.kind === 'context-manager') return false
  if (givenNames(call).some((name) => ormSessionOf(context, name))) return true
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute') return false
  const className = classOfExpression(context, called.object)
  if (className === null) return false
  const methods = [`${className}.${called.attribute.text}`, ...path.map((step) => step.function)]
  return methods.some((name) => heldSessionOf(context.project, withoutLastPart(name), lastPart(name)) !== null)
}

function givenNames({ arguments: list }: CallNode): readonly PythonNode[] {
  const given = list.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child))
  return given.filter(({ kind }) => kind === 'identifier' || kind === 'attribute')
}

/** Whether a function commits the session that it is given, though it does not say that it is one. What it calls is asked first: types cost more. */
function commitsGiven(context: Context, call: CallNode): boolean {
  return givenNames(call).some((name) => methodsOfGiven(context, call, name, MAX_DEPTH)?.attributes.has('commit') && ormSessionOf(context, name))
}

/** The innermost `for` statement; a comprehension commits nothing. */
function loopAround(call: CallNode): Loop | null {
  for (const loop of loopsAround(call)) if (loop.node.kind === 'for_statement') return loop
  return null
}

function isPerRow(context: Context, call: CallNode, loop: Loop): boolean {
  if (isChunked(context, loop) || isCounted(call, loop) || dependenceOf(context, call, loop) === 'own-session') return false
  const flow = context.flow(loop.node)
  const flowLoop = flow.loopOf(loop.node)
  return flowLoop === null || flow.canReachNextRound(call, flowLoop)
}

/** `if i % 100 == 0:` or `if len(batch) >= SIZE:` around the commit. */
function isCounted(call: CallNode, { region }: Loop): boolean {
  for (let node: PythonNode | null = call; node && node !== region; node = node.parent) {
    if (node.kind !== 'if_statement') continue
    for (const part of ownCode(node.condition)) {
      if (part.kind === 'binary_operator' && part.operator.kind === '%') return true
      if (part.kind === 'comparison_operator' && part.operators.some(({ kind }) => kind === '>=' || kind === '>')) return true
    }
  }
  return false
}
