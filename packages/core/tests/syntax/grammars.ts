import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createParser } from '@krait/core'
import type { ParserInput, SyntaxParser } from '@krait/core'

const coreRequire = createRequire(new URL('../../package.json', import.meta.url))

/** The bytes of the runtime that the core depends on. */
export function runtimeWasm(): Uint8Array<ArrayBuffer> {
  return readFileSync(coreRequire.resolve('web-tree-sitter/web-tree-sitter.wasm'))
}

export function grammarWasm(name: 'html' | 'toml'): Uint8Array<ArrayBuffer> {
  return readFileSync(new URL(`../../grammars/${name}.wasm`, import.meta.url))
}

export const samples = {
  html: '<!-- note --><p class="a">text &amp; <b>bold</i></p><br/><p',
  toml: '# note\n[a.b]\nc = [1, "two", { d = 3.5 }]\ne = = 1\n',
} as const

export function parserInput(name: 'html' | 'toml'): ParserInput {
  return { runtime: runtimeWasm(), grammar: grammarWasm(name), shape: { name, repeatedFields: {} }, sample: samples[name] }
}

export function loadParser(name: 'html' | 'toml'): Promise<SyntaxParser> {
  return createParser(parserInput(name))
}
