import { loggerLibrary, positionalArguments, semanticsOf } from '@krait/python'
import type { BuiltText, CallNode, LoggerLibrary, LoggingCall, MessagePart, PythonNode, PythonServices } from '@krait/python'

/** How a logging call passes its values without building a text. */
export interface StructuredCall {
  /** What takes the place of the message argument: the constant message, with the values behind it. */
  readonly text: string
}

/** The library of a logger; of one that is known by its name alone, that which the file imports. */
export function libraryOfCall(context: PythonServices, call: CallNode, { logger }: LoggingCall): LoggerLibrary {
  const known = logger && loggerLibrary(context, logger)
  if (known) return known
  const file = semanticsOf(call.tree)
  return file.imports('structlog') ? 'structlog' : file.imports('loguru') ? 'loguru' : 'logging'
}

/** The message argument of a logging call: the first, of `.log()` the second, or that which is given by name. `null` if there is none. */
export function messageOf(call: CallNode, { method }: LoggingCall): PythonNode | null {
  const positional = positionalArguments(call)[method === 'log' ? 1 : 0]
  if (positional) return positional
  for (const child of call.arguments.namedChildren) if (child.kind === 'keyword_argument' && MESSAGE_NAMES.has(child.name.text)) return child.value
  return null
}

/** What the libraries call their message parameter. */
export const MESSAGE_NAMES: ReadonlySet<string> = new Set(['event', 'msg'])

/** The same call with a constant message; `null` where that can not be written. */
export function structured(context: PythonServices, call: CallNode, logging: LoggingCall, message: PythonNode, built: BuiltText): StructuredCall | null {
  const isLast = positionalArguments(call).at(-1) === message
  if (!built.isPlain || !isLast || call.arguments.kind !== 'argument_list') return null
  switch (libraryOfCall(context, call, logging)) {
    case 'logging':
      return withArguments(built.parts, '%s', (text) => text.replaceAll('%', '%%'))
    case 'loguru':
      return withArguments(built.parts, '{}', (text) => text.replaceAll('{', '{{').replaceAll('}', '}}'))
    case 'structlog':
      return withFields(call, built.parts)
  }
}

function withArguments(parts: readonly MessagePart[], placeholder: string, escape: (text: string) => string): StructuredCall {
  const text = parts.map((part) => (typeof part === 'string' ? escape(part) : placeholder)).join('')
  const values = parts.flatMap((part) => (typeof part === 'string' ? [] : [asArgument(part)]))
  return { text: [JSON.stringify(text), ...values].join(', ') }
}

/** Fields that are named after the last part of what they hold. */
function withFields(call: CallNode, parts: readonly MessagePart[]): StructuredCall | null {
  const taken = new Set(['event', ...call.arguments.namedChildren.flatMap((child) => (child.kind === 'keyword_argument' ? [child.name.text] : []))])
  const fields: string[] = []
  for (const part of parts) {
    if (typeof part === 'string') continue
    const name = part.kind === 'identifier' ? part.text : part.kind === 'attribute' ? part.attribute.text : null
    if (name === null || taken.has(name)) return null
    taken.add(name)
    fields.push(`${name}=${part.text}`)
  }
  const text = parts.map((part) => (typeof part === 'string' ? part : ' ')).join('')
  const message = text.replace(/\s+/g, ' ').replace(/[\s:=(,'"-]+$/, '').trim()
  return message === '' ? null : { text: [JSON.stringify(message), ...fields].join(', ') }
}

function asArgument(part: PythonNode): string {
  return part.kind === 'yield' || part.kind === 'expression_list' || part.kind === 'generator_expression' ? `(${part.text})` : part.text
}
