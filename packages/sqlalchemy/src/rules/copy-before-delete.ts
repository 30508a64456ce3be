import type { AttributeNode, CallNode, PythonNode } from '@krait/python'
import { defineRule, MigrationScript } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { emptiedAttribute, useOfEmptied } from '../shared/emptied-attributes.ts'
import { emptiedRowsIn, mayExecute } from '../shared/emptied-rows.ts'
import { LostColumns } from '../shared/lost-columns.ts'
import type { LostData } from '../shared/lost-columns.ts'

export const copyBeforeDelete = defineRule({
  name: 'copy-before-delete',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require data to be copied before its source is dropped or emptied',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      readAfter: '`{{source}}` is {{how}} here but read in line {{line}}; copy the data first.',
      readLater: '`{{source}}` is {{how}} here but read later in `{{file}}`; copy the data first.',
      replaced: '`{{source}}` is dropped and `{{replacement}}` added, but nothing copies the values. Add an `UPDATE` before the drop.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    const script = MigrationScript.of(context)
    if (script) return { module: () => new LostColumns(context, script).find().forEach(reportLost) }
    const executions = new Map<PythonNode, CallNode[]>()

    return {
      assignment: check,
      delete_statement: check,
      call(node) {
        check(node)
        if (!mayExecute(node)) return
        const around = context.scopes.scopeOf(node).function?.node ?? context.scopes.module.node
        executions.set(around, [...(executions.get(around) ?? []), node])
      },
      'module:exit'() {
        for (const calls of executions.values()) {
          if (calls.length < 2) continue
          for (const { execution, source, reader } of emptiedRowsIn(context, calls)) report(calleeName(execution), source, 'emptied', reader)
        }
      },
    }

    function reportLost({ operation, source, because }: LostData): void {
      const node = calleeName(operation.call)
      const isDropped = operation.data.effects.some(({ kind, by }) => kind === 'lose' && by === 'drop')
      const how = isDropped ? 'dropped' : 'emptied'
      if (because.kind === 'read') report(node, source, how, because.by.call)
      else if (because.kind === 'read-later') {
        const file = because.path.slice(because.path.lastIndexOf('/') + 1)
        context.report({ node, messageId: 'readLater', data: { source, how, file } })
      } else context.report({ node, messageId: 'replaced', data: { source, replacement: because.by } })
    }

    function check(node: PythonNode): void {
      const attribute: AttributeNode | null = emptiedAttribute(node)
      const use = attribute && useOfEmptied(context, attribute, node)
      if (use) report(attribute, attribute.text, node.kind === 'assignment' ? 'set to `None`' : 'emptied', use)
    }

    function report(node: PythonNode, source: string, how: string, reader: PythonNode): void {
      context.report({ node, messageId: 'readAfter', data: { source, how, line: reader.loc.start.line } })
    }
  },
})
