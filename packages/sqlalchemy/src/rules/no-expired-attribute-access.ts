import type { Binding, CallNode, FunctionDefinitionNode, IdentifierNode, Model, PythonNode, PythonRuleContext, Value } from '@krait/python'
import {
  asyncSessionsIndex,
  classOfExpression,
  defineRule,
  enclosingDefinition,
  excerpt,
  isModelClass,
  keywordArguments,
  mayCallAny,
  ormSessionOf,
  ownCode,
  positionalArguments,
  sessionFactoryFact,
  withoutParentheses,
} from '@krait/python'
import { isTarget } from '../shared/lazy-loads.ts'
import { methodOf } from '../shared/loops.ts'
import { attributesRead, givenTo } from '../shared/parameter-reads.ts'
import { findField, responseSchema, validatedBy } from '../shared/response-schemas.ts'

type MessageId = 'committed' | 'rolledBack' | 'refresh'
type Context = PythonRuleContext<MessageId, readonly []>

/** Calls on the session after which its objects may be fresh again. */
const READING: ReadonlySet<string> = new Set('execute scalars scalar stream stream_scalars exec get get_one refresh merge'.split(' '))
/** Calls that make an object one of the session's. */
const TAKING: ReadonlySet<string> = new Set(['add', 'add_all', 'refresh', 'merge'])

const ENDS: ReadonlySet<string> = new Set(['commit', 'rollback'])

export const noExpiredAttributeAccess = defineRule({
  name: 'no-expired-attribute-access',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow reads of objects that a commit or rollback of an async session has expired', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      committed:
        '`{{read}}` is read after `await {{session}}.commit()`, which expired `{{object}}`; on an `AsyncSession` this raises `MissingGreenlet`. Refresh it, or set `expire_on_commit=False`.',
      rolledBack:
        '`{{read}}` is read after `await {{session}}.rollback()`, which expired `{{object}}`; on an `AsyncSession` this raises `MissingGreenlet`. Refresh it, or copy the value before.',
      refresh: 'Refresh `{{object}}` after the {{end}}',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, ENDS)) return {}
    const checked = new Set<FunctionDefinitionNode>()
    return {
      call(node) {
        const called = node.function
        if (called.kind !== 'attribute' || (called.attribute.text !== 'commit' && called.attribute.text !== 'rollback') || node.parent?.kind !== 'await') return
        const home = enclosingDefinition(node)
        if (home?.kind !== 'function_definition' || checked.has(home)) return
        checked.add(home)
        checkFunction(context, home)
      },
    }
  },
})

/** A commit or rollback of a session whose objects expire. */
interface End {
  readonly call: CallNode
  readonly session: string
  readonly kind: 'commit' | 'rollback'
}

function checkFunction(context: Context, home: FunctionDefinitionNode): void {
  const calls: CallNode[] = []
  for (const call of ownCode(home.body, 'call')) if (call.function.kind === 'attribute') calls.push(call)
  const ends = calls.flatMap((call) => endOf(context, call) ?? [])
  if (ends.length === 0) return
  for (const binding of context.scopes.scopeMadeBy(home)?.bindings.values() ?? []) {
    const reads = binding.references.filter((reference) => reference.end > ends[0]!.call.end && enclosingDefinition(reference) === home && mayRead(reference))
    if (reads.length > 0) checkObject(context, { home, binding, reads, ends, calls })
  }
}

function endOf(context: Context, call: CallNode): End | null {
  const { function: called } = call
  if (called.kind !== 'attribute' || call.parent?.kind !== 'await') return null
  const { text } = called.attribute
  if (text !== 'commit' && text !== 'rollback') return null
  const session = ormSessionOf(context, called.object)
  if (session?.kind !== 'async' || session.isConnection || session.isRegistry || !expires(context, called.object)) return null
  return { call, session: called.object.text, kind: text }
}

