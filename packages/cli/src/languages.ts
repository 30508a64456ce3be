import type { DecodingMethod, Language } from '@krait/core'

/** The endings of the files that krait lints, known before any language is loaded. */
export const sourceExtensions: readonly string[] = ['.py', '.pyi']

/** The languages of this thread. */
export interface LoadedLanguages {
  readonly languages: readonly Language[]
  /** How trees leave the parser: quickly from its memory, or node by node. */
  readonly decoding: DecodingMethod
}

/** The WebAssembly of all languages, compiled, in a form that can be posted to workers. */
export type CompiledLanguages = Awaited<ReturnType<typeof compileLanguages>>

/** Loads all languages. @param wasm what `compileLanguages` gave, if another thread compiled them */
export async function loadLanguages(wasm?: CompiledLanguages): Promise<LoadedLanguages> {
  const { loadPython } = await import('@krait/python/node')
  const parser = await loadPython(wasm)
  return { languages: [interimPython((text) => parser.parse(text))], decoding: parser.decoding }
}

// INTERIM until @krait/python has its language object.
function interimPython(parse: Language['parse']): Language {
  return {
    name: 'python', displayName: 'Python', extensions: ['.py', '.pyi'],
    parse: (text) => parse(text),
    facts: [],
    createServices: () => ({}),
    createFactServices: () => ({}),
    imports: () => true,
    statementRange: (source, offset) => {
      const line = source.lineTable.lineAt(offset)
      const start = source.lineTable.starts[line - 1]!
      return [start, start + source.lineTable.lineText(line).length]
    },
    findSyntaxProblem: (tree) => {
      const index = tree.kind.indexOf(tree.grammar.errorKind)
      return index === -1 ? null : { range: [tree.start[index]!, tree.end[index]!], message: 'unexpected text' }
    },
  }
}

export async function compileLanguages(): Promise<{ runtime: WebAssembly.Module; grammar: WebAssembly.Module }> {
  const { compilePython } = await import('@krait/python/node')
  return compilePython()
}
