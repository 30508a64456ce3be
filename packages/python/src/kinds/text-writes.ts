import { childByField, defineFact } from '@krait/core'
import { functionKeyAt } from '../facts/function-keys.ts'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { valuesIn } from '../values/parts.ts'
import type { CallValue, Value } from '../values/value.ts'

/** A value that may be text made from a datetime, given to an attribute. Names are relative to the file. */
export interface TextWrite {
  readonly attribute: string
  /** What has the attribute: an object, or the class that is constructed or written to. */
  readonly to: 'object' | 'class'
  readonly target: Value
  readonly value: Value
  /** The key of the function, see `functionKey`. */
  readonly function: string
}

/** Spares most files the walk. */
const MAY_MAKE_TEXT = /iso|str|stamp|now|time|date|utc|text|format|serial|\bdt|\b[fF]["']{1,3}\{/i

/** Where a file gives text that may be made from a datetime to attributes: by assignment, by constructors, by `.values(...)`. */
export const textWritesFact = defineFact<readonly TextWrite[], FileSemantics>({
  name: 'python/text-writes',
  version: 3,
  onDemand: 'project',
  collect: ({ services: file }) => textWritesIn(file).map(([, write]) => write),
})

/** The lines of those, from 1. They change with every edit above them: ask for them only for a finding that is reported in any case. */
export const textWriteLinesFact = defineFact<readonly number[], FileSemantics>({
  name: 'python/text-write-lines',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => textWritesIn(file).map(([node]) => file.tree.lineTable.position(file.tree.start[node]!).line),
})

type FoundWrite = readonly [node: number, write: TextWrite]

function textWritesIn(file: FileSemantics): readonly FoundWrite[] {
  if (!MAY_MAKE_TEXT.test(file.tree.text)) return []
  const found: FoundWrite[] = []
  const { tree, tables } = file
  for (const node of file.nodesOf(K.ASSIGNMENT, K.CALL)) {
    if (tables.kinds.codes[tree.kind[node]!] === K.ASSIGNMENT) addAssignment(file, found, node)
    else addCall(file, found, node)
  }
  return found
}

function addAssignment(file: FileSemantics, found: FoundWrite[], node: number): void {
  const { tree, tables } = file
  const { codes, fields } = tables.kinds
  const left = childByField(tree, node, fields.left)
  const right = childByField(tree, node, fields.right)
  if (left < 0 || right < 0 || codes[tree.kind[left]!] !== K.ATTRIBUTE) return
  const code = codes[tree.kind[right]!]!
  if (code !== K.IDENTIFIER && !MAY_MAKE_TEXT.test(tree.text.slice(tree.start[right], tree.end[right]))) return
  const value = file.values.summarise(right)
  if (!mayBeText(value)) return
  const target = file.values.summarise(childByField(tree, left, fields.object))
  const name = childByField(tree, left, fields.attribute)
  found.push([node, { attribute: tree.text.slice(tree.start[name], tree.end[name]), to: 'object', target, value, function: functionKeyAt(file, node) }])
}

function addCall(file: FileSemantics, found: FoundWrite[], node: number): void {
  const { tree, tables } = file
  const { fields } = tables.kinds
  const called = childByField(tree, node, fields.function)
  if (called < 0 || !MAY_BE_WRITTEN.test(tree.text.slice(Math.max(tree.start[called]!, tree.end[called]! - MAX_NAME), tree.end[called]))) return
  const list = childByField(tree, node, fields.arguments)
  if (list < 0 || !MAY_MAKE_TEXT.test(tree.text.slice(tree.start[list], tree.end[list]))) return
  const call = file.values.summarise(node)
  if (call.kind !== 'call') return
  const target = writtenClass(call)
  if (!target) return
  const within = functionKeyAt(file, node)
  const add = (attribute: string, value: Value) => {
    if (mayBeText(value)) found.push([node, { attribute, to: 'class', target, value, function: within }])
  }
  for (const [attribute, value] of Object.entries(call.keywords)) add(attribute, value)
  for (const row of call.arguments) {
    for (const [key, value] of row.kind === 'dict' ? row.entries : []) if (key.kind === 'literal' && typeof key.value === 'string') add(key.value, value)
  }
}

/** By the end of what is called: a class, which has a capital, or the method `values`. */
const MAY_BE_WRITTEN = /(^|[.\s])(_*\p{Lu}\w*|values)$/u
/** Longer names are not looked at. */
const MAX_NAME = 100

/** The class of `Import(...)`, and the model of `insert(Import).values(...)`. */
function writtenClass(call: CallValue): Value | null {
  if (call.callee !== null) return { kind: 'name', name: call.callee }
  if (call.function?.kind !== 'attribute' || call.function.attribute !== 'values') return null
  for (const part of valuesIn(call.function.object)) {
    if (part.kind === 'call' && part.callee !== null && /(^|\.)(insert|update)$/.test(part.callee)) return part.arguments[0] ?? null
  }
  return null
}

/** Whether text is made in the value, or by a function whose name speaks of it. */
function mayBeText(value: Value): boolean {
  if (value.kind === 'format' && value.parts.length <= 2 && value.parts[0]?.kind !== 'literal') return true
  for (const part of valuesIn(value)) {
    if (part.kind !== 'call') continue
    const name = part.callee ?? (part.function?.kind === 'attribute' ? part.function.attribute : '')
    if (/(^|\.)(isoformat|strftime|str|format)$/.test(name) || /(iso|str|stamp|now|time|date|utc|text|format|serial|dt)[^.]*$/i.test(name)) return true
  }
  return false
}