/** Whether a session is made here by a factory that expires, or comes from elsewhere in a project of which all do. */
function expires(context: Context, session: PythonNode): boolean {
  const node = withoutParentheses(session)
  const definition = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition : null
  const made = definition?.kind === 'with' ? (definition.node.namedChildren[0] ?? null) : (definition?.value ?? null)
  if (made?.kind === 'call') {
    const own = flagOf(context, made)
    if (own !== null) return own
  }
  return context.project.ask(asyncSessionsIndex, 'all')
}

/** What the call that makes a session says; `null` where it is not one of a session class or of a factory. */
function flagOf(context: Context, made: CallNode): boolean | null {
  const type = context.typeOf(withoutParentheses(made.function))
  if (type.kind === 'class') return isExpiring(keywordArguments(made).get('expire_on_commit')?.kind, made.arguments.text.includes('**'))
  if (type.kind !== 'instance' || !type.class.endsWith('sessionmaker')) return null
  const own = keywordArguments(made).get('expire_on_commit')
  if (own) return own.kind === 'true'
  const name = context.resolve(made.function)
  const value: Value | null = name === null ? context.values.of(made.function) : context.project.valueOf(name)
  // What a function of the project makes may be anything: all factories tell.
  if (value?.kind !== 'call' || value.callee === null || !FACTORIES.has(value.callee)) return null
  const given = value.keywords['expire_on_commit']
  if (given) return given.kind === 'literal' && given.value === true
  const path = context.project.definition(name ?? '')?.path ?? context.path
  return value.open !== true && !context.project.fact(sessionFactoryFact, path)?.includes('keeps')
}

const FACTORIES: ReadonlySet<string> = new Set(['sqlalchemy.orm.sessionmaker', 'sqlalchemy.ext.asyncio.async_sessionmaker'])

function isExpiring(kind: string | undefined, isOpen: boolean): boolean {
  return kind === undefined ? !isOpen : kind === 'true'
}

interface ReadObject {
  readonly home: FunctionDefinitionNode
  readonly binding: Binding
  readonly reads: readonly IdentifierNode[]
  readonly ends: readonly End[]
  readonly calls: readonly CallNode[]
}

/** Whether a reference can lead to a read of an attribute. */
function mayRead({ parent }: IdentifierNode): boolean {
  return parent?.kind === 'attribute' || parent?.kind === 'argument_list' || parent?.kind === 'keyword_argument' || parent?.kind === 'return_statement'
}

function checkObject(context: Context, { home, binding, reads, ends, calls }: ReadObject): void {
  const className = classOfExpression(context, reads[0]!)
  const model = className !== null && isModelClass(context.project, className) ? context.project.model(className) : null
  if (!model || calls.some((call) => methodOf(call)?.text === 'expunge' || methodOf(call)?.text === 'expunge_all')) return
  const flow = context.flow(home)
  const own = ends
    .filter(({ session }) => belongsTo(context, binding, session, calls))
    .map((end) => ({ end, stops: [...refreshing(calls, end.session), ...binding.definitions.map(({ name }) => name)] }))
  for (const reference of own.length > 0 ? reads : []) {
    const read = readOf(context, model, home, reference)
    const reaching = read ? own.filter(({ end, stops }) => flow.canReach(end.call, reference, { avoiding: stops })) : []
    if (!read || reaching.length === 0) continue
    // In a handler, that is the rollback, not the commit that failed.
    const { end } = reaching.findLast((candidate) => candidate.end.call.start < reference.start) ?? reaching[0]!
    report(context, end, binding.name, read)
    return
  }
}

/** Whether an object was loaded from, added to or refreshed in a session, as the code shows it. */
function belongsTo(context: Context, binding: Binding, session: string, calls: readonly CallNode[]): boolean {
  const isTaken = calls.some((call) => {
    const called = call.function
    if (called.kind !== 'attribute' || called.object.text !== session || !TAKING.has(called.attribute.text)) return false
    return positionalArguments(call).some((given) => given.text === binding.name || (given.kind === 'list' && given.namedChildren.some(({ text }) => text === binding.name)))
  })
  if (isTaken) return true
  return binding.definitions.some(({ value, node }) => {
    const source = value ?? (node.kind === 'for_statement' ? node.right : null)
    return source !== null && mentions(context, source, session)
  })
}

