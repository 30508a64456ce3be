import type { Fix, RuleFixer, SyntaxNode } from '@krait/core'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'

/** How a fix can write a name of a module. */
export interface ImportedText {
  /** What to write: `ast.literal_eval`, or shorter where the file imports it so. */
  readonly text: string
  /** Adds the import that `text` needs; `null` if it is there already. */
  readonly addImport: ((fixer: RuleFixer) => Fix) | null
}

interface ImportContext extends Pick<PythonServices, 'scopes' | 'resolve'> {
  readonly sourceCode: { readonly ast: SyntaxNode; readonly lineBreak: string }
}

/**
 * How code at a node can write a name of a module that is not in a package, by an import that is there or by one to add at the top of the file.
 * @param name `ast.literal_eval`
 * @returns `null` if the module's name means something else there
 */
export function importedText(context: ImportContext, node: SyntaxNode, name: string): ImportedText | null {
  const module = withoutLastPart(name)
  const scope = context.scopes.scopeOf(node)
  for (const [bound, binding] of context.scopes.module.bindings) {
    const definition = binding.onlyDefinition
    if (definition?.kind !== 'import' || definition.conditional || scope.lookup(bound) !== binding) continue
    const target = context.resolve(definition.name)
    if (target === module) return { text: `${bound}.${lastPart(name)}`, addImport: null }
    if (target === name) return { text: bound, addImport: null }
  }
  return scope.lookup(module) ? null : { text: name, addImport: importAtTop(context, module) }
}

/** Before the first import, or else before the first statement that is no docstring; always behind `from __future__` imports. */
function importAtTop({ sourceCode }: ImportContext, module: string): (fixer: RuleFixer) => Fix {
  const statements = (sourceCode.ast as PythonNode).namedChildren
  const { lineBreak } = sourceCode
  const first = statements.find((statement, i) => !isHead(statement, i)) ?? null
  const firstImport = statements.find(({ kind }) => kind === 'import_statement' || kind === 'import_from_statement')
  if (firstImport) return (fixer) => fixer.insertTextBefore(firstImport, `import ${module}${lineBreak}`)
  if (first) return (fixer) => fixer.insertTextBefore(first, `import ${module}${lineBreak}${lineBreak}`)
  return (fixer) => fixer.insertTextBeforeRange([0, 0], `import ${module}${lineBreak}`)
}

/** A docstring or a `from __future__` import. */
function isHead(statement: PythonNode, position: number): boolean {
  if (statement.kind === 'future_import_statement') return true
  return position === 0 && statement.kind === 'expression_statement' && statement.namedChildren[0]?.kind === 'string'
}
