import { boundException, hasWords, ownCode, stringText, withoutParentheses } from '@krait/python'
import type { BlockNode, ExceptClauseNode, PythonNode, PythonServices } from '@krait/python'
import { FAILURE_WORDS, isEmptyDisplay } from './inert-statements.ts'

/**
 * The value by which a handler replaces what the `try` body should have given: it returns it, or assigns it to a name that the body assigns, too, or that is read
 * later. `null` if there is none: constants such as `None`, empty displays, what tells of the failure, and answers with an error status do not count.
 */
export function substituteData(context: PythonServices, clause: ExceptClauseNode, body: BlockNode): PythonNode | null {
  const exception = boundException(clause)
  for (const node of ownCode(clause)) {
    const value = node.kind === 'return_statement' ? node.namedChildren[0] : node.kind === 'assignment' && isReadLater(context, clause, body, node.left) ? node.right : null
    if (value && isData(context, withoutParentheses(value), exception)) return value
  }
  return null
}

function isReadLater({ scopes }: PythonServices, clause: ExceptClauseNode, body: BlockNode, target: PythonNode): boolean {
  for (const assignment of ownCode(body)) if (assignment.kind === 'assignment' && assignment.left.text === target.text) return true
  const binding = target.kind === 'identifier' ? scopes.bindingOf(target) : null
  return binding?.references.some(({ start }) => start > clause.end) ?? false
}

function isData(context: PythonServices, value: PythonNode, exception: string | null): boolean {
  switch (value.kind) {
    case 'none':
    case 'true':
    case 'false':
    case 'ellipsis':
      return false
    case 'integer':
    case 'float':
      return Number(value.text.replaceAll('_', '')) !== 0
    case 'string':
    case 'concatenated_string':
      if (stringText(value) === '') return false
      break
    case 'assignment':
      return value.right !== null && isData(context, withoutParentheses(value.right), exception)
    default:
      if (isEmptyDisplay(value)) return false
  }
  return !tellsOfFailure(context, value, exception)
}

/** What is made of the exception, what says so in words, and responses with an error status. */
function tellsOfFailure(context: PythonServices, value: PythonNode, exception: string | null): boolean {
  for (const node of ownCode(value)) {
    if (node.kind === 'identifier' && (node.text === exception || isErrorStatusName(node.text) || saysFailure(node, node.text, value))) return true
    if (node.kind === 'string' && saysFailure(node, stringText(node) ?? '', value)) return true
    if (node.kind === 'integer' && isErrorStatus(node)) return true
    if (node.kind === 'call' && makesException(context, node.function)) return true
  }
  return false
}

/** `"unavailable"`, `Status.FAILED`, `error_page()`; what a call is given does not count. */
function saysFailure(node: PythonNode, words: string, value: PythonNode): boolean {
  const list = node.closest('argument_list')
  return hasWords(words, FAILURE_WORDS) && (!list || !value.contains(list))
}

/** `status_code=503`, and the 503 in `return page, 503`. */
function isErrorStatus({ text, parent }: PythonNode): boolean {
  if (!/^[45]\d\d$/.test(text)) return false
  if (parent?.kind === 'keyword_argument') return /^(status|status_code|code)$/.test(parent.name.text)
  return parent?.kind === 'expression_list' || parent?.kind === 'tuple'
}

/** `HTTP_503_SERVICE_UNAVAILABLE` */
function isErrorStatusName(name: string): boolean {
  return /^HTTP_[45]\d\d/.test(name)
}

function makesException(context: PythonServices, called: PythonNode): boolean {
  const name = context.resolve(called)
  return name !== null && context.project.isSubclassOf(name, ['builtins.BaseException']) === true
}
