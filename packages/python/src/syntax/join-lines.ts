/**
 * The same text with spaces for the line breaks between brackets, so that every offset stays. Python ignores indentation there; the grammar
 * does not quite: where neither a closing bracket nor a comma may follow, it takes a line that is indented less than its block for the
 * block's end. A line break behind a comment stays, as the comment would swallow the next line.
 */
export function joinBracketedLines(text: string): string {
  const token = new RegExp(TOKEN)
  let depth = 0
  let joined = ''
  let copied = 0
  let afterComment = false
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found, quote] = match
    const isComment = found.startsWith('#')
    if (quote) token.lastIndex = endOfString(text, token.lastIndex, quote)
    else if (OPENING.test(found)) depth++
    else if (CLOSING.test(found)) depth = Math.max(0, depth - 1)
    else if (!isComment && depth > 0 && !afterComment) {
      joined += text.slice(copied, match.index) + ' '.repeat(found.length)
      copied = token.lastIndex
    }
    afterComment = isComment
  }
  return joined + text.slice(copied)
}

const TOKEN = /("""|'''|"|')|#[^\r\n]*|[()[\]{}]|\r\n?|\n/g
const OPENING = /^[([{]$/
const CLOSING = /^[)\]}]$/

/** Where the string ends whose opening quote ends at `from`; an unclosed one ends with its line, or with the text if it is triple-quoted. */
function endOfString(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text.startsWith(quote, i)) return i + quote.length
    else if (quote.length === 1 && (text[i] === '\n' || text[i] === '\r')) return i
  }
  return text.length
}
