import type { CallNode, DictionarySplatNode, KeywordArgumentNode, ListSplatNode } from '../generated/nodes.ts'
import type { PythonNode } from '../syntax/node.ts'

/**
 * The value of an argument given by keyword or by position. `null` if it is not given, or if a splat before it (or `**kwargs`, for the keyword)
 * hides whether it is: see `hasSplat`.
 * @param position from 0; leave it out for an argument that can only be given by keyword
 */
export function argument(call: CallNode, name: string | null, position?: number): PythonNode | null {
  const keyword = name === null ? null : keywordValue(call, name)
  if (keyword || position === undefined) return keyword
  return positionalArguments(call)[position] ?? null
}

/** The positional arguments up to the first `*splat`. The comprehension of `f(x for x in y)` is one. */
export function positionalArguments(call: CallNode): readonly PythonNode[] {
  const list = call.arguments
  if (!list) return []
  if (list.kind === 'generator_expression') return [list]
  const found: PythonNode[] = []
  for (const child of list.namedChildren) {
    if (child.kind === 'list_splat') break
    if (child.kind !== 'keyword_argument' && child.kind !== 'dictionary_splat') found.push(child)
  }
  return found
}

/** The values of the keyword arguments by name, also those of a literal `**{"name": value}`. */
export function keywordArguments(call: CallNode): ReadonlyMap<string, PythonNode> {
  const found = new Map<string, PythonNode>()
  if (call.arguments?.kind !== 'argument_list') return found
  for (const child of call.arguments.namedChildren) {
    if (child.kind === 'keyword_argument') found.set(child.name.text, child.value)
    else if (child.kind === 'dictionary_splat') addLiteralKeys(found, child)
  }
  return found
}

/** Most calls have no `**`, and then nothing but the argument itself has to be looked at. */
function keywordValue(call: CallNode, name: string): PythonNode | null {
  const isOpen = call.arguments?.kind === 'argument_list' && call.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat')
  return (isOpen ? keywordArguments(call).get(name) : keywordArgument(call, name)?.value) ?? null
}

/** The node of a keyword argument, say to remove it; `null` if it is not given by keyword. */
export function keywordArgument(call: CallNode, name: string): KeywordArgumentNode | null {
  if (call.arguments?.kind !== 'argument_list') return null
  for (const child of call.arguments.namedChildren) {
    if (child.kind === 'keyword_argument' && child.name.text === name) return child
  }
  return null
}

/** Whether the call may have arguments that do not stand there: `*args`, or `**kwargs` other than a literal with string keys. */
export function hasSplat(call: CallNode): boolean {
  if (call.arguments?.kind !== 'argument_list') return false
  return call.arguments.namedChildren.some(
    (child) => child.kind === 'list_splat' || (child.kind === 'dictionary_splat' && !addLiteralKeys(new Map(), child)),
  )
}

/** Reads `**{"a": 1}`; says whether all of it could be read. */
function addLiteralKeys(found: Map<string, PythonNode>, splat: DictionarySplatNode | ListSplatNode): boolean {
  const dictionary = splat.namedChildren[0]
  if (dictionary?.kind !== 'dictionary') return false
  let complete = true
  for (const entry of dictionary.namedChildren) {
    const key = entry.kind === 'pair' && entry.key.kind === 'string' ? stringText(entry.key) : null
    if (entry.kind === 'pair' && key !== null) found.set(key, entry.value)
    else complete = false
  }
  return complete
}

function stringText(node: PythonNode): string | null {
  return /^(['"])(\w*)\1$/.exec(node.text)?.[2] ?? null
}
