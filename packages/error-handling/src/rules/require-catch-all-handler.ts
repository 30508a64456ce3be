import { defineRule } from '@krait/python'

// Change this name, and everything below that speaks of it.
const REPORTED_FUNCTION = 'os.abort'

export const requireCatchAllHandler = defineRule({
  name: 'require-catch-all-handler',
  meta: {
    type: 'problem',
    docs: {
      // One sentence in the imperative; the page begins with it.
      description: 'Disallow calls of os.abort',
      // 'recommended' only if it is nearly free of false alarms.
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      // The fact with the code's own names, then the consequence, then the remedy.
      call: '`{{name}}()` ends the process at once, and open files are not written. Raise an exception.',
    },
    // One JSON Schema per option; describe each option on the page.
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    return {
      // Listen to any node kind; the node's fields are those of the grammar.
      call(node) {
        // What can not be resolved is unknown, and unknown is silent.
        if (context.resolve(node.function) !== REPORTED_FUNCTION) return
        context.report({ node, messageId: 'call', data: { name: node.function.text } })
      },
    }
  },
})
