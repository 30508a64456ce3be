import { exportName } from './pack-index.mjs'

/** The three files of a new rule, as `{ path, content }` with paths relative to the pack. The rule reports nothing yet, so its test fails. */
export function ruleFiles({ pack, rule, version }) {
  return [
    { path: `src/rules/${rule}.ts`, content: ruleSource(rule, version) },
    { path: `docs/${rule}.md`, content: rulePage(pack, rule) },
    { path: `tests/${rule}.test.ts`, content: ruleTest(rule) },
  ]
}

function ruleSource(rule, version) {
  return `import { defineRule } from '@krait/python'

export const ${exportName(rule)} = defineRule({
  name: '${rule}',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow ...',
      preset: 'strict',
      severity: 'warn',
      since: '${version}',
    },
    messages: {
      found: "'{{name}}' does this, so that happens: write it like that.",
    },
    schema: [],
  },
  defaultOptions: [],
  create(_context) {
    return {
      call(_node) {},
    }
  },
})
`
}

function rulePage(pack, rule) {
  return `# ${pack}/${rule}

## What it does

Reports ...

## Why is this bad?

What goes wrong, for whom, and when.

## Example

\`\`\`python
bad()
\`\`\`

## Use instead

\`\`\`python
good()
\`\`\`

## Options

None.

## Fix safety

There is no fix.

## When not to use it

When ...

## Limits

What it can not see: it stays silent there.
`
}

function ruleTest(rule) {
  return `import { RuleTester } from '@krait/rule-tester'
import { ${exportName(rule)} } from '../src/rules/${rule}.ts'

new RuleTester().run('${rule}', ${exportName(rule)}, {
  valid: ['good()'],
  invalid: [{ code: 'bad()', errors: [{ messageId: 'found', line: 1 }] }],
})
`
}
