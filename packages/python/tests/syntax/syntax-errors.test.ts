import { describeSyntaxError, findSyntaxProblem } from '@krait/python'
import { loadPython } from '@krait/python/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtures } from './fixtures.ts'

const python = await loadPython()

describe('a broken file', () => {
  test.each([
    // text, line, column, quoted text, message
    ['def f(:\n    pass\n', 1, 7, '', "expected ')'"],
    ['foo bar\n', 1, 1, 'foo', "unexpected 'foo'"],
    ['a = 1\nif x = 1: pass\n', 2, 6, '= 1', "unexpected '= 1'"],
    ['x = {1: 2, 3}\n', 1, 12, '3', "unexpected '3'"],
    ['x = (1, [2\ny = 3\n', 1, 9, '[', "'[' is never closed"],
    ['x = 1)\n', 1, 6, ')', "')' was never opened"],
    ['x = (1]\n', 1, 7, ']', "']' does not close '('"],
    ['x = "abc\ny = 2\n', 1, 5, '"', 'the string is never closed'],
    ['return return\n', 1, 8, 'return', "expected a line break before 'return'"],
    ['def f()\n    pass\n', 1, 1, 'def f()', "unexpected 'def f()'"],
    ['class A[T = int\nx = 1\n', 1, 8, '[', "'[' is never closed"],
  ])('%j', (text, line, column, quoted, message) => {
    expect(problemIn(text)).toEqual({ line, column, quoted, message })
  })

  test('names only the start of a long line', () => {
    expect(problemIn(`for a in ${'b'.repeat(100)}\n    pass\n`)?.message).toBe(`unexpected 'for a in ${'b'.repeat(31)}...'`)
  })
})

describe('what only Python 2 knows', () => {
  test.each([
    ['x = 1\nprint "x"\n', 2, 'print "x"', "'print' is a function in Python 3: it needs parentheses"],
    ['print x,\n', 1, 'print x,', "'print' is a function in Python 3: it needs parentheses"],
    ['exec "x"\n', 1, 'exec "x"', "'exec' is a function in Python 3: it needs parentheses"],
    ['raise E, "x"\n', 1, 'E, "x"', "'raise' takes one expression in Python 3"],
    ['a <> b\n', 1, '<>', "'<>' is written '!=' in Python 3"],
    ['x = `a`\n', 1, '`', "backquotes are written 'repr()' in Python 3"],
    ['def f(a, (b, c)): pass\n', 1, '(b, c)', 'Python 3 has no tuple parameters'],
    ['f = lambda (a, b)=c: a\n', 1, '(a, b)', 'Python 3 has no tuple parameters'],
  ])('%j', (text, line, quoted, message) => {
    expect(problemIn(text)).toMatchObject({ line, quoted, message })
  })
})

test.each([['def f():\nx = 1\n'], ['def f():\n    # only a comment\n'], ['class A:\n'], ['if x:\n    pass\nelse:\ny = 1\n'], ['match x:\ny = 1\n']])(
  'a block without a statement: %j',
  (text) => {
    expect(problemIn(text)).toMatchObject({ quoted: ':', message: "expected an indented block after ':'" })
  },
)

describe('indentation', () => {
  test.each([
    ['    x = 1\n', 1],
    ['if x:\n    a\n      b\n', 3],
    ['class A:\n  def f(self):\n    return 1\n   def g(self): pass\n', 4],
    ['def f():\n    a\n\tb\n', 3],
    ['if x:\r\n    a\r\n     # comment\r\n     b\r\n', 4],
  ])('that is uneven is a problem: %j', (text, line) => {
    expect(problemIn(text)).toMatchObject({ line, message: 'the indentation differs from that of the block' })
  })

  test.each([
    ['if x:\n        a\n\tb\n'],
    ['if x: a; b\nelse:\n  c; \\\n      d\n  e\n'],
    ['if x:\r\n    a; \\\r\n  b\r\n    c\r\n'],
    ['x = 1\n\f\ny = 2\n\fz = 3\n'],
    ['if x:\n    a\n  # comment\n        # comment\n    b\n'],
    ['  # comment\nx = """\n  a"""; y\nz = 1\n'],
  ])('that is even for Python is none: %j', (text) => {
    expect(problemIn(text)).toBeNull()
  })
})

test.each(fixtures.filter(([name]) => name !== 'broken.py'))('a valid file has no problem: %s', (_, text) => {
  expect(problemIn(text)).toBeNull()
})

