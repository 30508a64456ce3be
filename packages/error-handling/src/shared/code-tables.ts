import { argumentOf, caughtTypes, classOf, enclosingDefinition, isCallOf, lastPart, namedExceptionTypes, ownCode, withoutLastPart, withoutParentheses } from '@krait/python'
import type { AnyPythonNode, PythonNode, PythonRuleContext, PythonServices, SubscriptNode, Value } from '@krait/python'
import { filledTablesFact } from '../facts/filled-tables.ts'
import { codeKey } from './code-types.ts'

/** A dict from codes to something, that a constant of a module or class holds. */
export interface CodeTable {
  /** The constant's qualified name. */
  readonly name: string
  /** The file that defines it. */
  readonly path: string
  readonly keys: readonly string[]
  readonly annotation: Value | null
}

/** The table that an expression names: `MAP`, `errors.MAP`, `Handler.MAP`, `self.MAP`; `null` for all else. */
export function codeTable(context: PythonServices, expression: PythonNode): CodeTable | null {
  const { project } = context
  const variable = variableOf(context, withoutParentheses(expression))
  if (!variable?.fact.value || variable.fact.rebound) return null
  let value = project.value(variable.fact.value, variable.path)
  if (isCallOf(value, 'types.MappingProxyType')) value = argumentOf(value, 'mapping', 0) ?? value
  if (value.kind !== 'dict' || value.open || value.entries.length < 2) return null
  const keys = value.entries.map(([key]) => codeKey(project, key))
  if (!keys.every((key) => key !== null)) return null
  const annotation = variable.fact.annotation ? project.value(variable.fact.annotation, variable.path) : null
  return { name: variable.name, path: variable.path, keys, annotation: annotation && keyAnnotation(annotation) }
}

/** `DeclineCode` of `dict[DeclineCode, str]`. */
function keyAnnotation(annotation: Value): Value | null {
  let value = annotation
  while (value.kind === 'subscript' && value.index.length === 1 && value.index[0]) value = value.index[0]
  return value.kind === 'subscript' && value.index.length === 2 ? value.index[0]! : null
}

function variableOf(context: PythonServices, node: PythonNode) {
  const { project } = context
  const name = node.kind === 'identifier' || node.kind === 'attribute' ? context.resolve(node) : null
  const definition = name === null ? null : project.definition(name)
  if (definition) return definition.kind === 'variable' ? definition : null
  if (node.kind !== 'attribute') return null
  const owner = name === null ? ownerOf(context, node.object) : withoutLastPart(name)
  const member = owner === null || owner === '' ? null : project.member(owner, lastPart(node.text))
  return member?.fact.kind === 'variable' ? { name: `${member.owner}.${lastPart(node.text)}`, path: member.path, fact: member.fact } : null
}

/** The class that `self`, `cls` or a typed object is of. */
function ownerOf(context: PythonServices, object: PythonNode): string | null {
  const type = context.typeOf(object)
  return type.kind === 'class' ? type.class : classOf(type)
}

/** Whether an expression is read: not assigned to, deleted or annotated. */
export function isRead(node: SubscriptNode): boolean {
  const { parent } = node
  if (parent?.kind === 'assignment' || parent?.kind === 'augmented_assignment') return parent.left !== node
  return parent?.kind !== 'delete_statement' && parent?.kind !== 'pattern_list' && parent?.kind !== 'type'
}

const MISSING_KEY: ReadonlySet<string> = new Set(['builtins.KeyError', 'builtins.LookupError'])

/** Whether a missing key is provided for: a handler of `KeyError`, a test `in MAP`, or a loop over the table. */
export function isKeyProvidedFor(context: PythonRuleContext, node: SubscriptNode, table: CodeTable): boolean {
  return isKeyErrorHandled(context, node) || isTested(context, node, table)
}

function isKeyErrorHandled(context: PythonRuleContext, node: PythonNode): boolean {
  const definition = enclosingDefinition(node)
  for (let child = node, parent = node.parent; parent && child !== definition; child = parent, parent = parent.parent) {
    if (parent.kind === 'try_statement' && parent.body === child) {
      const types = parent.namedChildren.flatMap((clause) => (clause.kind === 'except_clause' ? caughtTypes(context, clause) : []))
      if (types.some((type) => type === null || MISSING_KEY.has(type))) return true
    }
    if (parent.kind === 'with_statement' && suppressesKeyError(context, parent)) return true
  }
  return false
}

function suppressesKeyError(context: PythonRuleContext, statement: PythonNode): boolean {
  for (const item of statement.namedChildren[0]?.namedChildren ?? []) {
    const value = item.kind === 'with_item' ? context.values.of(item.value) : null
    if (!isCallOf(value, 'contextlib.suppress')) continue
    if (namedExceptionTypes(context, value.arguments).some((type) => type === null || MISSING_KEY.has(type))) return true
  }
  return false
}

/** Whether the function tests `x in MAP`, or goes through the table, before it comes to a place. */
function isTested(context: PythonServices, node: SubscriptNode, table: CodeTable): boolean {
  const root = enclosingDefinition(node) ?? node.closest('module')
  const flow = context.flow(node)
  for (const other of root ? ownCode(root) : []) {
    const tested = testedTable(other)
    if (tested && lastPart(tested.text) === lastPart(node.value.text) && variableOf(context, tested)?.name === table.name && flow.canReach(tested, node)) return true
  }
  return false
}

/** `MAP` of `x in MAP`, of `for x in MAP`, and of `MAP.keys()` in their place. */
function testedTable(node: PythonNode): PythonNode | null {
  let tested: AnyPythonNode | null | undefined = null
  if (node.kind === 'comparison_operator') tested = node.operators.some(({ kind }) => kind === 'in' || kind === 'not in') ? node.namedChildren.at(-1) : null
  else if (node.kind === 'for_statement') tested = node.right
  else if (node.kind === 'for_in_clause') tested = node.right[0]
  if (tested?.kind === 'call' && tested.function.kind === 'attribute') tested = tested.function.object
  return tested?.kind === 'identifier' || tested?.kind === 'attribute' ? tested : null
}

/** Whether the file that defines a table adds to it: `MAP[x] = y`, `MAP.update(...)`. */
export function isFilledAtHome({ project }: PythonServices, { name, path }: CodeTable): boolean {
  return project.fact(filledTablesFact, path)?.includes(lastPart(name)) === true
}
