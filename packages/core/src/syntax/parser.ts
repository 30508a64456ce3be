import { Language, Parser } from 'web-tree-sitter'
import type { Tree } from 'web-tree-sitter'
import type { TreeColumns } from './columns.ts'
import { readWithCursor } from './cursor.ts'
import { MemoryDecoder } from './decode.ts'
import { createNodeClass } from './flat-node.ts'
import type { NodeClass } from './flat-node.ts'
import { ColumnTree } from './flat-tree.ts'
import type { Grammar, GrammarShape } from './grammar.ts'
import { LoadedGrammar } from './loaded-grammar.ts'
import type { FlatTree } from './tree.ts'

/** A WebAssembly file: its bytes, or compiled already (a compiled module can be posted to a worker, which then starts faster). */
export type WasmSource = Uint8Array<ArrayBuffer> | WebAssembly.Module

/**
 * The longest text that can be parsed, in UTF-16 code units. A code unit takes up to 400 bytes of the parser's memory, which ends at 2 GB; a
 * parser that runs out of memory cannot be used again.
 */
export const LONGEST_TEXT = 4_000_000

/** How trees leave web-tree-sitter: read from its memory, or asked for node by node. */
export type DecodingMethod = 'memory' | 'cursor'

export interface ParserInput {
  /** The file `web-tree-sitter.wasm` of the package `web-tree-sitter`. */
  readonly runtime: WasmSource
  /** The compiled grammar. */
  readonly grammar: WasmSource
  readonly shape: GrammarShape
  /** A short text in the grammar's language with fields, aliases, comments and a syntax error, on which reading from memory is checked. */
  readonly sample: string
}

/**
 * Loads a grammar and makes a parser for it. All parsers of a thread share one runtime: the first call starts it, and later calls ignore
 * their `runtime`.
 * @throws if a file is no WebAssembly, or the grammar does not fit the runtime.
 */
export async function createParser(input: ParserInput): Promise<SyntaxParser> {
  const [memory, module] = await Promise.all([startRuntime(input.runtime), compile(input.grammar)])
  return new SyntaxParser(memory, loadLanguage(module, input.shape.name), input)
}

/** Turns texts of one language into flat trees. */
export class SyntaxParser {
  readonly grammar: Grammar
  /** How trees are read. `cursor` means that the check at start-up failed; parsing then takes about twice as long. */
  readonly decoding: DecodingMethod
  readonly #memory: WebAssembly.Memory
  readonly #decoder: MemoryDecoder
  readonly #nodeClass: NodeClass
  readonly #parser: Parser

  constructor(memory: WebAssembly.Memory, language: Language, input: Pick<ParserInput, 'shape' | 'sample'>) {
    this.#memory = memory
    this.#decoder = new MemoryDecoder(memory)
    this.#parser = new Parser().setLanguage(language)
    this.grammar = new LoadedGrammar(language, input.shape)
    this.#nodeClass = createNodeClass(this.grammar)
    this.decoding = this.#readsMemoryRightly(input.sample) ? 'memory' : 'cursor'
  }

  /** The bytes of WebAssembly memory that all parsers of this thread have taken together; it never shrinks. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength
  }

  /**
   * Parses a text without byte order mark. Syntax errors become ERROR and MISSING nodes.
   * @param parsedAs What the parser reads in place of the text, if it needs help; of the same length, so that offsets fit the text.
   * @throws if the text is longer than `LONGEST_TEXT`, or the lengths differ.
   */
  parse(text: string, parsedAs = text): FlatTree {
    checkLengths(text, parsedAs)
    return this.#withTree(parsedAs, (tree) => this.#flatTree(text, this.#columns(tree, text)))
  }

  /** The same as `parse`, always by the public cursor; for tests that compare the two ways. */
  parseWithCursor(text: string, parsedAs = text): FlatTree {
    checkLengths(text, parsedAs)
    return this.#withTree(parsedAs, (tree) => this.#flatTree(text, readWithCursor(tree, this.grammar.errorKind)))
  }

  #columns(tree: Tree, text: string): TreeColumns {
    const columns = this.decoding === 'memory' ? this.#decode(tree, text) : null
    return columns ?? readWithCursor(tree, this.grammar.errorKind)
  }

  #decode(tree: Tree, text: string): TreeColumns | null {
    return this.#decoder.decode(addressOf(tree), text.length, this.grammar.errorKind)
  }

  #flatTree(text: string, columns: TreeColumns): FlatTree {
    return new ColumnTree(this.grammar, this.#nodeClass, text, columns)
  }

  #withTree<T>(text: string, use: (tree: Tree) => T): T {
    let tree: Tree | null = null
    try {
      tree = this.#parser.parse(text)
      if (!tree) throw new Error(`The parser for '${this.grammar.name}' gave up on a text of ${text.length} characters.`)
      return use(tree)
    } finally {
      // web-tree-sitter's finalizers run too late to keep memory bounded.
      tree?.delete()
    }
  }

  #readsMemoryRightly(sample: string): boolean {
    return this.#withTree(sample, (tree) => {
      const decoded = this.#decode(tree, sample)
      return decoded !== null && sameColumns(decoded, readWithCursor(tree, this.grammar.errorKind))
    })
  }
}

function checkLengths(text: string, parsedAs: string): void {
  if (parsedAs.length !== text.length) throw new RangeError(`The parser was to read ${parsedAs.length} code units in place of ${text.length}.`)
  if (text.length > LONGEST_TEXT) {
    throw new RangeError(`A text of ${text.length} UTF-16 code units cannot be parsed: the limit is ${LONGEST_TEXT}.`)
  }
}

let runtime: Promise<WebAssembly.Memory> | undefined

/** web-tree-sitter keeps one runtime per thread; its memory is ours so that trees can be read from it. */
function startRuntime(source: WasmSource): Promise<WebAssembly.Memory> {
  return (runtime ??= instantiateRuntime(source).catch((error: unknown) => {
    runtime = undefined
    throw error
  }))
}

async function instantiateRuntime(source: WasmSource): Promise<WebAssembly.Memory> {
  const module = await compile(source)
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES })
  await Parser.init({
    wasmMemory: memory,
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void) {
      const instance = new WebAssembly.Instance(module, imports)
      receive(instance, module)
      return instance.exports
    },
  })
  return memory
}

/** As many as web-tree-sitter itself would take; a page is 64 KB. */
const INITIAL_PAGES = 512
const MAXIMUM_PAGES = 32768

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  return source instanceof WebAssembly.Module ? source : WebAssembly.compile(source)
}

function loadLanguage(module: WebAssembly.Module, name: string): Language {
  try {
    return Language.loadSync(module)
  } catch (error) {
    throw new Error(`The grammar '${name}' cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** web-tree-sitter keeps the address of its C structure under the property `0`. */
function addressOf(tree: Tree): number {
  return (tree as unknown as { readonly 0: number })[0]
}

function sameColumns(left: TreeColumns, right: TreeColumns): boolean {
  if (left.size !== right.size || left.hasErrors !== right.hasErrors) return false
  for (const column of ['kind', 'field', 'flags', 'start', 'end', 'next', 'parent'] as const) {
    if (left[column].some((value, i) => value !== right[column][i])) return false
  }
  return true
}
