import { keywordArguments, lastNameOf, ownCode, stringText } from '@krait/python'
import type { PythonNode, PythonServices, Value } from '@krait/python'
import type { Repeated } from './blind-writes.ts'

/** Arguments and fields by which the other side tells a repetition. */
const KEYS: ReadonlySet<string> = new Set(['id', 'uuid', 'idempotency_key', 'request_id', 'external_id', 'client_token'])
const KEY_WORDS = /idempot|dedup/i

/** Functions that give the same for the same arguments. */
const STABLE: ReadonlySet<string> = new Set(['str', 'int', 'bytes', 'uuid3', 'uuid5', 'UUID', 'hexdigest', 'sha256', 'md5', 'encode', 'format', 'join'])

/** Whether a constructor, a request or a row carries a key that is made outside of the repeated code; also where that can not be told. */
export function carriesKey(context: PythonServices, node: PythonNode, { inside: root, keys }: Repeated): boolean {
  const isKey = (name: string): boolean => isKeyName(name, keys)
  const fields: (readonly [name: string, value: PythonNode])[] = []
  if (node.kind === 'call') {
    if (node.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat')) return true
    for (const entry of keywordArguments(node)) fields.push(entry)
  }
  for (const part of ownCode(node.kind === 'call' ? node.arguments : node)) {
    if (part.kind === 'pair') fields.push([stringText(part.key) ?? lastNameOf(part.key) ?? '', part.value])
  }
  if (fields.some(([name, value]) => isKey(name) && !isMadeInside(context, value, root))) return true
  return fields.some(([, value]) => value.kind === 'identifier' && !isMadeInside(context, value, root) && hasKey(context.values.of(value), isKey))
}

/** Whether an argument, field or header of this name is there to tell a repetition. */
export function isKeyName(name: string, keys: readonly string[]): boolean {
  return KEYS.has(name) || KEY_WORDS.test(name) || keys.includes(name)
}

/** A dict that is made before. */
function hasKey(value: Value, isKey: (name: string) => boolean): boolean {
  if (value.kind !== 'dict') return false
  return value.entries.some(([key]) => key.kind === 'literal' && typeof key.value === 'string' && isKey(key.value))
}

/** Whether a value differs from one repetition to the next: it calls something, or reads what the repeated code binds. */
export function isMadeInside(context: PythonServices, value: PythonNode, root: PythonNode): boolean {
  for (const node of ownCode(value)) {
    if (node.kind === 'call' && !STABLE.has(lastNameOf(node.function) ?? '')) return true
    if (node.kind !== 'identifier') continue
    const definitions = context.scopes.bindingOf(node)?.definitions ?? []
    if (definitions.some((definition) => definition.kind !== 'parameter' && root.contains(definition.node) && isNew(context, definition.value, root))) return true
  }
  return false
}

/** A name that is bound inside to what comes from outside stays the same. */
function isNew(context: PythonServices, value: PythonNode | null, root: PythonNode): boolean {
  return value === null || [...ownCode(value)].some((node) => node.kind === 'call' && !STABLE.has(lastNameOf(node.function) ?? '')) || isRebound(context, value, root)
}

function isRebound(context: PythonServices, value: PythonNode, root: PythonNode): boolean {
  return [...ownCode(value)].some((node) => {
    const definitions = node.kind === 'identifier' ? (context.scopes.bindingOf(node)?.definitions ?? []) : []
    return definitions.some(({ kind, node: place }) => kind !== 'parameter' && root.contains(place))
  })
}
