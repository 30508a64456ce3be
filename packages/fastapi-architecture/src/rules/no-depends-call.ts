import {
  argument,
  calleeOf,
  defineRule,
  excerpt,
  sessionOf,
  withoutParentheses,
  yieldedSessionOf,
  type AssignmentNode,
  type CallNode,
  type Callee,
  type DefaultParameterNode,
  type FunctionCallee,
  type FunctionFact,
  type PythonNode,
  type TypedDefaultParameterNode,
  type TypeNode,
  type Value,
} from '@krait/python'
import { lacksCall } from '../shared/classes-without-call.ts'
import { DEPENDENCY_MARKERS, PARAMETER_MARKERS } from '../shared/markers.ts'
import { takesNoRequiredArgument } from '../shared/required-arguments.ts'
import { isOutOfScope } from '../shared/scope.ts'
import { isAsWritten, uncallableResult } from '../shared/uncallable-result.ts'

/** Annotations of what is meant to be called, and so may be a marker itself. */
const CALLABLES: ReadonlySet<string> = new Set(['builtins.type', 'collections.abc.Callable', 'typing.Callable', 'typing.Type'])

/** What the first argument of a call can be that is worth a look. */
const HOLDS_DEPENDENCY: ReadonlySet<string> = new Set(['call', 'keyword_argument', 'parenthesized_expression'])

/** No arguments, and no comments. */
const EMPTY_LIST = /^\(\s*\)$/

interface Problem {
  readonly messageId: 'deferred' | 'result' | 'instance' | 'session'
  readonly data: Readonly<Record<string, string>>
}

export const noDependsCall = defineRule({
  name: 'no-depends-call',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow `Depends(f())` where what `f()` gives is no dependency',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      deferred: "'{{written}}' calls the {{kind}} '{{callee}}' at import. Pass the function itself: {{marker}}({{callee}}).",
      result:
        "'{{written}}' calls '{{callee}}' at import and takes its result, {{result}}, for the dependency: that can not be called. " +
        'Pass the function itself: {{marker}}({{callee}}).',
      instance:
        "'{{written}}' makes one '{{callee}}' at import and takes it for the dependency: it has no __call__. " +
        'Pass the class itself: {{marker}}({{callee}}).',
      session:
        "'{{written}}' opens one session at import and takes it for the dependency: a session can not be called. " +
        'Pass a function that yields a session for each request.',
      parentheses: "'{{name}}' has the function '{{marker}}' itself for its value: the parentheses are missing. Write {{marker}}(...).",
      passItself: 'Pass {{callee}} itself: {{marker}}({{callee}})',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isOutOfScope(context)) return {}

    return {
      call(node) {
        const first = node.arguments.namedChildren[0]
        if (!first || !HOLDS_DEPENDENCY.has(first.kind)) return
        const given = argument(node, 'dependency', 0)
        const dependency = given && withoutParentheses(given)
        if (dependency?.kind === 'call' && context.resolvesTo(node.function, DEPENDENCY_MARKERS)) checkDependency(node, dependency)
      },
      default_parameter: checkParameter,
      typed_default_parameter: checkParameter,
      assignment(node) {
        if (node.type && node.left.kind === 'identifier' && node.right) checkValue(node, node.left, node.right, node.type)
      },
    }

    function checkDependency(call: CallNode, dependency: CallNode): void {
      const callee = calleeOf(context, dependency.function)
      const problem = callee?.kind === 'function' ? functionProblem(callee, dependency) : objectProblem(callee, dependency)
      if (!problem) return
      const shown = excerpt(dependency.function)
      const marker = excerpt(call.function)
      const { arguments: list } = dependency
      const data = { ...problem.data, callee: shown, marker, written: `${marker}(${shown}(${list.namedChildren.length > 0 ? '...' : ''}))` }
      const isPassable = problem.messageId !== 'session' && callee && EMPTY_LIST.test(list.text) && takesNoRequiredArgument(callee, context.project)
      context.report({
        node: call,
        messageId: problem.messageId,
        data,
        suggest: [isPassable && { messageId: 'passItself', data, fix: (fixer) => fixer.remove(list) }],
      })
    }

    function functionProblem(callee: FunctionCallee, call: CallNode): Problem | null {
      if (!isAsWritten(callee, (value) => context.project.value(value, callee.path))) return null
      const kind = kindOf(callee.fact)
      if (kind !== null) return { messageId: 'deferred', data: { kind } }
      const givesSession = (): boolean => isSession(call) || yieldedSessionOf(context, call) !== null
      const result = uncallableResult(context.project, callee) ?? (givesSession() ? 'a session' : null)
      return result === null ? null : { messageId: 'result', data: { result } }
    }

    function objectProblem(callee: Callee | null, call: CallNode): Problem | null {
      if (isSession(call)) return { messageId: 'session', data: {} }
      return callee && lacksCall(context.project, callee.name) ? { messageId: 'instance', data: {} } : null
    }

    /** A `scoped_session` can be called. */
    function isSession(call: CallNode): boolean {
      return sessionOf(context, call)?.isRegistry === false
    }

    function checkParameter(node: DefaultParameterNode | TypedDefaultParameterNode): void {
      checkValue(node, node.name, node.value, node.kind === 'typed_default_parameter' ? node.type : null)
    }

    function checkValue(node: ValueNode, name: PythonNode, value: PythonNode, annotation: TypeNode | null): void {
      if (value.kind !== 'identifier' && value.kind !== 'attribute') return
      if (!context.resolvesTo(value, PARAMETER_MARKERS) || isCalled(name) || (annotation && isCallable(context.values.annotation(annotation)))) return
      context.report({ node, messageId: 'parentheses', data: { name: name.text, marker: value.text } })
    }

    /** Whether the function is wanted: it is called under the name that it is bound to. */
    function isCalled(name: PythonNode): boolean {
      const references = context.scopes.bindingOf(name)?.references ?? []
      return references.some((reference) => reference.parent?.kind === 'call' && reference.parent.function === reference)
    }
  },
})

type ValueNode = AssignmentNode | DefaultParameterNode | TypedDefaultParameterNode

/** What a call of the function makes instead of running it; `null` for a plain function. */
function kindOf({ async: isAsync, generator }: FunctionFact): string | null {
  if (generator) return isAsync ? 'async generator' : 'generator'
  return isAsync ? 'coroutine' : null
}

function isCallable(annotation: Value): boolean {
  const name = annotation.kind === 'subscript' ? annotation.object : annotation
  return name.kind === 'name' && CALLABLES.has(name.name)
}
