import type { CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'
import { enclosingDefinition, keywordArguments, ormSessionOf, ownCode, positionalArguments, stringText, withoutParentheses } from '@krait/python'
import { methodOf } from './loops.ts'

/**
 * Whether `session.refresh(x, ["lines"])` before a read has loaded a relationship; names that are not known may be any.
 * @param name the object; `null` for whatever is refreshed anywhere
 */
export function isRefreshed(code: PythonNode, name: IdentifierNode | null, relationship: string): boolean {
  for (const node of ownCode(code, 'call')) {
    if (name && node.start > name.start) break
    if (methodOf(node)?.text !== 'refresh') continue
    const [object, second] = positionalArguments(node)
    if (name && object?.text !== name.text) continue
    const names = second ?? keywordArguments(node).get('attribute_names')
    if (!names) continue
    if (names.kind !== 'list' && names.kind !== 'tuple' && names.kind !== 'set') return true
    if (names.namedChildren.some((item) => stringText(item) === relationship)) return true
  }
  return false
}

/** Whether the code looks at what is loaded: `inspect(x).unloaded`, `x.__dict__`. */
export function looksAtState(code: PythonNode): boolean {
  for (const { attribute } of ownCode(code, 'attribute')) if (attribute.text === 'unloaded' || attribute.text === '__dict__') return true
  return false
}

const WRITING: ReadonlySet<string> = new Set(['flush', 'commit', 'refresh'])

/** The calls by which an object that was added to an async session becomes a row. */
export function flushesOf(context: PythonRuleContext, code: PythonNode, name: string): readonly CallNode[] {
  const found: CallNode[] = []
  let isAdded = false
  for (const node of ownCode(code, 'call')) {
    const called = withoutParentheses(node.function)
    if (called.kind !== 'attribute') continue
    const method = called.attribute.text
    if (method === 'add' || method === 'add_all') {
      isAdded ||= positionalArguments(node).some((given) => given.text === name || (given.kind === 'list' && given.namedChildren.some(({ text }) => text === name)))
    } else if (isAdded && WRITING.has(method) && ormSessionOf(context, called.object)?.kind === 'async') found.push(node)
  }
  return found
}

/** Inside `with pytest.raises(...)`. */
export function isExpectedToRaise(context: PythonRuleContext, node: PythonNode): boolean {
  const home = enclosingDefinition(node)
  for (let around = node.closest('with_statement'); around && enclosingDefinition(around) === home; around = around.closest('with_statement')) {
    const clause = around.namedChildren.find(({ kind }) => kind === 'with_clause')
    for (const part of clause ? ownCode(clause) : []) if (part.kind === 'call' && context.resolvesTo(part.function, ['pytest.raises'])) return true
  }
  return false
}
