import type { AttributeNode, CallNode, DatabaseContext, IdentifierNode, PythonNode, Value } from '@krait/python'
import { argument, classOfExpression, isSession, lastPart, ormSessionOf, positionalArguments, SQL_GAP, stringParts, withoutParentheses } from '@krait/python'
import { calleeName } from './callee.ts'
import { canonicalName, libraryName } from './library-name.ts'

/** SQL text that is passed to what executes it. */
export interface ExecutedSql {
  /** The call that executes it, or makes a statement of it that returns entities. */
  readonly call: CallNode
  /** The call that takes the string: `text(...)` where it stands in this file, else the call that executes it. */
  readonly taker: CallNode
  /** With `SQL_GAP` for parts that are not known. */
  readonly sql: string
}

/** Text, and the call of `text()` around it. */
interface SqlText {
  readonly sql: string
  readonly isClause: boolean
  readonly clause: CallNode | null
}

const SESSION_METHODS: ReadonlySet<string> = new Set(['exec', 'execute', 'scalar', 'scalars', 'stream', 'stream_scalars'])
const OTHER_METHODS: ReadonlySet<string> = new Set(['exec_driver_sql', 'from_statement', 'read_sql', 'read_sql_query'])
const PANDAS: ReadonlySet<string> = new Set(['pandas.read_sql', 'pandas.read_sql_query', 'pandas.io.sql.read_sql', 'pandas.io.sql.read_sql_query'])
const ENGINES: ReadonlySet<string> = new Set(['sqlalchemy.Engine', 'sqlalchemy.ext.asyncio.AsyncEngine'])

/** Methods of texts and of `text()` that leave the beginning of the statement as it is. */
const PASSING_METHODS: ReadonlySet<string> = new Set('bindparams columns execution_options format lstrip replace rstrip strip'.split(' '))
const PASSING_FUNCTIONS: ReadonlySet<string> = new Set(['builtins.str', 'inspect.cleandoc', 'textwrap.dedent', 'typing.cast'])

/** Texts that are put together from more parts are not read. */
const MAX_DEPTH = 20

/** The text that a call executes; `null` for other calls. */
export function executedSql(context: DatabaseContext, call: CallNode): ExecutedSql | null {
  const name = calleeName(call)
  if (name.kind !== 'identifier') return null
  const isOnSession = SESSION_METHODS.has(name.text)
  if (!isOnSession && !OTHER_METHODS.has(originalName(context, call, name))) return null
  if (isOnSession && call.function.kind !== 'attribute') return null
  const given = argument(call, 'sql', 0) ?? argument(call, 'statement', 0)
  const text = given && sqlTextOf(context, given)
  if (!text || !takes(context, call, text)) return null
  return { call, taker: text.clause ?? call, sql: text.sql }
}

function originalName(context: DatabaseContext, call: CallNode, name: IdentifierNode): string {
  const definition = call.function === name ? context.scopes.bindingOf(name)?.onlyDefinition : null
  return definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : name.text
}

function takes(context: DatabaseContext, call: CallNode, { isClause }: SqlText): boolean {
  const called = call.function
  const method = lastPart(called.text)
  if (method === 'exec_driver_sql') return called.kind === 'attribute'
  if (method === 'from_statement') return isClause && called.kind === 'attribute'
  if (called.kind !== 'attribute' || !SESSION_METHODS.has(method)) return context.resolvesTo(called, PANDAS)
  if (isClause) return true
  const className = classOfExpression(context, called.object)
  return (className !== null && ENGINES.has(className)) || isSession(context, called.object) || ormSessionOf(context, called.object) !== null
}

/** The text that an expression is, or is made of; `null` for all else. */
export function sqlTextOf(context: DatabaseContext, expression: PythonNode, depth = 0): SqlText | null {
  if (depth > MAX_DEPTH) return null
  const node = withoutParentheses(expression)
  const inner = (part: PythonNode): SqlText | null => sqlTextOf(context, part, depth + 1)
  switch (node.kind) {
    case 'string':
    case 'concatenated_string':
      return plain(stringParts(node))
    case 'named_expression':
      return inner(node.value)
    case 'conditional_expression':
      return node.namedChildren[0] ? inner(node.namedChildren[0]) : null
    case 'binary_operator': {
      const left = inner(node.left)
      if (!left || left.isClause || (node.operator.kind !== '+' && node.operator.kind !== '%')) return null
      const right = node.operator.kind === '+' ? (inner(node.right)?.sql ?? SQL_GAP) : ''
      return { ...left, sql: left.sql + right }
    }
    case 'call':
      return ofCall(context, node, depth)
    case 'identifier':
    case 'attribute':
      return ofName(context, node, depth)
    default:
      return null
  }
}

