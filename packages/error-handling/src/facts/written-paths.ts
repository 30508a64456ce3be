import { defineFact } from '@krait/core'
import { functionKey, ownCode, withoutLastPart } from '@krait/python'
import type { CallNode, FileSemantics, FunctionDefinitionNode, PythonNode } from '@krait/python'
import { barePath, writesAt } from '../shared/path-writes.ts'

/** What a function does with the paths that it is given. */
export interface WrittenPaths {
  /** Its parameters in order, `self` among them. */
  readonly parameters: readonly string[]
  /** Those at which it writes a file or folder. */
  readonly writes: readonly string[]
  /** Those that it hands on as they are. */
  readonly passes: readonly PassedPath[]
}

export interface PassedPath {
  readonly parameter: string
  /** Relative to the file; a method of the class around is `:Class.method`. */
  readonly callee: string
  /** The position or the name of the argument. */
  readonly argument: number | string
}

/** By the key of the function. Asked for files whose functions are given a path that was deleted before. */
export const writtenPathsFact = defineFact<Readonly<Record<string, WrittenPaths>>, FileSemantics>({
  name: 'error-handling/written-paths',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found: [string, WrittenPaths][] = []
    for (const definition of (file.tree.node(0) as PythonNode).descendants('function_definition')) {
      const key = functionKey(file, file.scopeMadeBy(definition.index))
      const paths = pathsOf(file, definition, withoutLastPart(key))
      if (paths.writes.length + paths.passes.length > 0) found.push([key, paths])
    }
    return Object.fromEntries(found)
  },
})

function pathsOf(file: FileSemantics, definition: FunctionDefinitionNode, owner: string): WrittenPaths {
  const parameters = parametersOf(definition)
  const writes = new Set<string>()
  const passes: PassedPath[] = []
  const resolve = (node: PythonNode) => file.names.nameOf(node.index)
  for (const call of ownCode(definition.body)) {
    if (call.kind !== 'call') continue
    const written = parameters.find((parameter) => writesAt(resolve, call, parameter))
    if (written !== undefined) writes.add(written)
    else passes.push(...passedBy(file, call, parameters, owner))
  }
  return { parameters, writes: [...writes], passes }
}

function passedBy(file: FileSemantics, call: CallNode, parameters: readonly string[], owner: string): readonly PassedPath[] {
  if (call.arguments?.kind !== 'argument_list') return []
  const resolve = (node: PythonNode) => file.names.nameOf(node.index)
  const callee = calleeOf(file, call.function, owner)
  return call.arguments.namedChildren.flatMap((child, position): readonly PassedPath[] => {
    const isKeyword = child.kind === 'keyword_argument'
    const parameter = barePath(resolve, isKeyword ? child.value : child)?.text ?? ''
    return callee !== null && parameters.includes(parameter) ? [{ parameter, callee, argument: isKeyword ? child.name.text : position }] : []
  })
}

function calleeOf(file: FileSemantics, called: PythonNode, owner: string): string | null {
  if (called.kind === 'attribute' && called.object.kind === 'identifier' && called.object.text === 'self') return `:${owner}.${called.attribute.text}`
  return file.names.nameOf(called.index)
}

function parametersOf({ parameters }: FunctionDefinitionNode): readonly string[] {
  return parameters.namedChildren.map((parameter) => {
    if (parameter.kind === 'identifier') return parameter.text
    return parameter.field('name')?.text ?? parameter.namedChildren[0]?.text ?? ''
  })
}
