import { definePack } from '@krait/core'
import { checkRulePage } from '@krait/rule-tester'
import { describe, expect, it } from 'vitest'
import { noCall } from './sample-rules.ts'

const pack = definePack({ name: 'style', version: '1.0.0', rules: [noCall] })

const PAGE = `# style/no-call

Disallow calls of a \`forbidden\` function. More about it.

## What it does

Reports calls.

## Why is this bad?

It is forbidden.

## Example

\`\`\`python
x = 1
forbidden()  # reported
\`\`\`

\`app/routes.py\`:

\`\`\`python
forbidden()
\`\`\`

## Use instead

\`\`\`python
allowed()
\`\`\`

## Options

- \`name\`: the function
- \`renameTo\`: what to call instead

## Fix safety

Safe.

## When not to use it

Never.

## Limits

None.
`

/** The problems of the page after one change to it. */
function problemsAfter(from: string | RegExp, to: string): Promise<string[]> {
  const page = PAGE.replace(from, to)
  expect(page).not.toBe(PAGE)
  return checkRulePage(pack, 'no-call', page)
}

describe('checkRulePage', () => {
  it('accepts a complete page', async () => {
    expect(await checkRulePage(pack, 'no-call', PAGE)).toEqual([])
  })

  it('checks title and description', async () => {
    expect(await problemsAfter('# style/no-call', '# no-call')).toEqual([
      `The title must be '# style/no-call', the only heading of its level; found 'no-call'.`,
    ])
    expect(await problemsAfter('Disallow calls', 'Allow calls')).toEqual([
      `The first paragraph must begin with the rule's description as a sentence: 'Disallow calls of a forbidden function.' Found: 'Allow calls of a forbidden function. More about it.'`,
    ])
  })

  it('checks the headings and that something stands under each', async () => {
    expect(await problemsAfter('## Limits', '## Limit')).toEqual([
      `The heading '## Limits' is missing.`,
      expect.stringMatching(/^The heading '## Limit' is none of 'What it does', /) as string,
    ])
    const swapped = await problemsAfter('## Fix safety\n\nSafe.\n\n## When not to use it\n\nNever.', '## When not to use it\n\nNever.\n\n## Fix safety\n\nSafe.')
    expect(swapped).toEqual([expect.stringMatching(/^The headings must stand once each in this order: /) as string])
    expect(await problemsAfter('Safe.', '')).toEqual([`Nothing stands under '## Fix safety'.`])
    expect(await problemsAfter('Safe.', '### In detail\n\nSafe.')).toEqual([])
  })

  it('wants each option explained', async () => {
    expect(await problemsAfter('- `renameTo`: what', '- what')).toEqual(['The option `renameTo` is not explained under \'Options\'.'])
  })

  it('runs the bad examples', async () => {
    expect(await problemsAfter('forbidden()  # reported', 'allowed()  # reported')).toEqual([`Line 17 (example.py:2) is marked '# reported' but is not.`])
    expect(await problemsAfter('x = 1\n', 'forbidden()\n')).toEqual([
      `Line 16 (example.py:1) is reported without the mark '# reported': \`forbidden()\` is forbidden. Call something else.`,
    ])
    expect(await problemsAfter('python\nforbidden()\n', 'python\nallowed()\n')).toEqual(['The example in line 23 must be reported, but nothing is found.'])
    expect(await problemsAfter('x = 1\n', 'x = (\n')).toEqual([expect.stringMatching(/^Line 1[67] \(example\.py:[12]\): This is not valid Python: /) as string])
  })

  it('runs the good examples, with the config of the bad ones', async () => {
    expect(await problemsAfter('allowed()', 'forbidden()')).toEqual([
      `Line 29 (example.py:1) under 'Use instead' is reported: \`forbidden()\` is forbidden. Call something else.`,
    ])
    const config = '```json krait.config.json\n{ "rules": { "style/no-call": ["error", { "name": "allowed" }] } }\n```\n\n## Use instead'
    expect(await problemsAfter('## Use instead', config)).toContain(`Line 33 (example.py:1) under 'Use instead' is reported: \`allowed()\` is forbidden. Call something else.`)
  })

  it('wants an example of each sort', async () => {
    expect(await problemsAfter('```python\nallowed()\n```', 'None.')).toEqual([`There is no Python code block under 'Use instead'.`])
  })

  it('reports a page that can not be read', async () => {
    expect(await checkRulePage(pack, 'no-call', '```python\n')).toEqual(['The code block in line 1 has no end: close it with ```.'])
    expect(await checkRulePage(pack, 'no-cal', PAGE)).toEqual([`The pack 'style' has no rule 'no-cal'.`])
  })
})
