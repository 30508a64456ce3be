import type { Fix, RuleFixer } from '@krait/core'
import type { PythonNode, PythonRuleContext } from '@krait/python'
import { nameFromModule } from '@krait/python'

/** How code at a node can write something of the module `datetime`. */
export interface TimeText {
  readonly text: string
  readonly addImport: ((fixer: RuleFixer) => Fix) | null
}

/** `timezone.utc`, or `UTC` where the file imports that; `null` if the names mean something else there. */
export function utcText(context: PythonRuleContext, node: PythonNode): TimeText | null {
  const short = importedName(context, node, 'datetime.UTC')
  if (short !== null) return { text: short, addImport: null }
  const imported = importedName(context, node, 'datetime.timezone')
  if (imported !== null) return { text: `${imported}.utc`, addImport: null }
  const zone = nameFromModule(context, node, 'datetime', 'timezone')
  return zone && { ...zone, text: `${zone.text}.utc` }
}

/** The name under which a `from` import brings something; `null` if none does. */
function importedName(context: PythonRuleContext, node: PythonNode, name: string): string | null {
  const scope = context.scopes.scopeOf(node)
  for (const [bound, binding] of context.scopes.module.bindings) {
    const definition = binding.onlyDefinition
    if (definition?.kind === 'import' && !definition.conditional && scope.lookup(bound) === binding && context.resolve(definition.name) === name) return bound
  }
  return null
}

/** `datetime`, as the file imports the class. */
export function datetimeText(context: PythonRuleContext, node: PythonNode): TimeText | null {
  return nameFromModule(context, node, 'datetime', 'datetime')
}

/** A fix that replaces a node, and adds the imports that the new text needs. */
export function replacing(node: PythonNode, text: string, needs: readonly (TimeText | null)[]): (fixer: RuleFixer) => Fix[] {
  return (fixer) => [...needs.flatMap((need) => (need?.addImport ? [need.addImport(fixer)] : [])), fixer.replaceText(node, text)]
}

/** The text of an expression so that `.method()` can follow it. */
export function receiverText(node: PythonNode): string {
  return SIMPLE.has(node.kind) && (node.kind === 'parenthesized_expression' || !isOverLines(node)) ? node.text : `(${node.text})`
}

/** Whether the text goes on in the next line outside of brackets, which it may only within others. */
function isOverLines(node: PythonNode): boolean {
  const inner = node.kind === 'call' ? node.function : node
  return inner.text.includes('\n')
}

const SIMPLE: ReadonlySet<string> = new Set(['identifier', 'attribute', 'call', 'subscript', 'parenthesized_expression'])
