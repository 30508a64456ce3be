import { lastPart } from '../../shared/dotted-name.ts'
import { evaluateText } from '../../values/evaluate-text.ts'
import { isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { constantIn } from './migration-order.ts'
import type { Migration } from './migration-order.ts'
import { SQL_GAP } from './sql-tokens.ts'

/** More texts that a variable may stand for are not told apart. */
const MAX_TEXTS = 20

/** The SQL text that is executed, with gaps where it is not known; `null` for what is no text, such as `users.update()`. */
export function sqlIn(value: Value, { project, path }: Migration): string | null {
  const statement = withoutTextMethods(value)
  const text = isCallOf(statement, ...TEXT_MAKERS) ? statement.arguments[0] : statement
  if (!text || isStatement(text)) return null
  return textWithGaps(text, (part) => {
    const constant = constantIn(project, path, part)
    if (typeof constant === 'string' || typeof constant === 'number') return String(constant)
    return part.kind === 'call' ? (evaluateText(project, project.value(part, path), new Map()) ?? null) : null
  })
}

/** The same for each of the values that it may be: `a if x else b`, and a variable that is assigned several times. */
export function sqlTextsIn(value: Value, migration: Migration): readonly (string | null)[] {
  return alternativesIn(value).map((alternative) => sqlIn(alternative, migration))
}

function alternativesIn(value: Value): readonly Value[] {
  const found: Value[] = []
  const stack = [value]
  for (let steps = 0; stack.length > 0; steps++) {
    const part = withoutTextMethods(stack.pop()!)
    const inner = isCallOf(part, ...TEXT_MAKERS) && part.arguments[0] ? part.arguments[0] : part
    const called = inner.kind === 'call' ? inner.function : null
    if (steps >= MAX_TEXTS) found.push(part)
    else if (inner.kind === 'conditional') stack.push(inner.else, inner.then)
    else if (called?.kind === 'lambda') stack.push(called.body)
    else if (inner.kind === 'call' && called?.kind === 'conditional') stack.push(...[called.else, called.then].map((made): Value => ({ ...inner, function: made })))
    else found.push(part)
  }
  return found
}

const TEXT_MAKERS: readonly string[] = ['sqlalchemy.text', 'sqlalchemy.DDL', 'sqlalchemy.schema.DDL']

/** `text("...")` of `text("...").bindparams(...)`. */
function withoutTextMethods(value: Value): Value {
  let current = value
  while (current.kind === 'call' && current.function?.kind === 'attribute' && TEXT_METHODS.has(current.function.attribute)) current = current.function.object
  return current
}

const TEXT_METHODS: ReadonlySet<string> = new Set(['bindparams', 'columns', 'execution_options'])

/** A statement of SQLAlchemy's own that leaves tables as they are: `sa.update(users)`, `users.insert().values(...)`. */
function isStatement(value: Value): boolean {
  let current = value
  while (current.kind === 'call') {
    const { callee, function: called } = current
    if (callee !== null) return STATEMENT_METHODS.has(lastPart(callee)) || (/^(sqlalchemy|sqlmodel)\./.test(callee) && !CHANGING.test(callee))
    if (called?.kind !== 'attribute') return false
    if (STATEMENT_METHODS.has(called.attribute)) return true
    current = called.object
  }
  return false
}

/** `CreateTable(users)` */
const CHANGING = /\.(?:Create|Drop)(?:Table|Column)$/
const STATEMENT_METHODS: ReadonlySet<string> = new Set(
  'delete from_select insert join order_by returning select select_from update values where with_only_columns'.split(' '),
)

/** What gives a text of a text. */
const DEDENTING: readonly string[] = ['textwrap.dedent', 'inspect.cleandoc', 'builtins.str']
const TRIMMING: ReadonlySet<string> = new Set(['strip', 'lstrip', 'rstrip'])

function textWithGaps(value: Value, fold: (part: Value) => string | null): string {
  const known = fold(value)
  if (known !== null) return known
  if (value.kind === 'format') return value.parts.map((part) => fold(part) ?? SQL_GAP).join('')
  if (value.kind === 'binary' && value.operator === '+') return textWithGaps(value.left, fold) + textWithGaps(value.right, fold)
  if (value.kind === 'binary' && value.operator === '%') return (fold(value.left) ?? SQL_GAP).replace(/%s|%\(\w+\)s/g, SQL_GAP)
  if (value.kind !== 'call') return SQL_GAP
  if (isCallOf(value, ...DEDENTING) && value.arguments[0]) return textWithGaps(value.arguments[0], fold)
  return textOfMethod(value, fold)
}

/** `"...".format(...)`, `"...".replace(...)`, `"...".strip()` */
function textOfMethod({ function: called, arguments: given }: CallValue, fold: (part: Value) => string | null): string {
  if (called?.kind !== 'attribute') return SQL_GAP
  const text = textWithGaps(called.object, fold)
  if (TRIMMING.has(called.attribute) && given.length === 0) return text.trim()
  if (called.attribute === 'format') return text.replace(/\{[^{}]*\}/g, SQL_GAP)
  const replaced = called.attribute === 'replace' && given[0] ? fold(given[0]) : null
  return replaced ? text.replaceAll(replaced, () => (given[1] ? (fold(given[1]) ?? SQL_GAP) : SQL_GAP)) : SQL_GAP
}
