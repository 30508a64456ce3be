import { python } from '@krait/rule-tester'
import { describe, expect, it } from 'vitest'

describe('python', () => {
  it('takes the shared indentation away, with the first and the last line', () => {
    expect(python`
      def f():

          return 1
    `).toBe('def f():\n\n    return 1\n')
  })

  it('does not count lines of white space and keeps the first line if it holds code', () => {
    expect(python`a
        b
  
      c`).toBe('a\n  b\n\nc')
  })

  it('keeps escapes as written', () => {
    expect(python`
      x = '\n' + "\`" + '\${y}'
    `).toBe('x = \'\\n\' + "`" + \'${y}\'\n')
  })

  it('puts values in unchanged', () => {
    const body = 'a\n    b'
    expect(python`
      if x:
        ${body}
      ${1}
    `).toBe('if x:\n  a\n    b\n1\n')
  })

  it('leaves a single line alone', () => {
    expect(python`  x = 1`).toBe('  x = 1')
    expect(python``).toBe('')
  })
})
