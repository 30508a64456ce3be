import type { FlatTree } from '@krait/core'
import { createParser, SyntaxParser } from '@krait/core'
import fc from 'fast-check'
import { Language } from 'web-tree-sitter'
import { describe, expect, test } from 'vitest'
import { grammarWasm, loadParser, parserInput, runtimeWasm, samples } from './grammars.ts'

const parsers = { html: await loadParser('html'), toml: await loadParser('toml') }

describe.each(['html', 'toml'] as const)('the %s grammar', (name) => {
  const parser = parsers[name]

  test('loads and is read from memory', () => {
    expect(parser.decoding).toBe('memory')
    expect(parser.grammar.name).toBe(name)
  })

  test('gives the trees of the public cursor after random edits', () => {
    const piece = fc.constantFrom('<', '>', '[', ']', '"', '=', '\n', ' ', 'a', '1', '#', '</p>', '𝄞')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(samples[name].length), piece), { maxLength: 8 }), (insertions) => {
        const text = insertions.reduce((current, [at, inserted]) => current.slice(0, at) + inserted + current.slice(at), samples[name] as string)
        expect(columnsOf(parser.parse(text))).toEqual(columnsOf(parser.parseWithCursor(text)))
      }),
      { numRuns: 200 },
    )
  })
})

test('TOML is understood', () => {
  const root = parsers.toml.parse('[project]\nname = "krait"\n').node(0)
  const [pair] = root.descendants('pair')
  expect(pair!.children.map((child) => `${child.kind} ${child.text}`)).toEqual(['bare_key name', '= =', 'string "krait"'])
})

test('HTML is understood', () => {
  const root = parsers.html.parse('<p class="a">text</p>').node(0)
  expect([...root.descendants('attribute_value')].map((value) => value.text)).toEqual(['a'])
  expect(root.tree.hasErrors).toBe(false)
})

test('a file of 10,000 nested arrays does not overflow the stack', () => {
  const tree = parsers.toml.parse(`a = ${'['.repeat(10_000)}1${']'.repeat(10_000)}\n`)
  expect(tree.hasErrors).toBe(false)
  expect([...tree.node(0).descendants('array')]).toHaveLength(10_000)
})

test('compiled modules do as well as bytes', async () => {
  const [runtime, grammar] = await Promise.all([WebAssembly.compile(runtimeWasm()), WebAssembly.compile(grammarWasm('toml'))])
  const parser = await createParser({ ...parserInput('toml'), runtime, grammar })
  expect(columnsOf(parser.parse(samples.toml))).toEqual(columnsOf(parsers.toml.parse(samples.toml)))
})

test('a memory that is not laid out as expected is not trusted', async () => {
  const language = Language.loadSync(await WebAssembly.compile(grammarWasm('toml')))
  const elsewhere = new WebAssembly.Memory({ initial: 1 })
  const parser = new SyntaxParser(elsewhere, language, parserInput('toml'))
  expect(parser.decoding).toBe('cursor')
  expect(columnsOf(parser.parse(samples.toml))).toEqual(columnsOf(parsers.toml.parse(samples.toml)))
})

test('a grammar that cannot be loaded is named', async () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  await expect(createParser({ ...parserInput('toml'), grammar: empty })).rejects.toThrow("The grammar 'toml' cannot be loaded")
})

test('bytes that are no WebAssembly are refused', async () => {
  await expect(createParser({ ...parserInput('toml'), grammar: Uint8Array.of(1, 2, 3) })).rejects.toThrow(WebAssembly.CompileError)
})

test('the parser may read another text of the same length', () => {
  const tree = parsers.toml.parse('a = 1\n', 'b = 2\n')
  expect(tree.text).toBe('a = 1\n')
  expect(() => parsers.toml.parse('a = 1\n', 'a = 12\n')).toThrow(RangeError)
})

function columnsOf({ size, kind, field, flags, start, end, next, parent, hasErrors }: FlatTree) {
  return { size, hasErrors, kind: [...kind], field: [...field], flags: [...flags], start: [...start], end: [...end], next: [...next], parent: [...parent] }
}
