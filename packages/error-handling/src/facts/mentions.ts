import { defineFact } from '@krait/core'
import { stringText } from '@krait/python'
import type { FileSemantics, FunctionDefinitionNode, PythonNode } from '@krait/python'

/**
 * Names and texts that functions and classes mention, other than where only some paths of requests lead; by the key of the function, or of the class. The
 * parameters of a function inside a function stand under its key with `()`.
 */
export type Mentions = Readonly<Record<string, readonly string[]>>

/** Longer texts are no names of headers. */
const MAX_LENGTH = 60

/** What middlewares and dependencies speak of. Asked for the files that define them only. */
export const mentionsFact = defineFact<Mentions, FileSemantics>({
  name: 'error-handling/mentions',
  version: 2,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found: [string, readonly string[]][] = []
    const root = file.tree.node(0) as PythonNode
    for (const definition of root.descendants('function_definition', 'class_definition')) {
      const key = keyOf(definition)
      found.push([key, mentionsIn(file, definition.body)])
      if (definition.kind === 'function_definition' && key.includes('<locals>')) found.push([`${key}()`, parametersOf(definition)])
    }
    return Object.fromEntries(found)
  },
})

function parametersOf({ parameters }: FunctionDefinitionNode): readonly string[] {
  return parameters.namedChildren.flatMap((parameter) => {
    const name = parameter.kind === 'identifier' ? parameter : parameter.descendants('identifier').next().value
    return name ? [name.text] : []
  })
}

/** Python's qualified name inside the module: `setup`, `RequestId`, `create_app.<locals>.add_id`. */
function keyOf(definition: PythonNode): string {
  const parts: string[] = []
  for (let node: PythonNode | null = definition; node; node = node.closest('function_definition', 'class_definition')) {
    if (node.kind !== 'function_definition' && node.kind !== 'class_definition') break
    if (node !== definition && node.kind === 'function_definition') parts.unshift('<locals>')
    parts.unshift(node.name.text)
  }
  return parts.join('.')
}

function mentionsIn(file: FileSemantics, body: PythonNode): readonly string[] {
  const hasTests = /path/.test(body.text)
  const found = new Set<string>()
  for (const node of body.descendants('identifier', 'string')) {
    const text = node.kind === 'string' ? (stringText(node) ?? '') : node.text
    if (text === '' || text.length > MAX_LENGTH || found.has(text) || node.parent?.kind === 'expression_statement') continue
    if (hasTests && (/id|trace|bind/i.test(text) || isCalled(node)) && isForSomePaths(file, node)) continue
    found.add(text)
  }
  return [...found].sort()
}

function isCalled(node: PythonNode): boolean {
  const { parent } = node
  if (parent?.kind === 'attribute' && parent.attribute === node) return parent.parent?.kind === 'call' && parent.parent.function === parent
  return parent?.kind === 'call' && parent.function === node
}

/** Whether code is reached only where a test of the request's path comes out positive: an id for the webhooks is none for the rest. */
function isForSomePaths(file: FileSemantics, node: PythonNode): boolean {
  for (const { test, outcome } of file.flow(node).testsBefore(node)) {
    if (speaksOfPath(file, test) && isPositive(test) === outcome) return true
  }
  return false
}

function isPositive(test: PythonNode): boolean {
  if (test.kind !== 'comparison_operator') return true
  const operator = test.operators[0]?.kind
  return operator !== '!=' && operator !== 'not in' && operator !== 'is not'
}

/** `request.url.path`, `request.path`, `scope["path"]`, or a local name for one of them. */
function speaksOfPath(file: FileSemantics, test: PythonNode): boolean {
  const parts = [test, ...test.descendants('attribute', 'subscript', 'identifier')]
  return parts.some((part) => {
    if (part.kind === 'attribute') return part.attribute.text === 'path'
    if (part.kind === 'subscript') return stringText(part.subscript[0]) === 'path'
    const value = part.kind === 'identifier' ? file.scopes.bindingOf(part)?.onlyDefinition?.value : null
    return value?.kind === 'attribute' ? value.attribute.text === 'path' : value?.kind === 'subscript' && stringText(value.subscript[0]) === 'path'
  })
}
