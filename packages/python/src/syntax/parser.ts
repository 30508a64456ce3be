import { createParser } from '@krait/core'
import type { DecodingMethod, FlatTree, Grammar, WasmSource } from '@krait/core'
import { pythonShape } from '../generated/shape.ts'
import { joinBracketedLines } from './join-lines.ts'
import type { PythonTree } from './node.ts'
import { raiseSplats } from './splats.ts'
import { findSyntaxProblem } from './syntax-errors.ts'

/** The two WebAssembly files that reading Python takes. */
export interface PythonWasm {
  /** `web-tree-sitter.wasm` of the package `web-tree-sitter`. */
  readonly runtime: WasmSource
  /** `grammar/python.wasm` of this package. */
  readonly grammar: WasmSource
}

export interface PythonParser {
  readonly grammar: Grammar
  /** See `SyntaxParser.decoding`. */
  readonly decoding: DecodingMethod
  /** See `SyntaxParser.memoryBytes`. */
  readonly memoryBytes: number
  /** Parses a text without byte order mark; syntax errors become ERROR and MISSING nodes. See `SyntaxParser.parse`. */
  parse(text: string): PythonTree
  /** The same by the public cursor, for tests that compare the two ways. */
  parseWithCursor(text: string): PythonTree
}

let loading: Promise<PythonParser> | undefined
let loaded: PythonParser | undefined

/**
 * Makes Python readable in this thread; must have happened before `parsePython`. Later calls give the same parser and ignore their input.
 * In Node, `loadPython` of `@krait/python/node` finds the files itself.
 * @throws if a file is no WebAssembly or does not fit.
 */
export function loadPython(wasm: PythonWasm): Promise<PythonParser> {
  return (loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined
    throw error
  }))
}

/**
 * The tree of a Python text without byte order mark.
 * @throws if `loadPython` has not been awaited.
 */
export function parsePython(text: string): PythonTree {
  return pythonParser().parse(text)
}

/** The parser that `loadPython` made. @throws if there is none yet. */
export function pythonParser(): PythonParser {
  if (!loaded) throw new Error('Python is not loaded in this thread: await loadPython() first.')
  return loaded
}

async function load({ runtime, grammar }: PythonWasm): Promise<PythonParser> {
  const parser = await createParser({ runtime, grammar, shape: pythonShape, sample: SAMPLE })
  return (loaded = {
    grammar: parser.grammar,
    decoding: parser.decoding,
    get memoryBytes() {
      return parser.memoryBytes
    },
    parse: (text) => parse(text, (parsedAs) => parser.parse(text, parsedAs)),
    parseWithCursor: (text) => parse(text, (parsedAs) => parser.parseWithCursor(text, parsedAs)),
  })
}

/** Where the text is broken, tries whether it only looks so because of its line breaks between brackets. */
function parse(text: string, read: (parsedAs: string) => FlatTree): PythonTree {
  const tree = read(text)
  if (!tree.hasErrors || !findSyntaxProblem(tree)) return asPython(tree)
  const joined = joinBracketedLines(text)
  if (joined === text) return asPython(tree)
  const treeOfJoined = read(joined)
  return asPython(findSyntaxProblem(treeOfJoined) ? tree : treeOfJoined)
}

/** The node types are generated from the grammar that the tree was parsed with. */
function asPython(tree: FlatTree): PythonTree {
  raiseSplats(tree)
  return tree as PythonTree
}

/** Small, but with aliases, inherited and repeated fields, hidden nodes, extras, an ERROR and a MISSING node. */
const SAMPLE = `# comment
@decorator
async def name(a, *b: int, c=1, **d) -> None:
    if (x := [y for y in z if y not in c]) and a is not None: pass
    elif a < b == c: return lambda: {**d, 'k': f'{a!r:>{b}} \\n'}
    else:
        match a, b:
            case [1, *rest] | {"k": v} if v: print(é, "𝄞") \\
                ;
    with open(a) as f, b as (g, h): x[1:2, ...] += await f
call(a, *b, k=1
x = = 2
`
