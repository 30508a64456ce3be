import { createRegistry, definePack, defineRule, Linter, Project, type AnyRule, type Language, type ResolvedConfig, type SourceCode } from '@krait/core'
import { parsePython } from '@krait/python'
import { loadPython } from '@krait/python/node'

await loadPython()

/** Python's syntax with services small enough to reason about. */
export const toyLanguage: Language = {
  name: 'toy',
  displayName: 'Toy',
  extensions: ['.py'],
  parse: parsePython,
  facts: [],
  createServices: () => new ToyServices(),
  createFactServices: () => ({}),
  imports: (source, modules) => modules.some((name) => source.text.includes(`import ${name}`)),
  statementRange: (source, offset) => statementAt(source, offset),
  findSyntaxProblem: ({ kind, grammar, start, end }) => {
    const index = kind.indexOf(grammar.errorKind)
    return index === -1 ? null : { range: [start[index]!, end[index]!], message: 'unexpected text' }
  },
}

class ToyServices {
  readonly #greeting = 'hello'
  get greeting(): string {
    return this.#greeting
  }
  greet(name: string): string {
    return `${this.#greeting} ${name}`
  }
}

function statementAt(source: SourceCode, offset: number): readonly [number, number] {
  for (const node of source.ast.descendants()) {
    const isSimple = node.kind.endsWith('_statement') && !node.namedChildren.some((child) => child.kind === 'block')
    if (isSimple && node.start <= offset && node.end > offset) return node.range
  }
  const line = source.lineTable.lineAt(offset)
  const start = source.lineTable.starts[line - 1]!
  return [start, start + source.lineTable.lineText(line).length]
}

/** A rule that reports every identifier of a name. */
export function nameRule(ruleName: string, banned: string, replacement?: string): AnyRule {
  return defineRule({
    name: ruleName,
    meta: {
      type: 'problem',
      docs: { description: `Disallow ${banned}`, preset: 'recommended', severity: 'error', since: '0.1.0' },
      messages: { banned: `'{{name}}' is banned` },
      schema: [],
      fixable: 'code',
    },
    defaultOptions: [],
    create: (context) => ({
      identifier(node: { text: string }) {
        if (node.text !== banned) return
        const found = node as never
        context.report({
          node: found,
          messageId: 'banned',
          data: { name: banned },
          fix: replacement === undefined ? null : (fixer) => fixer.replaceText(found, replacement),
        })
      },
    }),
  })
}

export interface LintOptions {
  readonly requireReason?: boolean
  readonly unusedIgnores?: ResolvedConfig['unusedIgnores']
  readonly files?: Readonly<Record<string, string>>
}

/** A linter with one pack, `toy`, whose rules are all on as errors. */
export function setUp(rules: readonly AnyRule[], files: Readonly<Record<string, string>>, options: LintOptions = {}) {
  const registry = createRegistry([definePack({ name: 'toy', version: '1.0.0', rules })])
  const linter = new Linter({ registry })
  const project = new Project({ files: Object.keys(files), languages: [toyLanguage], read: (path) => files[path] })
  const config: ResolvedConfig = {
    rules: rules.map((rule) => ({ id: `toy/${rule.name}`, severity: 2, options: rule.defaultOptions })),
    settings: {},
    requireReason: options.requireReason ?? false,
    unusedIgnores: options.unusedIgnores === undefined ? 1 : options.unusedIgnores,
  }
  return { linter, project, config, lint: (path = 'a.py') => linter.lint(project, path, config) }
}

/** Findings as `line:column rule message`. */
export function shown(result: { findings: readonly { line: number; column: number; ruleId: string; message: string }[] }): string[] {
  return result.findings.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`)
}
