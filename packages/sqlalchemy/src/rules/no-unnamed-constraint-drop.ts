import type { PythonNode } from '@krait/python'
import { argument, defineRule, isMigrationModule, isWrittenForPostgres, withoutParentheses } from '@krait/python'
import { DroppedNames } from '../shared/dropped-names.ts'
import type { DroppedName } from '../shared/dropped-names.ts'
import { opCall } from '../shared/migration.ts'

export const noUnnamedConstraintDrop = defineRule({
  name: 'no-unnamed-constraint-drop',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow dropping a constraint whose name is None in a migration',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      unnamed: 'This drop has no constraint name and raises on downgrade. Name the constraint here and in `upgrade()`.',
      defaultName: 'This drop has no constraint name and raises on downgrade. Name the constraint (`{{name}}`) here and in `upgrade()`.',
      givenName: 'This drop has no constraint name and raises on downgrade. Name the constraint as `upgrade()` does: `{{name}}`.',
      inUpgrade: 'This drop has no constraint name and raises on upgrade. Name the constraint as the migration does that creates it.',
      addName: 'Name the constraint `{{name}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!isMigrationModule(context)) return {}
    let names: DroppedNames | undefined

    return {
      call(node) {
        const called = node.function
        const identifier = called.kind === 'attribute' ? called.attribute : called
        if (identifier.kind !== 'identifier' || opCall(context, node)?.name !== 'drop_constraint') return
        const name = argument(node, 'constraint_name', 0)
        if (name && withoutParentheses(name).kind === 'none') report(identifier, name)
      },
    }

    function report(identifier: PythonNode, none: PythonNode): void {
      names ??= new DroppedNames(context, isWrittenForPostgres(context))
      if (names.isInUpgrade(none)) {
        context.report({ node: identifier, messageId: 'inUpgrade' })
        return
      }
      const found = names.of(none)
      if (found) reportNamed(identifier, none, found)
      else context.report({ node: identifier, messageId: 'unnamed' })
    }

    function reportNamed(identifier: PythonNode, none: PythonNode, { name, isGiven, unnamed }: DroppedName): void {
      context.report({
        node: identifier,
        messageId: isGiven ? 'givenName' : 'defaultName',
        data: { name },
        suggest: [
          {
            messageId: 'addName',
            data: { name },
            fix: (fixer) => [none, ...(unnamed ? [unnamed] : [])].map((node) => fixer.replaceText(node, quoted(name))),
          },
        ],
      })
    }
  },
})

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}
