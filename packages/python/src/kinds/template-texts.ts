import type { CallNode, InterpolationNode } from '../generated/nodes.ts'
import { positionalArguments } from '../shared/calls.ts'
import { stringText } from '../shared/strings.ts'
import type { PythonNode } from '../syntax/node.ts'
import { UNKNOWN_KIND, isDatetime } from './kind.ts'
import type { Kind } from './kind.ts'
import type { Reading } from './reading.ts'
import { changedText, textOf } from './texts.ts'

/** Text that a template makes of one value: `f"{now}Z"`, `"{}Z".format(now)`, `"%sZ" % now`. */
export interface Template {
  readonly value: PythonNode
  /** The format behind the colon; empty if there is none. */
  readonly format: string
  /** What comes behind the value. */
  readonly rest: string
}

/** The text that a template makes which begins with a date or datetime, or with its text; unknown for all else. */
export function templateText(reading: Reading<PythonNode>, node: PythonNode): Kind {
  const template = templateOf(node)
  if (!template) return UNKNOWN_KIND
  return templateKind(reading.kindOf(template.value), template.format, template.rest)
}

/** The text that a template makes of a value. */
export function templateKind(kind: Kind, format: string, rest: string): Kind {
  if (kind.kind === 'text') return format === '' ? changedText(kind, rest === '' ? '' : `+${JSON.stringify(rest)}`) : UNKNOWN_KIND
  if (!isDatetime(kind) && kind.kind !== 'date') return UNKNOWN_KIND
  const text = format === '' ? textOf(kind, 'str', '') : textOf(kind, 'strftime', format, format)
  return rest === '' ? text : changedText(text, `+${JSON.stringify(rest)}`)
}

/** Reads an f-string, a `format` call or a `%` that begins with its only value; `null` for all else. */
export function templateOf(node: PythonNode): Template | null {
  switch (node.kind) {
    case 'string':
      return ofFormattedString(node)
    case 'call':
      return ofFormatCall(node)
    case 'binary_operator': {
      const rest = node.operator.kind === '%' ? /^%s(?<rest>[^%]*)$/.exec(stringText(node.left) ?? '')?.groups?.['rest'] : undefined
      const [only, ...others] = node.right.kind === 'tuple' ? node.right.namedChildren : [node.right]
      return rest === undefined || !only || others.length > 0 ? null : { value: only, format: '', rest }
    }
    default:
      return null
  }
}

function ofFormattedString(node: PythonNode): Template | null {
  const parts = node.namedChildren.filter(({ kind }) => kind === 'interpolation' || kind === 'string_content')
  const [first, second, ...others] = parts
  if (first?.kind !== 'interpolation' || second?.kind === 'interpolation' || others.length > 0) return null
  const value = expressionOf(first)
  const conversion = first.namedChildren.find(({ kind }) => kind === 'type_conversion')
  if (!value || (conversion && conversion.text !== '!s')) return null
  const format = first.namedChildren.find(({ kind }) => kind === 'format_specifier')
  if (format && format.namedChildren.some(({ kind }) => kind !== 'string_content')) return null
  return { value, format: format ? format.text.replace(/^:/, '') : '', rest: second?.text ?? '' }
}

function expressionOf(interpolation: InterpolationNode): PythonNode | null {
  return interpolation.namedChildren.find(({ kind }) => kind !== 'type_conversion' && kind !== 'format_specifier' && kind !== 'comment') ?? null
}

function ofFormatCall(node: CallNode): Template | null {
  const called = node.function
  if (called.kind !== 'attribute' || called.attribute.text !== 'format') return null
  const groups = /^\{0?(:(?<format>[^{}]*))?\}(?<rest>[^{}]*)$/.exec(stringText(called.object) ?? '')?.groups
  const [value, ...others] = positionalArguments(node)
  return groups && value && others.length === 0 ? { value, format: groups['format'] ?? '', rest: groups['rest'] ?? '' } : null
}
