import type { IdentifierNode, Model, PythonNode } from '@krait/python'
import { defineRule, isModelClass, lastPart, MigrationScript } from '@krait/python'

export const noModelInMigration = defineRule({
  name: 'no-model-in-migration',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow migrations that use the models of the application',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      model: 'This migration depends on today\'s `{{model}}`. Declare the few columns it needs with `sa.table("{{table}}", sa.column(...))`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (!MigrationScript.of(context)) return {}
    const reported = new Set<PythonNode>()
    let imported: ReadonlySet<string> | undefined

    return { identifier: check, attribute: check }

    function check(node: PythonNode): void {
      imported ??= importedNames()
      const bound = rootOf(node)?.text
      if (bound === undefined || !(imported.has(bound) || imported.has('*'))) return
      const name = isMeantAsValue(node) ? context.resolve(node) : null
      if (name === null || !isModelClass(context.project, name)) return
      const model = context.project.model(name)
      const root = rootOf(node)
      if (!root || model?.path === context.path) return
      for (const statement of importsOf(root)) report(statement, name, model)
    }

    /** The names that imports of other modules than those of the libraries of migrations bind; `*` if they bind all names of a module. */
    function importedNames(): ReadonlySet<string> {
      const names = new Set<string>()
      for (const { module, name, as } of context.project.imports()) {
        if (!/^(?:alembic|sqlalchemy|typing|collections|datetime|uuid)\b/.test(module)) names.add(name === '*' ? '*' : as)
      }
      return names
    }

    function report(statement: PythonNode, name: string, model: Model | null): void {
      if (reported.has(statement)) return
      reported.add(statement)
      context.report({ node: statement, messageId: 'model', data: { model: lastPart(name), table: model?.table ?? '...' } })
    }

    /** Import statements that bind a name at run time. */
    function importsOf(root: IdentifierNode): readonly PythonNode[] {
      const definitions = context.scopes.bindingOf(root)?.definitions
      const statements = definitions ? definitions.flatMap(({ node }) => importAround(node) ?? []) : starImports()
      return statements.filter((statement) => !isForTypesOnly(statement))
    }

    function starImports(): readonly PythonNode[] {
      const all = [...context.scopes.module.node.descendants('import_from_statement')]
      return all.filter((statement) => statement.namedChildren.some(({ kind }) => kind === 'wildcard_import'))
    }

    function isForTypesOnly(statement: PythonNode): boolean {
      const condition = statement.closest('if_statement')?.condition
      return condition ? context.resolve(condition) === 'typing.TYPE_CHECKING' : false
    }
  },
})

function importAround(node: PythonNode): PythonNode | null {
  return node.kind === 'import_statement' || node.kind === 'import_from_statement' ? node : node.closest('import_statement', 'import_from_statement')
}

/** Not in the import itself, and not in an annotation. */
function isMeantAsValue(node: PythonNode): boolean {
  return !node.closest('import_statement', 'import_from_statement', 'type')
}

function rootOf(node: PythonNode): IdentifierNode | null {
  let current = node
  while (current.kind === 'attribute') current = current.object
  return current.kind === 'identifier' ? current : null
}
