import fc from 'fast-check'

/** A piece of a generated program. Every name in it is different, so that a trace tells where it has been. */
export type Statement =
  /** `name()`: an event that may raise. */
  | { readonly kind: 'call'; readonly name: string }
  /** `sys.exit()` with an event before it. */
  | { readonly kind: 'leave'; readonly name: string }
  /** `variable = site()` */
  | { readonly kind: 'assign'; readonly variable: string; readonly site: string }
  /** `site(variable)`: an event that may raise. */
  | { readonly kind: 'read'; readonly variable: string; readonly site: string }
  | { readonly kind: 'delete'; readonly variable: string }
  | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
  | { readonly kind: 'while'; readonly test: Test | null; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
  | {
      readonly kind: 'for'
      readonly variable: string
      readonly site: string
      readonly once: boolean
      readonly body: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  | {
      readonly kind: 'try'
      readonly body: readonly Statement[]
      readonly handlers: readonly Handler[]
      readonly otherwise: readonly Statement[]
      readonly cleanup: readonly Statement[] | null
    }
  | { readonly kind: 'with'; readonly site: string; readonly variable: string | null; readonly swallows: boolean; readonly body: readonly Statement[] }
  /** `rest` is a last `case _`. */
  | { readonly kind: 'match'; readonly site: string; readonly cases: readonly Case[]; readonly rest: readonly Statement[] }
  | { readonly kind: 'return'; readonly site: string | null }
  | { readonly kind: 'raise' }
  | { readonly kind: 'assert'; readonly test: Test }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }

export interface Branch {
  readonly test: Test
  readonly body: readonly Statement[]
}

/** A condition. Its leaves are calls, whose events tell what was evaluated. */
export type Test =
  | { readonly kind: 'leaf'; readonly name: string }
  | { readonly kind: 'not'; readonly operand: Test }
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }

export interface Handler {
  /** `some` may match, `all` is a bare `except`. */
  readonly catches: 'some' | 'all'
  readonly alias: string | null
  /** A name for the place where the alias is bound. */
  readonly site: string
  readonly body: readonly Statement[]
}

export interface Case {
  /** The name that the pattern binds, as `case ['site', name]`, or `null` for `case 0`. */
  readonly variable: string | null
  /** A name for the place where the variable is bound. */
  readonly site: string
  readonly guard: Test | null
  readonly body: readonly Statement[]
}

const VARIABLES = ['x', 'y']

/** Programs that use every construct; jumps stand only where Python allows them. */
export function programs(maxDepth: number): fc.Arbitrary<readonly Statement[]> {
  return blocks(maxDepth, false).map((block) => numberSites(block))
}

function blocks(depth: number, inLoop: boolean): fc.Arbitrary<readonly Statement[]> {
  return fc.array(statements(depth, inLoop), { minLength: 1, maxLength: depth > 1 ? 3 : 2 })
}

function statements(depth: number, inLoop: boolean): fc.Arbitrary<Statement> {
  const variable = fc.constantFrom(...VARIABLES)
  const simple: fc.WeightedArbitrary<Statement>[] = [
    { weight: 5, arbitrary: fc.constant({ kind: 'call', name: '' }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('assign' as const), variable, site: fc.constant('') }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), variable, site: fc.constant('') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), variable }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'leave', name: '' }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('return' as const), site: fc.constantFrom('', null) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'raise' }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('assert' as const), test: tests(1) }) },
  ]
  if (inLoop) {
    simple.push({ weight: 2, arbitrary: fc.constant({ kind: 'break' }) }, { weight: 2, arbitrary: fc.constant({ kind: 'continue' }) })
  }
  if (depth === 0) return fc.oneof(...simple)
  const block = blocks(depth - 1, inLoop)
  const rounds = blocks(depth - 1, true)
  const maybeBlock = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: block })
  const compound: fc.WeightedArbitrary<Statement>[] = [
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('if' as const),
        branches: fc.array(fc.record({ test: tests(2), body: block }), { minLength: 1, maxLength: 2 }),
        otherwise: maybeBlock,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('while' as const),
        test: fc.oneof({ weight: 3, arbitrary: tests(1) }, { weight: 1, arbitrary: fc.constant(null) }),
        body: rounds,
        otherwise: maybeBlock,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('for' as const),
        variable,
        site: fc.constant(''),
        once: fc.boolean(),
        body: rounds,
        otherwise: maybeBlock,
      }),
    },
    { weight: 8, arbitrary: tries(depth, inLoop) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('with' as const),
        site: fc.constant(''),
        variable: fc.constantFrom(...VARIABLES, null),
        swallows: fc.boolean(),
        body: block,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('match' as const),
        site: fc.constant(''),
        cases: fc.array(cases(block), { minLength: 1, maxLength: 2 }),
        rest: maybeBlock,
      }),
    },
  ]
  return fc.oneof(...simple, ...compound)
}

