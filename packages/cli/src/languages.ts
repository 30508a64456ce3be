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
  const [{ createPythonLanguage }, { loadPython }] = await Promise.all([import('@krait/python'), import('@krait/python/node')])
  const parser = await loadPython(wasm)
  return { languages: [createPythonLanguage(parser)], decoding: parser.decoding }
}

export async function compileLanguages(): Promise<{ runtime: WebAssembly.Module; grammar: WebAssembly.Module }> {
  const { compilePython } = await import('@krait/python/node')
  return compilePython()
}
