import type { Fix, RuleFixer, SourceCode, SyntaxNode } from '@krait/core'
import type { ImportFromStatementNode } from '../generated/nodes.ts'
import type { Binding, Scope, Scopes } from '../scopes/scopes.ts'
import type { PythonNode } from '../syntax/node.ts'
import { insertBehindLine } from './line-end.ts'

/** What `nameFromModule` needs; a rule's context has it. */
interface ImportContext {
  readonly scopes: Scopes
  readonly sourceCode: SourceCode
  resolve(node: SyntaxNode): string | null
}

/** How a suggestion can write the name of something in a module. */
export interface NameFromModule {
  /** `Field`, or `dataclasses.field` or an alias, where the file imports it so. */
  readonly text: string
  /** Adds the `from module import name` that `text` needs; `null` if it is there already. */
  readonly addImport: ((fixer: RuleFixer) => Fix) | null
}

/**
 * How code at a node can write the name of something in a module: by an import that is there, best of the name itself, or by a `from` import that the fix adds.
 * @param module canonical name of the module, also one in a package: `dateutil.relativedelta`
 * @returns `null` if the name means something else there
 */
export function nameFromModule(context: ImportContext, node: SyntaxNode, module: string, name: string): NameFromModule | null {
  const scope = context.scopes.scopeOf(node)
  let byModule: string | null = null
  for (const [bound, binding] of context.scopes.module.bindings) {
    const text = importedAs(context, binding, module, name)
    if (text === null || scope.lookup(bound) !== binding) continue
    if (text === bound) return { text, addImport: null }
    byModule ??= text
  }
  if (byModule !== null) return { text: byModule, addImport: null }
  if (isTaken(context.scopes, scope, name)) return null
  return { text: name, addImport: (fixer) => fromImport(fixer, context.sourceCode, module, name) }
}

/** How code writes the name by this import; `null` if it does not bring it. */
function importedAs(context: ImportContext, binding: Binding, module: string, name: string): string | null {
  const definition = binding.onlyDefinition
  if (definition?.kind !== 'import' || definition.conditional) return null
  const target = context.resolve(definition.name)
  if (target === `${module}.${name}`) return binding.name
  if (target === module) return `${binding.name}.${name}`
  const { node } = definition
  return node.kind === 'dotted_name' && node.text === module && node.parent?.kind === 'import_statement' ? `${module}.${name}` : null
}

function isTaken(scopes: Scopes, scope: Scope, name: string): boolean {
  return scopes.module.bindings.has(name) || scope.lookup(name) !== null
}

/** Adds the name to an import of the module, or a new import behind the imports that open the file. */
function fromImport(fixer: RuleFixer, sourceCode: SourceCode, module: string, name: string): Fix {
  const statements = sourceCode.ast.namedChildren as readonly PythonNode[]
  const existing = statements.find((statement) => isFromImport(statement, module)) as ImportFromStatementNode | undefined
  if (existing) return fixer.insertTextAfter(existing.name.at(-1)!, `, ${name}`)
  const line = `from ${module} import ${name}`
  const body = statements.findIndex((statement, i) => !isHead(statement, i))
  const lastOfHead = statements[(body < 0 ? statements.length : body) - 1]
  if (lastOfHead) return insertBehindLine(sourceCode, fixer, lastOfHead, sourceCode.lineBreak + line)
  const start = statements[0]?.start ?? 0
  return fixer.insertTextBeforeRange([start, start], line + sourceCode.lineBreak)
}

function isFromImport(statement: PythonNode, module: string): boolean {
  return statement.kind === 'import_from_statement' && statement.module_name.text === module && statement.name.length > 0
}

/** A docstring or an import. */
function isHead(statement: PythonNode, position: number): boolean {
  if (statement.kind === 'expression_statement') return position === 0 && statement.namedChildren[0]?.kind === 'string'
  return statement.kind === 'import_statement' || statement.kind === 'import_from_statement' || statement.kind === 'future_import_statement'
}