function mentions(context: Context, source: PythonNode, session: string): boolean {
  for (const node of ownCode(source)) {
    if ((node.kind === 'identifier' || node.kind === 'attribute') && node.text === session) return true
    const value = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition?.value : null
    if (!value || value === source) continue
    for (const inner of ownCode(value)) if ((inner.kind === 'identifier' || inner.kind === 'attribute') && inner.text === session) return true
  }
  return false
}

function refreshing(calls: readonly CallNode[], session: string): readonly CallNode[] {
  return calls.filter(({ function: called }) => called.kind === 'attribute' && called.object.text === session && READING.has(called.attribute.text))
}

interface AttributeRead {
  readonly node: PythonNode
  readonly label: string
}

/** How a use of the object reads one of its mapped attributes. */
function readOf(context: Context, model: Model, home: FunctionDefinitionNode, reference: IdentifierNode): AttributeRead | null {
  const { parent } = reference
  if (parent?.kind === 'attribute') {
    if (parent.object !== reference || isTarget(parent)) return null
    const name = parent.attribute.text
    if (isMapped(model, name)) return { node: parent.attribute, label: excerpt(parent) }
    const member = context.project.member(model.name, name)
    if (member?.fact.kind !== 'function') return null
    const reads = attributesRead(context.project, { function: `${member.owner}.${name}`, parameter: member.fact.parameters[0]?.name ?? 'self' }, model.name)
    return throughReads(model, reads, reference, parent.attribute)
  }
  if (parent?.kind === 'return_statement') {
    const schema = home.parent?.kind === 'decorated_definition' ? responseSchema(context, home) : null
    const field = schema && findField(context.project, schema, (path) => (isMapped(model, path) ? 'found' : 'nothing'))
    return field ? { node: parent, label: `${reference.text}.${field}` } : null
  }
  const holder = parent?.kind === 'keyword_argument' ? parent.parent : parent
  const call = holder?.kind === 'argument_list' ? holder.parent : null
  if (call?.kind !== 'call') return null
  const name = methodOf(call)
  const validated = validatedBy(context, call)
  if (validated) {
    const field = findField(context.project, validated.schema, (path) => (isMapped(model, path) ? 'found' : 'nothing'))
    return field === null || !name ? null : { node: name, label: `${reference.text}.${field}` }
  }
  const given = givenTo(context, call, reference)
  return name && given ? throughReads(model, attributesRead(context.project, given, model.name), reference, name) : null
}

function throughReads(model: Model, reads: ReadonlySet<string> | null, reference: IdentifierNode, node: PythonNode): AttributeRead | null {
  for (const name of reads ?? []) if (isMapped(model, name)) return { node, label: `${reference.text}.${name}` }
  return null
}

function isMapped({ columns, relationships }: Model, name: string): boolean {
  return columns.some(({ attribute }) => attribute === name) || relationships.some(({ attribute }) => attribute === name)
}

function report(context: Context, { call, session, kind }: End, object: string, { node, label }: AttributeRead): void {
  const statement = call.closest('expression_statement')
  const indentation = statement ? context.sourceCode.text.slice(context.sourceCode.text.lastIndexOf('\n', statement.start) + 1, statement.start) : 'x'
  context.report({
    node,
    messageId: kind === 'commit' ? 'committed' : 'rolledBack',
    data: { read: label, session, object },
    suggest: [
      statement !== null &&
        kind === 'commit' &&
        /^\s*$/.test(indentation) && {
          messageId: 'refresh',
          data: { object, end: kind },
          fix: (fixer) => fixer.insertTextAfter(statement, `\n${indentation}await ${session}.refresh(${object})`),
        },
    ],
  })
}
