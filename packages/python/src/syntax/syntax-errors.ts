import { NodeFlag } from '@krait/core'
import type { FlatTree, Grammar, SyntaxNode, SyntaxProblem } from '@krait/core'
import { isGrammarGap } from './grammar-gaps.ts'
import { unevenStatement } from './indentation.ts'
import { leavesFrom } from './leaves.ts'
import type { Leaf } from './leaves.ts'

/**
 * The first place that is no valid Python 3, or `null`. Beside what the parser could not read, that is what its grammar takes although Python 3
 * does not: Python 2's statements `print x`, `exec x` and `raise A, b`, `<>`, backquotes and tuple parameters, blocks without a statement, and
 * statements of one block in different columns. Known gaps of the grammar are left out, see `isGrammarGap`.
 */
export function findSyntaxProblem(tree: FlatTree): SyntaxProblem | null {
  const suspects = suspectKinds(tree.grammar)
  const { kind, flags, size } = tree
  for (let index = 0; index < size; index++) {
    const isBroken = kind[index] === tree.grammar.errorKind || (flags[index]! & NodeFlag.missing) !== 0
    if (!isBroken && !isSuspect(tree, index, suspects[kind[index]!]!)) continue
    const problem = isBroken ? brokenPlace(tree, index) : outdatedSyntax(tree.node(index))
    if (problem) return problem
  }
  return (tree.hasErrors ? joinedStatements(tree) : null) ?? unevenIndentation(tree)
}

/** What is wrong at an ERROR or MISSING node, in a few words and without a guess at the cause: "expected ')'", "unexpected 'foo'". */
export function describeSyntaxError(node: SyntaxNode): string {
  if (!node.isMissing) return problemOfError(node.tree, node.index).message
  return node.isNamed ? `expected ${withArticle(node.kind.replaceAll('_', ' '))}` : `expected '${node.kind}'`
}

function brokenPlace(tree: FlatTree, index: number): SyntaxProblem | null {
  if (isGrammarGap(tree, index)) return null
  const node = tree.node(index)
  if (node.isMissing) return { range: node.range, message: describeSyntaxError(node) }
  return problemOfError(tree, index)
}

function problemOfError(tree: FlatTree, index: number): SyntaxProblem {
  const bracket = unmatchedBracket(tree, index)
  if (bracket) return bracket
  const inner = firstErrorBelow(tree, index)
  if (inner >= 0) return problemOfError(tree, inner)
  const first = firstLeafBelow(tree, index)
  const range = firstLine(tree, index)
  if (first?.kind === 'string_start') return { range: [first.start, range[1]], message: 'the string is never closed' }
  return { range, message: `unexpected '${shortened(tree.text.slice(...range))}'` }
}

/** The bracket inside an ERROR that has no partner, neither there nor behind it. */
function unmatchedBracket(tree: FlatTree, index: number): SyntaxProblem | null {
  const last = tree.next[index]!
  const open: Leaf[] = []
  let countInside = 0
  for (const leaf of leavesFrom(tree, index)) {
    const isInside = leaf.index < last
    if (!isInside && countInside === 0) break
    if (leaf.kind in PARTNERS) {
      open.push(leaf)
      if (isInside) countInside++
    } else if (CLOSING.has(leaf.kind)) {
      const opening = open.pop()
      if (opening && opening.index < last) countInside--
      if (isInside && (!opening || PARTNERS[opening.kind] !== leaf.kind)) {
        return { range: [leaf.start, leaf.end], message: opening ? `'${leaf.kind}' does not close '${opening.kind}'` : `'${leaf.kind}' was never opened` }
      }
    }
  }
  const unclosed = open.findLast((leaf) => leaf.index < last)
  return unclosed ? { range: [unclosed.start, unclosed.end], message: `'${unclosed.kind}' is never closed` } : null
}

function firstErrorBelow(tree: FlatTree, index: number): number {
  for (let i = index + 1; i < tree.next[index]!; i++) if (tree.kind[i] === tree.grammar.errorKind) return i
  return -1
}

function firstLeafBelow(tree: FlatTree, index: number): Leaf | null {
  const leaf = leavesFrom(tree, index + 1).next().value as Leaf | undefined
  return leaf && leaf.index < tree.next[index]! ? leaf : null
}

/** From the node's start to its end, or to the end of its first line if that comes before. */
function firstLine(tree: FlatTree, index: number): readonly [number, number] {
  const start = tree.start[index]!
  const end = tree.end[index]!
  const lineBreak = tree.text.slice(start, end).search(/[\r\n]/)
  return [start, lineBreak < 0 ? end : start + lineBreak]
}

