import { definePack } from '@krait/core'
import { checkMarkdownProject, readMarkdownProjects, RuleTester, type MarkdownProject } from '@krait/rule-tester'
import { describe, expect, it } from 'vitest'
import { failureOf } from './failing.ts'
import { noCall, rulePass } from './sample-rules.ts'

const noPass = rulePass(() => ({}))

new RuleTester().runProject([noCall, noPass], new URL('./projects.md', import.meta.url))
new RuleTester().runProject(definePack({ name: 'style', version: '1.0.0', rules: [noCall] }), `# A page given as text

\`\`\`python
forbidden()  # expect: style/no-call
\`\`\`
`)

function projectOf(markdown: string): MarkdownProject {
  return readMarkdownProjects(markdown)[0]!
}

describe('readMarkdownProjects', () => {
  it('takes each section with files for a project', () => {
    const projects = readMarkdownProjects('# A\n\n## B\n\n```python\n```\n\n```text\nno file\n```\n\n### C\n\n```python a.py\n```\n\n## D\n\n```python\n```\n')
    expect(projects.map(({ name, files }) => [name, files.map((file) => file.path)])).toEqual([
      ['A > B', ['example.py']],
      ['A > B > C', ['a.py']],
      ['A > D', ['example.py']],
    ])
  })

  it('refuses pages that leave something open', () => {
    expect(() => readMarkdownProjects('# A\n')).toThrow('The page holds no file')
    expect(() => readMarkdownProjects('```python\n```\n```python\n```\n')).toThrow(`two code blocks stand for 'example.py'`)
    expect(() => readMarkdownProjects('# A\n```python\n```\n# A\n```python\n```\n')).toThrow(`there are two sections 'A' with files`)
    expect(() => readMarkdownProjects('```json krait.config.json\n{\n```\n')).toThrow('Line 2: this krait.config.json is not valid JSON')
    expect(() => readMarkdownProjects('```json krait.config.json\n{ "rule": {} }\n```\n')).toThrow(`Unknown key 'rule'. Did you mean 'rules'?`)
    expect(() => readMarkdownProjects('```json krait.config.json\n{ "packs": [] }\n```\n')).toThrow(`'packs' has no meaning here`)
  })
})

describe('checkMarkdownProject', () => {
  it('lists what is missing and what is unexpected by file and line', async () => {
    const page = '# A\n\n`app/a.py`:\n\n```python\nx = 1  # expect: no-call\nforbidden()\n```\n\n`b.py`:\n\n```python\nforbidden()  # expect: no-call "other text"\n```\n'
    expect(await failureOf(checkMarkdownProject(noCall, projectOf(page)))).toBe(`The findings are not what the '# expect:' comments say:
  app/a.py:1 (line 6 of the page): x = 1  # expect: no-call
    missing     no-call
  app/a.py:2 (line 7 of the page): forbidden()
    unexpected  local/no-call: \`forbidden()\` is forbidden. Call something else.
  b.py:1 (line 13 of the page): forbidden()  # expect: no-call "other text"
    missing     no-call "other text"
    unexpected  local/no-call: \`forbidden()\` is forbidden. Call something else.`)
  })

  it('wants as many findings as are expected', async () => {
    const page = (code: string) => projectOf(`\`\`\`python\n${code}\n\`\`\`\n`)
    await checkMarkdownProject(noCall, page('forbidden(); forbidden()  # expect: no-call, no-call "forbidden"'))
    expect(await failureOf(checkMarkdownProject(noCall, page('forbidden(); forbidden()  # expect: no-call')))).toContain('unexpected  local/no-call')
    expect(await failureOf(checkMarkdownProject(noCall, page('forbidden()  # expect: no-call, no-call')))).toContain('missing     no-call')
  })

  it('refuses expectations that nobody could meet or read', async () => {
    const failure = (comment: string) => failureOf(checkMarkdownProject(noCall, projectOf(`\`\`\`python\nforbidden()  ${comment}\n\`\`\`\n`)))
    expect(await failure('# expect: no-cal')).toBe(`example.py:1: '# expect: no-cal' names no rule under test. They are: local/no-call.`)
    expect(await failure('# expect:')).toContain('can not be read')
    expect(await failure('# expect: no-call because')).toContain('can not be read')
  })

  it('refuses options that do not fit the schema', async () => {
    const page = '```json krait.config.json\n{ "rules": { "local/no-call": ["error", { "nam": "x" }] } }\n```\n\n```python\nx = 1\n```\n'
    expect(await failureOf(checkMarkdownProject(noCall, projectOf(page)))).toContain(`Unknown option 'nam'. Did you mean 'name'?`)
  })

  it('shows the stack of a rule that throws', async () => {
    const broken = rulePass(() => {
      throw new Error('no such luck')
    })
    expect(await failureOf(checkMarkdownProject(broken, projectOf('```python\npass\n```\n')))).toContain('Error: no such luck')
  })
})
