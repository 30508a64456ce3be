import { childByField } from '@krait/core'
import type { FlatTree, SyntaxNode } from '@krait/core'
import * as K from '../scopes/kind-codes.ts'
import type { ScopeTables } from '../scopes/scope-tables.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { buildFlowGraph } from './build.ts'
import { FileNames } from './file-names.ts'
import { Flow } from './flow.ts'
import type { FlowOptions } from './options.ts'

/** What the flows of a file are made from. */
interface File {
  readonly tree: FlatTree
  readonly tables: ScopeTables
  readonly scopes: Scopes
}

/** The flows of one file, each made when it is first asked for. */
export class FileFlows {
  readonly #file: File
  readonly #options: FlowOptions
  readonly #flows = new Map<number, Flow>()
  readonly #inProgress = new Set<number>()
  #names: FileNames | undefined

  constructor(file: File, options: FlowOptions = {}) {
    this.#file = file
    this.#options = options
  }

  /**
   * The flow of the code that a module, function, class or lambda holds (of a decorated definition, of what it defines); for any other node, of the
   * code that executes it. Decorators, default values and base classes are executed by the code around a definition.
   */
  flow(node: SyntaxNode): Flow {
    const root = this.#rootOf(node.index)
    const known = this.#flows.get(root)
    if (known) return known
    // Who answers the options may ask for the flow that waits for the answer, and gets one without them.
    if (this.#inProgress.has(root)) return this.#make(root, {})
    this.#inProgress.add(root)
    try {
      const flow = this.#make(root, this.#options)
      this.#flows.set(root, flow)
      return flow
    } finally {
      this.#inProgress.delete(root)
    }
  }

  #make(root: number, options: FlowOptions): Flow {
    const { tree, scopes } = this.#file
    return new Flow(buildFlowGraph(tree, root, options), this.#fileNames, scopes)
  }

  #rootOf(node: number): number {
    const { tree, tables } = this.#file
    const { codes, fields } = tables.kinds
    switch (codes[tree.kind[node]!]) {
      case K.FUNCTION_DEFINITION:
      case K.CLASS_DEFINITION:
      case K.MODULE:
        return node
      case K.LAMBDA:
        return tree.grammar.isNamed[tree.kind[node]!] === 1 ? node : this.#fileNames.rootAround(node)
      case K.DECORATED_DEFINITION: {
        const definition = childByField(tree, node, fields.definition)
        return definition >= 0 ? definition : this.#fileNames.rootAround(node)
      }
      default:
        return this.#fileNames.rootAround(node)
    }
  }

  get #fileNames(): FileNames {
    return (this.#names ??= new FileNames(this.#file.tables))
  }
}
