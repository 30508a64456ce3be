import { defineRule, relatedPlaces } from '@krait/python'

export const noBlockingCallee = defineRule({
  name: 'no-blocking-callee',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow calls of functions that block in coroutines', preset: 'recommended', severity: 'warn', since: '1.0.0' },
    messages: {
      blocks: '`{{callee}}()` keeps the thread waiting, and with it every other request. Await an asynchronous one, or use `asyncio.to_thread()`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    return {
      call(node) {
        const around = context.scopes.scopeOf(node).function?.node
        if (around?.kind !== 'function_definition' || around.children[0]?.kind !== 'async') return
        const called = context.typeOf(node.function)
        if (called.kind !== 'function') return
        const path = context.project.summary(called.name)?.effects.blocks
        if (!path) return
        context.report({
          node,
          messageId: 'blocks',
          data: { callee: node.function.text },
          related: relatedPlaces(context.project, path, 'keeps the thread waiting'),
        })
      },
    }
  },
})
