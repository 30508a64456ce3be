import { defineFact, Project, type Language } from '@krait/core'
import { expect, it } from 'vitest'
import { toyLanguage } from '../host/toy.ts'

const lengthFact = defineFact<number>({ name: 'toy/length', version: 1, collect: ({ sourceCode }) => sourceCode.text.length })
const linesFact = defineFact<number>({ name: 'toy/lines', version: 1, collect: ({ sourceCode }) => sourceCode.text.split('\n').length })
const rareFact = defineFact<string>({ name: 'toy/rare', version: 1, onDemand: 'file', collect: ({ sourceCode }) => sourceCode.text })

function openCounting(texts: Readonly<Record<string, string>>, keepBytes: number): { readonly project: Project; readonly parsed: string[] } {
  const parsed: string[] = []
  const language: Language = {
    ...toyLanguage,
    facts: [lengthFact, linesFact, rareFact],
    parse(text) {
      parsed.push(text)
      return toyLanguage.parse(text)
    },
  }
  return { project: new Project({ files: Object.keys(texts), languages: [language], read: (path) => texts[path], keepBytes }), parsed }
}

const texts = { 'a.py': 'def one(): ...\n', 'b.py': 'def two(): ...\n' }

it('a tree that is not kept is parsed once for all facts', () => {
  const { project, parsed } = openCounting(texts, 0)
  const reader = project.reader()
  expect([...reader.facts(lengthFact)]).toHaveLength(2)
  expect([...reader.facts(linesFact)]).toHaveLength(2)
  expect(parsed).toEqual(Object.values(texts))
})

it('facts on demand are left for those who ask', () => {
  const { project, parsed } = openCounting(texts, 0)
  project.prepare('a.py')
  expect(project.collected('a.py').map(({ fact }) => fact.name)).toEqual(['toy/length', 'toy/lines'])
  expect(project.reader().fact(rareFact, 'a.py')).toBe(texts['a.py'])
  expect(parsed).toEqual([texts['a.py'], texts['a.py']])
})

it('a file that is worked on is parsed once', () => {
  const { project, parsed } = openCounting(texts, 0)
  project.withTree('a.py', (source) => {
    expect(project.source('a.py')).toBe(source)
    expect(project.reader().fact(rareFact, 'a.py')).toBe(texts['a.py'])
    expect(project.reader().fact(lengthFact, 'b.py')).toBe(texts['b.py'].length)
    expect(project.source('a.py')).toBe(source)
  })
  expect(parsed).toEqual(Object.values(texts))
})

it('a kept tree is parsed once', () => {
  const { project, parsed } = openCounting(texts, 1_000_000)
  const reader = project.reader()
  reader.fact(lengthFact, 'a.py')
  reader.fact(linesFact, 'a.py')
  reader.fact(rareFact, 'a.py')
  project.source('a.py')
  expect(parsed).toEqual([texts['a.py']])
})

it('of files that all rules have seen, few trees are kept', () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}.py`, `def f${i}(): ...\n`]))
  const { project, parsed } = openCounting(files, 4000)
  for (const path of project.files) {
    project.source(path)
    project.release(path)
  }
  parsed.length = 0
  for (const path of project.files.toReversed()) project.reader().fact(rareFact, path)
  expect(parsed.length).toBeGreaterThan(10)
  expect(parsed.length).toBeLessThan(20)
  expect(parsed).not.toContain(files[project.files.at(-1)!])
})
