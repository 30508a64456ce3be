import type { Flow, FlowOptions, IdentifierNode, PythonKind, PythonNode, PythonNodeMap } from '@krait/python'
import { loadPython } from '@krait/python/node'
import { semanticsOf } from '../../../src/file-semantics.ts'
import { FileFlows } from '../../../src/flow/file-flows.ts'
import { parsePython } from '../../../src/syntax/parser.ts'

await loadPython()

/** Raising calls alone make a graph that can be read. */
export const ONLY_CALLS_RAISE: FlowOptions = { cannotRaise: ({ kind }) => kind !== 'call' }

/** A piece of Python with the flow of its first function, or of the module if it has none. */
export class FlowCase {
  readonly flow: Flow
  readonly module: PythonNode
  readonly #flows: FileFlows

  constructor(text: string, options: FlowOptions = {}) {
    const tree = parsePython(dedent(text))
    this.module = tree.node(0) as PythonNode
    this.#flows = new FileFlows(semanticsOf(tree), options)
    this.flow = this.#flows.flow(this.all('function_definition')[0] ?? this.module)
  }

  /** The flow of any node. */
  flowOf(node: PythonNode): Flow {
    return this.#flows.flow(node)
  }

  /** The first node of this text, from outside; `occurrence` counts from 0. */
  find(text: string, occurrence = 0): PythonNode {
    let left = occurrence
    for (const node of this.module.descendants()) {
      if (node.isNamed && node.text === text && node.parent?.text !== text && left-- === 0) return node
    }
    throw new Error(`'${text}' (${occurrence}) does not occur`)
  }

  /** The call of a function. */
  call(name: string, occurrence = 0): PythonNode {
    const calls = this.all('call').filter((call) => call.function.text === name)
    return found(calls[occurrence], `call of ${name}`)
  }

  /** The occurrences of a name, from 0. */
  name(name: string, occurrence = 0): IdentifierNode {
    return found(this.all('identifier').filter(({ text }) => text === name)[occurrence], `name ${name}`)
  }

  first<Kind extends PythonKind>(kind: Kind, occurrence = 0): PythonNodeMap[Kind] {
    return found(this.all(kind)[occurrence], kind)
  }

  all<Kind extends PythonKind>(kind: Kind): readonly PythonNodeMap[Kind][] {
    return [...this.module.descendants(kind)]
  }
}

/** Takes away the indentation of the first line from all lines. */
function dedent(text: string): string {
  const lines = text.replace(/^\n/, '')
  const indentation = /^ */.exec(lines)![0]
  return lines.slice(indentation.length).replaceAll(`\n${indentation}`, '\n')
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is no such ${what}`)
  return value
}