function tries(depth: number, inLoop: boolean): fc.Arbitrary<Statement> {
  const block = blocks(depth - 1, inLoop)
  const handler = fc.record({ catches: fc.constant('some' as const), alias: fc.constantFrom('x', null), site: fc.constant(''), body: block })
  const bare = fc.record({ catches: fc.constant('all' as const), alias: fc.constant(null), site: fc.constant(''), body: block })
  return fc
    .record({
      body: block,
      handlers: fc.array(handler, { maxLength: 2 }),
      bare: fc.option(bare, { nil: null, freq: 3 }),
      otherwise: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: block }),
      cleanup: fc.option(block, { nil: null, freq: 2 }),
    })
    .map((parts): Statement => {
      const handlers = parts.bare ? [...parts.handlers, parts.bare] : parts.handlers
      const cleanup = parts.cleanup ?? (handlers.length === 0 ? [{ kind: 'call' as const, name: '' }] : null)
      return { kind: 'try', body: parts.body, handlers, otherwise: handlers.length > 0 ? parts.otherwise : [], cleanup }
    })
}

function cases(body: fc.Arbitrary<readonly Statement[]>): fc.Arbitrary<Case> {
  return fc.record({
    variable: fc.constantFrom(...VARIABLES, null),
    site: fc.constant(''),
    guard: fc.option(tests(1), { nil: null, freq: 3 }),
    body,
  })
}

function tests(depth: number): fc.Arbitrary<Test> {
  const leaf: fc.Arbitrary<Test> = fc.constant({ kind: 'leaf', name: '' })
  if (depth === 0) return leaf
  const inner = tests(depth - 1)
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), operand: inner }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: inner, right: inner }) },
  )
}

/** Gives each place in a program a name of its own. */
function numberSites<Value>(value: Value): Value {
  let count = 0
  const copy = (part: unknown, key: string): unknown => {
    if ((key === 'site' || key === 'name') && part !== null) return `f${count++}`
    if (Array.isArray(part)) return part.map((item) => copy(item, ''))
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, copy(item, name)]))
  }
  return copy(value, '') as Value
}

/** A function with the program as its body. */
export function render(program: readonly Statement[]): string {
  return `def main():\n${renderBlock(program, 1)}\n`
}

function renderBlock(block: readonly Statement[], depth: number): string {
  return block.map((statement) => renderStatement(statement, depth)).join('\n')
}

function renderStatement(statement: Statement, depth: number): string {
  const indent = '    '.repeat(depth)
  const block = (body: readonly Statement[]) => renderBlock(body, depth + 1)
  const otherwise = (body: readonly Statement[]) => (body.length > 0 ? `\n${indent}else:\n${block(body)}` : '')
  switch (statement.kind) {
    case 'call':
      return `${indent}${statement.name}()`
    case 'leave':
      return `${indent}leave(${statement.name}())`
    case 'assign':
      return `${indent}${statement.variable} = ${statement.site}()`
    case 'read':
      return `${indent}${statement.site}(${statement.variable})`
    case 'delete':
      return `${indent}del ${statement.variable}`
    case 'if': {
      const branches = statement.branches.map(({ test, body }, i) => `${indent}${i === 0 ? 'if' : 'elif'} ${renderTest(test)}:\n${block(body)}`)
      return branches.join('\n') + otherwise(statement.otherwise)
    }
    case 'while':
      return `${indent}while ${statement.test ? renderTest(statement.test) : 'True'}:\n${block(statement.body)}${otherwise(statement.otherwise)}`
    case 'for': {
      const over = statement.once ? `[${statement.site}(), *more]` : `${statement.site}()`
      return `${indent}for ${statement.variable} in ${over}:\n${block(statement.body)}${otherwise(statement.otherwise)}`
    }
    case 'try': {
      const handlers = statement.handlers.map(({ catches, alias, site, body }) => {
        const what = catches === 'all' ? '' : ` E_${site}${alias ? ` as ${alias}` : ''}`
        return `\n${indent}except${what}:\n${block(body)}`
      })
      const cleanup = statement.cleanup ? `\n${indent}finally:\n${block(statement.cleanup)}` : ''
      return `${indent}try:\n${block(statement.body)}${handlers.join('')}${otherwise(statement.otherwise)}${cleanup}`
    }
    case 'with': {
      const target = statement.variable ? ` as ${statement.variable}` : ''
      return `${indent}with ${statement.site}(${statement.swallows ? 'suppressing' : ''})${target}:\n${block(statement.body)}`
    }
    case 'match': {
      const clauses = statement.cases.map(({ variable, site, guard, body }) => {
        const condition = guard ? ` if ${renderTest(guard)}` : ''
        return `${indent}    case ${variable ? `['${site}', ${variable}]` : '0'}${condition}:\n${renderBlock(body, depth + 2)}`
      })
      if (statement.rest.length > 0) clauses.push(`${indent}    case _:\n${renderBlock(statement.rest, depth + 2)}`)
      return `${indent}match ${statement.site}():\n${clauses.join('\n')}`
    }
    case 'return':
      return `${indent}return${statement.site === null ? '' : ` ${statement.site}()`}`
    case 'raise':
      return `${indent}raise E`
    case 'assert':
      return `${indent}assert ${renderTest(statement.test)}`
    default:
      return `${indent}${statement.kind}`
  }
}

function renderTest(test: Test): string {
  switch (test.kind) {
    case 'leaf':
      return `${test.name}()`
    case 'not':
      return `not (${renderTest(test.operand)})`
    default:
      return `(${renderTest(test.left)} ${test.kind} ${renderTest(test.right)})`
  }
}
