import type { Fix, FixFunction, RuleFixer, SourceCode } from '@krait/core'
import type { BlockNode, CallNode, PythonNode, PythonRuleContext, Value } from '@krait/python'
import { argument, isDocstring } from '@krait/python'
import type { ParameterPlace } from './import-time-place.ts'

/**
 * Makes `None` the default of a parameter and computes the value at the start of the body.
 * @returns `null` where that would not mean the same
 */
export function computedInBody(context: PythonRuleContext, place: ParameterPlace, clock: CallNode): FixFunction | null {
  const { parameter, function: owner } = place
  if (owner.kind !== 'function_definition' || parameter.name.kind !== 'identifier') return null
  const value = defaultValue(context, parameter.value, clock)
  const start = value && !isHidden(context, value, owner.body) ? statementStart(owner.body, context.sourceCode) : null
  if (!value || !start) return null
  const name = parameter.name.text
  const { lineBreak } = context.sourceCode
  const lines = [`if ${name} is None:`, `${start.indentation}${indentUnit(start.indentation)}${name} = ${asStatement(value)}`]
  return (fixer) => [
    fixer.replaceText(value, 'None'),
    ...optionalType(fixer, context, parameter),
    start.isBefore
      ? fixer.insertTextBeforeRange([start.offset, start.offset], `${lines.join(lineBreak)}${lineBreak}${start.indentation}`)
      : fixer.insertTextBeforeRange([start.offset, start.offset], `${lineBreak}${start.indentation}${lines.join(lineBreak)}`),
  ]
}

/** The default itself, or the one in `Query(default=...)`. */
function defaultValue(context: PythonRuleContext, value: PythonNode, clock: CallNode): PythonNode | null {
  const declares = value.kind === 'call' && /^(fastapi|typer)\./.test(context.resolve(value.function) ?? '')
  if (!declares) return isArgumentOfOther(value, clock) ? null : value
  const declared = argument(value, 'default', 0)
  return declared?.contains(clock) ? declared : null
}

/** The clock reading goes into some object, so that the default is no time. */
function isArgumentOfOther(value: PythonNode, clock: PythonNode): boolean {
  for (let node = clock.parent; node && node !== value.parent; node = node.parent) if (node.kind === 'keyword_argument') return true
  return false
}

/** A name of the value means something else in the body, or nothing, since it belongs to the class around. */
function isHidden({ scopes }: PythonRuleContext, value: PythonNode, body: BlockNode): boolean {
  const scope = scopes.scopeOf(body)
  return [value, ...value.descendants('identifier')].some((node) => {
    const binding = scopes.bindingOf(node)
    return node.kind === 'identifier' && (binding ? scope.lookup(node.text) !== binding : scope.bindings.has(node.text))
  })
}

interface StatementStart {
  readonly offset: number
  readonly indentation: string
  /** A statement follows there; else one ends there. */
  readonly isBefore: boolean
}

/** Where the first statement behind the docstring begins; `null` if the body stands on the line of the `def`. */
function statementStart(body: BlockNode, { text }: SourceCode): StatementStart | null {
  const [first, second] = body.namedChildren
  if (!first) return null
  const indentation = text.slice(first.start - first.loc.start.column + 1, first.start)
  if (indentation.trim() !== '') return null
  if (!isDocstring(first)) return { offset: first.start, indentation, isBefore: true }
  if (!second) return { offset: first.end, indentation, isBefore: false }
  const isOnOwnLine = second.loc.start.line > first.loc.end.line
  return isOnOwnLine ? { offset: second.start, indentation, isBefore: true } : null
}

function indentUnit(indentation: string): string {
  return indentation.includes('\t') ? '\t' : '    '
}

/** An expression over several lines needs brackets of its own outside those of the parameters. */
function asStatement(value: PythonNode): string {
  const isBracketed = value.kind === 'call' || value.kind === 'parenthesized_expression'
  return value.text.includes('\n') && !isBracketed ? `(${value.text})` : value.text
}

function optionalType(fixer: RuleFixer, context: PythonRuleContext, parameter: ParameterPlace['parameter']): Fix[] {
  if (parameter.kind !== 'typed_default_parameter') return []
  const { type } = parameter
  const plain = plainType(context, type) ?? type
  const isText = /^[a-z]?["']/i.test(plain.text)
  return isText || admitsNone(context.values.annotation(type)) ? [] : [fixer.insertTextAfter(plain, ' | None')]
}

/** `T` of `Annotated[T, Query()]`: what declares the parameter has to stay outermost. */
function plainType(context: PythonRuleContext, type: PythonNode): PythonNode | null {
  const outer = type.namedChildren[0]
  if (outer?.kind === 'subscript') return context.resolve(outer.value) === 'typing.Annotated' ? (outer.subscript[0] ?? null) : null
  if (outer?.kind !== 'generic_type' || !outer.text.startsWith('Annotated')) return null
  return outer.namedChildren[1]?.namedChildren[0] ?? null
}

function admitsNone(annotation: Value): boolean {
  if (annotation.kind === 'literal') return annotation.type === 'none'
  if (annotation.kind === 'name') return annotation.name === 'typing.Any'
  if (annotation.kind === 'binary') return admitsNone(annotation.left) || admitsNone(annotation.right)
  if (annotation.kind !== 'subscript' || annotation.object.kind !== 'name') return false
  if (annotation.object.name === 'typing.Optional') return true
  const isUnion = annotation.object.name === 'typing.Union'
  return (isUnion || annotation.object.name === 'typing.Annotated') && annotation.index.slice(0, isUnion ? undefined : 1).some(admitsNone)
}
