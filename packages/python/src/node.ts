import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { loadPython as loadPythonFrom } from './syntax/parser.ts'
import type { PythonParser, PythonWasm } from './syntax/parser.ts'

/**
 * Makes Python readable in this thread, with the files of the installed packages.
 * @param wasm What `compilePython` gave in another thread; spares reading and compiling the files again.
 */
export async function loadPython(wasm?: PythonWasm): Promise<PythonParser> {
  return loadPythonFrom(wasm ?? (await readPythonWasm()))
}

/** The bytes of the two WebAssembly files. */
export async function readPythonWasm(): Promise<{ runtime: Uint8Array<ArrayBuffer>; grammar: Uint8Array<ArrayBuffer> }> {
  const [runtime, grammar] = await Promise.all([readFile(runtimePath()), readFile(new URL('../grammar/python.wasm', import.meta.url))])
  return { runtime, grammar }
}

/** The two files compiled, in a form that can be posted to worker threads. */
export async function compilePython(): Promise<{ runtime: WebAssembly.Module; grammar: WebAssembly.Module }> {
  const { runtime, grammar } = await readPythonWasm()
  const modules = await Promise.all([WebAssembly.compile(runtime), WebAssembly.compile(grammar)])
  return { runtime: modules[0], grammar: modules[1] }
}

/** The runtime belongs to the core, whatever version is installed elsewhere. */
function runtimePath(): string {
  const coreManifest = createRequire(import.meta.url).resolve('@krait/core/package.json')
  return createRequire(coreManifest).resolve('web-tree-sitter/web-tree-sitter.wasm')
}