test.each([
  ['print >> file\n'],
  ['print >> file, x\n'],
  ['print (yield)\n'],
  ['print -1\n'],
  ['print\n'],
  ['exec (a) in b\n'],
  ['raise (A, b)\n'],
  ['x = "a`b"\n'],
  ['for (a, b) in c: pass\n'],
  ['raise\n'],
])('valid Python that looks like Python 2: %j', (text) => {
  expect(problemIn(text)).toBeNull()
})

describe('gaps of the grammar', () => {
  test.each([
    ['class A[T = int]: pass\n'],
    ['class A[T: str = int, *Ts = *tuple[int], **P = [int, str]](Base): pass\n'],
    ['class A[T, U = T](Base[T]):\n    x = 1\n'],
    ['class A[\n    T: int = bool,  # comment, with = and ]\n    U: (str, bytes) = str,\n]: pass\n'],
    ['class A[T: "x" = "y]"]: pass\n'],
    ['class A[T = (lambda: 1)]: pass\n'],
    ['def f[T = X[Y[Z]]](a: int = 1) -> T: return a\n'],
    ['async def f[**P = ...](): pass\n'],
    ['type X[T = int, U: str = "x"] = dict[T, U]\n'],
    ['type X[*Ts = *tuple[int]] = tuple[*Ts]\n'],
  ])('defaults of type parameters (PEP 696) are no problem: %j', (text) => {
    expect(python.parse(text).hasErrors).toBe(true)
    expect(problemIn(text)).toBeNull()
  })

  test.each([['class A[T = ]: pass\n'], ['class A[T int]: pass\n'], ['class A[= int]: pass\n'], ['class A[T: = int]: pass\n'], ['def f[T](a = = 1): pass\n']])(
    'but broken type parameters are: %j',
    (text) => {
      expect(problemIn(text)).not.toBeNull()
    },
  )

  test('a problem behind a gap is found', () => {
    expect(problemIn('class A[T = int]: pass\nfoo bar\n')).toMatchObject({ line: 2, quoted: 'foo' })
  })

  test.each([['try: pass\nexcept A, B: pass\n'], ['try: pass\nexcept* A, B: pass\n'], ['x = t"{a}"\n']])('newer Python that the grammar knows: %j', (text) => {
    expect(python.parse(text).hasErrors).toBe(false)
    expect(problemIn(text)).toBeNull()
  })

  test.each([
    ['def f():\n    x = (a +\nb)\n    return x\n'],
    ['def f():\n    from a import (\nb)\n    return b\n'],
    ['if a:\r\n    x = f(b=\r\n1)  # comment (\r\n    y = "(" + (c and\r\nd)\r\n'],
    ['def f():\n    x = (a.\nb)\n    y = """(\n""" + {c:\nd}[e]\n'],
  ])('a line between brackets may be indented less than its block: %j', (text) => {
    const tree = python.parse(text)
    expect(tree.hasErrors).toBe(false)
    expect(tree.text).toBe(text)
    for (const name of tree.node(0).descendants('identifier')) expect(name.text).toMatch(/^\w+$/)
    expect(problemIn(text)).toBeNull()
  })
})

test('an ERROR and a MISSING node are described without their file', () => {
  const [error] = python.parse('x = {1: 2, 3}\n').node(0).descendants('ERROR')
  expect(describeSyntaxError(error!)).toBe("unexpected '3'")
  const missing = [...python.parse('def f(:\n    pass\n').node(0).descendants()].find((node) => node.isMissing)
  expect(describeSyntaxError(missing!)).toBe("expected ')'")
})

test('whatever the parser stumbles over is reported inside the file', () => {
  const piece = fc.constantFrom('(', ')', '"', '\n', '\n  ', ':', '=', 'x ', '1', 'def f', 'class A[T', 'return', ',', '@', 'lambda', '`', "'''", '$')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      const tree = python.parse(text)
      const problem = findSyntaxProblem(tree)
      if (!problem) return
      expect(problem.range[0]).toBeGreaterThanOrEqual(0)
      expect(problem.range[1]).toBeLessThanOrEqual(text.length)
      expect(problem.range[0]).toBeLessThanOrEqual(problem.range[1])
      expect(problem.message).not.toMatch(/[\r\n]/)
    }),
    { numRuns: 300 },
  )
})

function problemIn(text: string) {
  const tree = python.parse(text)
  const problem = findSyntaxProblem(tree)
  if (!problem) return null
  return { ...tree.lineTable.position(problem.range[0]), quoted: text.slice(...problem.range), message: problem.message }
}
