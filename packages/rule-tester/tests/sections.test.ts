import { describe, expect, it } from 'vitest'
import { readSections } from '../src/markdown/sections.ts'

describe('readSections', () => {
  it('reads headings, prose and code blocks with their places', () => {
    const sections = readSections('intro\n\n# Title #\n\ntext\n\n```python\nx = 1\n\n# no heading\n```\n\nmore\n\n## Two\n')
    expect(sections).toEqual([
      { level: 0, title: '', line: 1, prose: 'intro', fences: [] },
      { level: 1, title: 'Title', line: 3, prose: 'text\n\n\n\nmore', fences: [{ language: 'python', path: null, text: 'x = 1\n\n# no heading\n', line: 8 }] },
      { level: 2, title: 'Two', line: 15, prose: '', fences: [] },
    ])
  })

  it.each([
    ['a line before it', '`app/models.py`:\n\n```python\n```'],
    ['a bold line before it', '**`app/models.py`**\n```python\n```'],
    ['the info string', '```python app/models.py\n```'],
    ['a title', '```Python title="app/models.py"\n```'],
  ])('takes the path of a code block from %s', (_, markdown) => {
    expect(readSections(markdown)[0]!.fences).toEqual([{ language: 'python', path: 'app/models.py', text: '', line: expect.any(Number) as number }])
  })

  it('takes no path from a line that belongs to an earlier block or says more', () => {
    expect(readSections('`a.py`:\n\n```python\n```\n```python\n```\n')[0]!.fences.map((fence) => fence.path)).toEqual(['a.py', null])
    expect(readSections('See `a.py`:\n\n```python\n```\n')[0]!.fences[0]!.path).toBeNull()
  })

  it('knows longer fences, tildes, indentation and CRLF', () => {
    const [section] = readSections('````python\r\n```\r\n````\r\n~~~text\r\n```\r\n~~~\r\n  ```python\r\n  if x:\r\n      y\r\n  ```\r\n')
    expect(section!.fences.map((fence) => fence.text)).toEqual(['```\n', '```\n', 'if x:\n    y\n'])
  })

  it('refuses a code block without end', () => {
    expect(() => readSections('text\n```python\nx = 1\n')).toThrow('The code block in line 2 has no end')
  })
})