/** Keeps the frequent kinds cheap: no node objects for every string and block of a file. */
function isSuspect(tree: FlatTree, index: number, suspicion: number): boolean {
  if (suspicion === SUSPECT_QUOTE) return tree.text.charCodeAt(tree.start[index]!) === BACKQUOTE
  if (suspicion === SUSPECT_BLOCK) return !hasStatement(tree, index)
  return suspicion === SUSPECT
}

function hasStatement(tree: FlatTree, block: number): boolean {
  const { next, flags } = tree
  for (let child = block + 1; child < next[block]!; child = next[child]!) if ((flags[child]! & NodeFlag.extra) === 0) return true
  return false
}

/** What the grammar takes and Python 3 does not. */
function outdatedSyntax(node: SyntaxNode): SyntaxProblem | null {
  const { range } = node
  switch (node.kind) {
    case 'print_statement':
      return isExpressionToo(node) ? null : { range, message: "'print' is a function in Python 3: it needs parentheses" }
    case 'exec_statement':
      return { range, message: "'exec' is a function in Python 3: it needs parentheses" }
    case 'raise_statement': {
      const list = node.namedChildren.find((child) => child.kind === 'expression_list')
      return list ? { range: list.range, message: "'raise' takes one expression in Python 3" } : null
    }
    case '<>':
      return { range, message: "'<>' is written '!=' in Python 3" }
    case 'string_start':
      return { range, message: "backquotes are written 'repr()' in Python 3" }
    case 'tuple_pattern':
      return isParameter(node) ? { range, message: 'Python 3 has no tuple parameters' } : null
    default:
      return { range: tokenBefore(node).range, message: "expected an indented block after ':'" }
  }
}

/** `print >> file` and `print (yield)` are expressions in Python 3. */
function isExpressionToo(print: SyntaxNode): boolean {
  const first = print.namedChildren[0]
  return first?.kind === 'chevron' || first?.text.startsWith('(') === true
}

function isParameter(tuple: SyntaxNode): boolean {
  const parent = tuple.parent!
  if (parent.kind === 'default_parameter') return tuple.fieldName === 'name'
  return parent.kind === 'parameters' || parent.kind === 'lambda_parameters' || (parent.kind === 'tuple_pattern' && isParameter(parent))
}

function tokenBefore(node: SyntaxNode): SyntaxNode {
  let sibling = node.previousSibling
  while (sibling?.isExtra) sibling = sibling.previousSibling
  return sibling ?? node
}

/** Two statements on one line with nothing between them: the parser goes on as if there were a line break, and leaves no node. */
function joinedStatements(tree: FlatTree): SyntaxProblem | null {
  for (const block of [tree.node(0), ...tree.node(0).descendants('block')]) {
    const statements = block.namedChildren
    for (let i = 1; i < statements.length; i++) {
      const statement = statements[i]!
      if (/[\r\n;]/.test(tree.text.slice(statements[i - 1]!.end, statement.start))) continue
      return { range: statement.range, message: `expected a line break before '${shortened(statement.text)}'` }
    }
  }
  return null
}

function unevenIndentation(tree: FlatTree): SyntaxProblem | null {
  const index = unevenStatement(tree)
  return index < 0 ? null : { range: firstLine(tree, index), message: 'the indentation differs from that of the block' }
}

/** For the kinds that `outdatedSyntax` looks at, how to tell whether it must. */
function suspectKinds(grammar: Grammar): Uint8Array {
  const known = suspectsByGrammar.get(grammar)
  if (known) return known
  const suspects = new Uint8Array(grammar.kindNames.length)
  for (const [kind, suspicion] of SUSPECTS) {
    for (const id of [...grammar.kindIds(kind), ...grammar.tokenIds(kind)]) suspects[id] = suspicion
  }
  suspectsByGrammar.set(grammar, suspects)
  return suspects
}

const suspectsByGrammar = new WeakMap<Grammar, Uint8Array>()
const SUSPECT = 1
const SUSPECT_QUOTE = 2
const SUSPECT_BLOCK = 3
const SUSPECTS: readonly (readonly [string, number])[] = [
  ['print_statement', SUSPECT],
  ['exec_statement', SUSPECT],
  ['raise_statement', SUSPECT],
  ['<>', SUSPECT],
  ['tuple_pattern', SUSPECT],
  ['string_start', SUSPECT_QUOTE],
  ['block', SUSPECT_BLOCK],
]
const BACKQUOTE = 96

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

function shortened(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0]!.trim()
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}...` : line
}

const LONGEST_QUOTE = 40
const PARTNERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const CLOSING = new Set(Object.values(PARTNERS))