function ofCall(context: DatabaseContext, call: CallNode, depth: number): SqlText | null {
  const { function: called } = call
  const name = libraryName(context, called)
  const [first] = positionalArguments(call)
  if (name === 'sqlalchemy.text') {
    const given = first ?? argument(call, 'text')
    const text = given && sqlTextOf(context, given, depth + 1)
    return text && { sql: text.sql, isClause: true, clause: call }
  }
  if (name !== null && PASSING_FUNCTIONS.has(name)) {
    const given = name === 'typing.cast' ? positionalArguments(call)[1] : first
    return given ? sqlTextOf(context, given, depth + 1) : null
  }
  return called.kind === 'attribute' && PASSING_METHODS.has(called.attribute.text) ? sqlTextOf(context, called.object, depth + 1) : null
}

function ofName(context: DatabaseContext, node: PythonNode, depth: number): SqlText | null {
  const binding = node.kind === 'identifier' ? context.scopes.bindingOf(node) : null
  const isVariable = binding?.definitions.every(({ kind }) => kind === 'assignment' || kind === 'augmented' || kind === 'annotation' || kind === 'walrus')
  if (node.kind === 'attribute') return ofMember(context, node, depth) ?? ofValue(context, context.values.of(node), depth)
  if (!binding || !isVariable || node.kind !== 'identifier') return ofValue(context, context.values.of(node), depth)
  const { onlyDefinition } = binding
  if (onlyDefinition?.value) return sqlTextOf(context, onlyDefinition.value, depth + 1)
  // What is added to a text does not change how it begins.
  const begun = binding.definitions.filter(({ kind, value }) => value !== null && kind !== 'augmented')
  const isOnlyAddedTo = begun.length === 1 && binding.definitions.length > 1
  const values = isOnlyAddedTo ? begun : context.flow(node).definitionsOf(node).definitions
  const texts = values.map(({ value }) => (value && !value.contains(node) ? sqlTextOf(context, value, depth + 1) : null))
  const [text] = texts
  if (!text || texts.includes(null)) return null
  return isOnlyAddedTo ? { ...text, sql: `${text.sql} ${SQL_GAP}` } : text
}

/** `self.QUERY` of a class that says what it is. */
function ofMember(context: DatabaseContext, { object, attribute }: AttributeNode, depth: number): SqlText | null {
  const owner = context.instanceClassOf(object) ?? context.resolve(object)
  const member = owner === null ? null : context.project.member(owner, attribute.text)
  if (member?.fact.kind !== 'variable' || !member.fact.value) return null
  return ofValue(context, context.project.value(member.fact.value, member.path), depth + 1)
}

/** A constant of a class or of another module. */
function ofValue(context: DatabaseContext, value: Value, depth: number): SqlText | null {
  if (depth > MAX_DEPTH) return null
  const inner = (part: Value): SqlText | null => ofValue(context, part, depth + 1)
  switch (value.kind) {
    case 'literal':
      return value.type === 'string' ? plain([String(value.value)]) : null
    case 'format':
      return plain(value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : null)))
    case 'name': {
      const followed = context.values.follow(value)
      return followed === value ? null : inner(followed)
    }
    case 'binary': {
      const left = value.operator === '+' || value.operator === '%' ? inner(value.left) : null
      const right = value.operator === '+' ? (inner(value.right)?.sql ?? SQL_GAP) : ''
      return left && { ...left, sql: left.sql + right }
    }
    case 'call': {
      const name = value.callee === null ? null : canonicalName(context.project, value.callee)
      const [first] = value.arguments
      if (name === 'sqlalchemy.text') {
        const text = first ? inner(first) : null
        return text && { sql: text.sql, isClause: true, clause: null }
      }
      if (name !== null) return first && PASSING_FUNCTIONS.has(name) ? inner(first) : null
      return value.function?.kind === 'attribute' && PASSING_METHODS.has(value.function.attribute) ? inner(value.function.object) : null
    }
    default:
      return null
  }
}

function plain(parts: readonly (string | null)[] | null): SqlText | null {
  return parts && { sql: parts.map((part) => part ?? SQL_GAP).join(''), isClause: false, clause: null }
}
