import { exportName } from './pack-index.mjs'

/**
 * The three files of a new rule, as `{ path, content }` with paths relative to the pack. The rule works and its tests pass: it reports calls
 * of a function that stands for the real subject.
 */
export function ruleFiles({ pack, rule, version }) {
  return [
    { path: `src/rules/${rule}.ts`, content: ruleSource(rule, version) },
    { path: `docs/${rule}.md`, content: rulePage(pack, rule) },
    { path: `tests/${rule}.test.ts`, content: ruleTest(pack, rule) },
  ]
}

function ruleSource(rule, version) {
  return `import { defineRule } from '@krait/python'

// Change this name, and everything below that speaks of it.
const REPORTED_FUNCTION = 'os.abort'

export const ${exportName(rule)} = defineRule({
  name: '${rule}',
  meta: {
    type: 'problem',
    docs: {
      // One sentence in the imperative; the page begins with it.
      description: 'Disallow calls of os.abort',
      // 'recommended' only if it is nearly free of false alarms.
      preset: 'strict',
      severity: 'warn',
      since: '${version}',
    },
    messages: {
      // The fact with the code's own names, then the consequence, then the remedy.
      call: '\`{{name}}()\` ends the process at once, and open files are not written. Raise an exception.',
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
`
}

function rulePage(pack, rule) {
  return `# ${pack}/${rule}

Disallow calls of os.abort.

## What it does

Reports calls of \`os.abort\`, under whatever name it is imported.

## Why is this bad?

The process ends at once: no \`finally\` block runs, and what is in buffers is lost.

## Example

\`\`\`python
import os

os.abort()  # reported
\`\`\`

## Use instead

\`\`\`python
raise RuntimeError("the index is damaged")
\`\`\`

## Options

None.

## Fix safety

There is no fix.

## When not to use it

If a core dump is wanted.

## Limits

A function that is passed on and called elsewhere is not seen.
`
}

function ruleTest(pack, rule) {
  return `import { python, RuleTester } from '@krait/rule-tester'
import { ${exportName(rule)} } from '../src/rules/${rule}.ts'

new RuleTester().run('${pack}/${rule}', ${exportName(rule)}, {
  valid: [
    { name: 'another function of that name', code: 'def abort(): ...\\nabort()\\n' },
    { name: 'a name that can not be resolved', code: 'abort()\\n' },
  ],
  invalid: [
    {
      name: 'an alias',
      code: python\`
        from os import abort as stop
        stop()
      \`,
      errors: [{ messageId: 'call', data: { name: 'stop' }, line: 2, column: 1 }],
    },
  ],
})
`
}
