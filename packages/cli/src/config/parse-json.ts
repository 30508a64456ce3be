/** Text that is not JSON, with the place where it stops being so. Line and column start at 1. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  readonly line: number
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

/**
 * Parses JSON that may hold comments and trailing commas, as editors allow in config files.
 *
 * @throws {JsonSyntaxError} with the place of the first error: messages of `JSON.parse` name it in some versions of Node only
 */
export function parseJson(text: string): unknown {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const tokens = tokenize(source)
  try {
    return JSON.parse(withoutExtras(source, tokens))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw locateError(source, tokens)
  }
}

interface Token {
  readonly kind: 'comment' | 'value' | 'string' | '{' | '}' | '[' | ']' | ',' | ':' | 'broken'
  readonly start: number
  readonly end: number
}

const tokenPattern = new RegExp([
  String.raw`(?<comment>\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)`,
  String.raw`(?<string>"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")`,
  String.raw`(?<value>true(?![\w$])|false(?![\w$])|null(?![\w$])|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w$.]))`,
  String.raw`(?<punctuation>[{}[\],:])`,
  String.raw`(?<broken>[^\s{}[\],:"]+|")`,
].join('|'), 'g')

function tokenize(source: string): Token[] {
  return [...source.matchAll(tokenPattern)].map((match): Token => {
    const { comment, string, value, punctuation } = match.groups!
    const kind = comment !== undefined ? 'comment' : string !== undefined ? 'string' : value !== undefined ? 'value' : undefined
    return { kind: kind ?? ((punctuation as Token['kind'] | undefined) ?? 'broken'), start: match.index, end: match.index + match[0].length }
  })
}

function withoutExtras(source: string, tokens: readonly Token[]): string {
  const parts: string[] = []
  let end = 0
  let comma: Token | undefined
  let previous: Token | undefined
  for (const token of tokens) {
    const dropped = token.kind === 'comment' ? token : (token.kind === '}' || token.kind === ']') ? comma : undefined
    if (token.kind !== 'comment') {
      comma = token.kind === ',' && previous !== undefined && endsValue(previous) ? token : undefined
      previous = token
    }
    if (dropped === undefined) continue
    parts.push(dropped.start >= end ? source.slice(end, dropped.start) : '')
    end = dropped.end
  }
  return parts.join(' ') + ' ' + source.slice(end)
}

function endsValue(token: Token): boolean {
  return token.kind === 'value' || token.kind === 'string' || token.kind === '}' || token.kind === ']'
}

function locateError(source: string, tokens: readonly Token[]): JsonSyntaxError {
  const open: ('{' | '[')[] = []
  let expected: 'value' | 'value or end' | 'key or end' | 'colon' | 'comma or end' = 'value'
  for (const token of tokens) {
    if (token.kind === 'comment') continue
    const inside = open.at(-1)
    const closes = (token.kind === '}' && inside === '{') || (token.kind === ']' && inside === '[')
    const mayClose = expected === 'comma or end' || (expected === 'key or end' && inside === '{') || (expected === 'value or end' && inside === '[')
    if (closes && mayClose) {
      open.pop()
      expected = 'comma or end'
    } else if (expected === 'key or end' && token.kind === 'string') expected = 'colon'
    else if (expected === 'colon' && token.kind === ':') expected = 'value'
    else if (expected === 'comma or end' && inside !== undefined && token.kind === ',') expected = inside === '{' ? 'key or end' : 'value or end'
    else if (expected.startsWith('value') && (token.kind === 'value' || token.kind === 'string')) expected = 'comma or end'
    else if (expected.startsWith('value') && (token.kind === '{' || token.kind === '[')) {
      open.push(token.kind)
      expected = token.kind === '{' ? 'key or end' : 'value or end'
    } else return errorAt(source, token.start, describeUnexpected(source, token, expected, inside))
  }
  const closing = open.at(-1) === '{' ? '\'}\'' : '\']\''
  return errorAt(source, source.length, open.length > 0 ? `The file ends before ${closing}.` : 'The file holds no value.')
}

function describeUnexpected(source: string, token: Token, expected: string, inside: '{' | '[' | undefined): string {
  const text = source.slice(token.start, token.end)
  if (text === '"') return 'This string does not end on its line, or holds a character that must be escaped.'
  const closing = inside === '{' ? '\'}\'' : '\']\''
  const wanted = {
    'value': 'a value',
    'value or end': 'a value or \']\'',
    'key or end': 'a key in double quotes or \'}\'',
    'colon': '\':\'',
    'comma or end': inside === undefined ? 'the end of the file' : `',' or ${closing}`,
  }[expected]
  return `Expected ${wanted}, found '${text.length > 30 ? `${text.slice(0, 27)}...` : text}'.`
}

function errorAt(source: string, offset: number, message: string): JsonSyntaxError {
  const before = source.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return new JsonSyntaxError(message, before.split('\n').length, offset - lineStart + 1)
}
