import type { Language } from '@krait/core'
import { loadPython } from '@krait/python/node'

const parser = await loadPython()

// INTERIM until @krait/python has its language object.
export const pythonLanguage: Language = {
  name: 'python', displayName: 'Python', extensions: ['.py', '.pyi'],
  parse: (text) => parser.parse(text),
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
    for (let i = 0; i < tree.size; i++) if (tree.kind[i] === tree.grammar.errorKind) return { range: [tree.start[i]!, tree.end[i]!], message: 'unexpected text' }
    return null
  },
}
