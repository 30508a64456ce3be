import type { SourceCode } from '../source/source-code.ts'
import type { Range, SyntaxNode } from '../syntax/node.ts'

/** What a suppression comment asks for. */
export type DirectiveKind = 'ignore' | 'ignore-file' | 'disable' | 'enable'

export interface DirectiveId {
  readonly id: string
  /** Where the id stands in the file. */
  readonly range: Range
}

/** A well-formed suppression comment. */
export interface Directive {
  readonly kind: DirectiveKind
  readonly ids: readonly DirectiveId[]
  /** The text behind `--`, or `''`. */
  readonly reason: string
  /** The directive inside its comment: from its `#` to the comment's end. */
  readonly range: Range
  /** Whether nothing but white space stands before the comment on its line. */
  readonly standsAlone: boolean
  /** The 1-based line of the comment. */
  readonly line: number
}

/** A comment that begins like a directive and is none. */
export interface BrokenDirective {
  readonly range: Range
  /** What is wrong and what to write instead. */
  readonly problem: string
}

export interface Directives {
  readonly directives: readonly Directive[]
  readonly broken: readonly BrokenDirective[]
}

const MARKER = /#\s*krait:/
const KINDS: readonly DirectiveKind[] = ['ignore', 'ignore-file', 'disable', 'enable']
const SHAPE = /^(?<marker>#\s*krait:\s*)(?<word>[\w-]*)\s*(?:(?<open>\[)(?<ids>[^\]]*)(?<close>\])?)?\s*(?<rest>.*)$/s
const REASON = /^--\s*(?<reason>.*?)\s*$/s

/** Reads the suppression comments of a file; other linters' comments may stand before them on the same line. */
export function readDirectives(source: SourceCode): Directives {
  const directives: Directive[] = []
  const broken: BrokenDirective[] = []
  for (const comment of source.comments) {
    const at = comment.text.search(MARKER)
    if (at === -1) continue
    const read = readDirective(source, comment, at)
    if ('problem' in read) broken.push(read)
    else directives.push(read)
  }
  return { directives, broken }
}

function readDirective(source: SourceCode, comment: SyntaxNode, at: number): Directive | BrokenDirective {
  const text = comment.text.slice(at)
  const start = comment.start + at
  const range: Range = [start, comment.end]
  const parts = SHAPE.exec(text)!.groups!
  const kind = KINDS.find((name) => name === parts['word'])
  if (!kind) return { range, problem: `'${parts['word'] ?? ''}' is not a directive: write one of ${KINDS.join(', ')}` }
  const written = (parts['ids'] ?? '').trim()
  if (parts['open'] && !parts['close']) return { range, problem: `the list of rules has no closing ']'` }
  if (written === '') return { range, problem: `name the rules in brackets, as in '# krait: ${kind}[pack/rule]'` }
  const reason = REASON.exec(parts['rest']!)
  if (parts['rest'] !== '' && !reason) return { range, problem: `put '--' before the reason, as in '# krait: ${kind}[${written}] -- reason'` }
  return {
    kind,
    ids: splitIds(parts['ids']!, start + text.indexOf('[') + 1),
    reason: reason?.groups!['reason'] ?? '',
    range,
    standsAlone: standsAlone(source, comment),
    line: source.lineTable.lineAt(comment.start),
  }
}

function splitIds(list: string, offset: number): DirectiveId[] {
  const ids: DirectiveId[] = []
  for (const match of list.matchAll(/[^,]+/g)) {
    const id = match[0].trim()
    if (id === '') continue
    const start = offset + match.index + match[0].indexOf(id)
    ids.push({ id, range: [start, start + id.length] })
  }
  return ids
}

function standsAlone(source: SourceCode, comment: SyntaxNode): boolean {
  const lineStart = source.lineTable.starts[source.lineTable.lineAt(comment.start) - 1]!
  return source.text.slice(lineStart, comment.start).trim() === ''
}
