import type { FixFunction } from '@krait/core'
import type { Definition, FunctionDefinitionNode, IdentifierNode, Model, ModelRelationship, PythonNode, PythonRuleContext } from '@krait/python'
import { addArgument, classOfExpression, defineRule, enclosingDefinition, excerpt, lastPart, nameFromModule, ownCode, withoutParentheses } from '@krait/python'
import { HeldNames } from '../shared/held-names.ts'
import { addLoader, firstUnloaded, isAssigned, isLoaded, isTarget, lineOfStatement, loaderFor, mentionsLoader } from '../shared/lazy-loads.ts'
import { flushesOf, isExpectedToRaise, isRefreshed, looksAtState } from '../shared/loaded-by-hand.ts'
import { assignedDefinition, constructedModel, loadedColumn, loadedObject, loadedObjects } from '../shared/loaded-objects.ts'
import type { Loaded } from '../shared/loaded-objects.ts'
import { methodOf } from '../shared/loops.ts'
import { attributesRead, givenTo } from '../shared/parameter-reads.ts'
import { findField, responseSchema, validatedBy } from '../shared/response-schemas.ts'

type MessageId = 'lazy' | 'through' | 'add'
type Context = PythonRuleContext<MessageId, readonly []>

/** Values of `lazy=` with which reading the relationship needs no query of its own. */
const LOADED: ReadonlySet<string> = new Set('joined selectin subquery immediate dynamic write_only noload False'.split(' '))
const RAISING: ReadonlySet<string> = new Set(['raise', 'raise_on_sql'])

export const noLazyLoadInAsync = defineRule({
  name: 'no-lazy-load-in-async',
  meta: {
    type: 'problem',
    docs: { description: 'Disallow reads of relationships that an async session has not loaded', preset: 'recommended', severity: 'error', since: '0.1.0' },
    messages: {
      lazy: '`{{read}}` is not loaded and {{why}}: the access raises `{{error}}`. Add `{{remedy}}` in line {{line}}.',
      through: '`{{function}}` reads `{{read}}`, which is not loaded here, and {{why}}: the access raises `{{error}}`. Add `{{remedy}}` in line {{line}}.',
      add: 'Load `{{relationship}}` with the object',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const members = new HeldNames(context.project)
    return {
      assignment(node) {
        if (node.right) checkAssigned(context, node.left, node.right as PythonNode, members)
      },
      named_expression(node) {
        checkAssigned(context, node.name, node.value, members)
      },
      for_statement(node) {
        checkTargets(context, node.left, node.right, members)
      },
      for_in_clause(node) {
        const iterable = node.namedChildren.find(({ fieldName }) => fieldName === 'right')
        if (iterable) checkTargets(context, node.left, iterable, members)
      },
      return_statement(node) {
        const [value] = node.namedChildren
        const home = value && mayReturnObjects(value) ? homeOf(node) : null
        const schema = home && isDecorated(home) ? responseSchema(context, home) : null
        const loaded = schema && value ? returnedObjects(context, value) : null
        if (!loaded || !schema || !home || looksAtState(home.body)) return
        const isThereByHand = (name: string): boolean => isRefreshed(home.body, null, name) || isAssigned(home.body, name) || mentionsLoader(home.body, name)
        const path = findField(context.project, schema, (field) => fieldTest(context, home, loaded, isThereByHand, field))
        if (path !== null) report(context, { node, loaded, path, read: `${lastPart(loaded.model.name)}.${path}`, through: lastPart(schema.name) })
      },
    }
  },
})

/** A name stands for several objects here: what is one object is looked at where it is read. */
function mayReturnObjects(value: PythonNode): boolean {
  return mayHoldObject(value) || value.kind === 'identifier' || value.kind === 'list_comprehension'
}

/** The objects that a function returns: itself, as a list in a name, or as a list of some of them. */
function returnedObjects(context: Context, value: PythonNode): Loaded | null {
  if (value.kind === 'identifier') return loadedObjects(context, value)
  if (value.kind !== 'list_comprehension') return loadedObject(context, value) ?? loadedObjects(context, value)
  const clauses = value.namedChildren.filter(({ kind }) => kind === 'for_in_clause')
  const [clause] = clauses
  if (clauses.length !== 1 || clause?.kind !== 'for_in_clause' || clause.left.kind !== 'identifier' || clause.left.text !== value.body.text) return null
  const iterable = clause.namedChildren.find(({ fieldName }) => fieldName === 'right')
  return iterable ? loadedObjects(context, iterable) : null
}

function checkAssigned(context: Context, target: PythonNode, value: PythonNode, members: HeldNames): void {
  const definition = mayHoldObject(value) ? assignedDefinition(context, target) : null
  const home = definition && homeOf(target)
  if (!definition || !home || !isReadLater(context, definition, givesRow(value), members)) return
  const loaded = loadedObject(context, value)
  if (loaded) checkName(context, { definition, home, loaded, given: new Set(), flushes: null })
  else checkConstructed(context, definition, home)
}

function homeOf(node: PythonNode): FunctionDefinitionNode | null {
  const home = enclosingDefinition(node)
  return home?.kind === 'function_definition' ? home : null
}

function isDecorated({ parent }: FunctionDefinitionNode): boolean {
  return parent?.kind === 'decorated_definition'
}

/** A call, awaited or not, or an element of what one gives. */
function mayHoldObject(expression: PythonNode): boolean {
  const node = withoutParentheses(expression)
  return node.kind === 'call' || node.kind === 'subscript' || (node.kind === 'await' && withoutParentheses(node.namedChildren[0]!).kind === 'call')
}

const ROW_METHODS: ReadonlySet<string> = new Set('get get_one first one one_or_none scalar scalar_one scalar_one_or_none'.split(' '))

/** A call that gives a row by its name, or the construction of an object. */
function givesRow(expression: PythonNode): boolean {
  let node = withoutParentheses(expression)
  if (node.kind === 'await') node = withoutParentheses(node.namedChildren[0]!)
  const name = node.kind === 'call' ? methodOf(node)?.text : undefined
  return name !== undefined && (ROW_METHODS.has(name) || /^[A-Z]/.test(name))
}

/**
 * Whether something is done with the object that could read a relationship. Most calls give something else, so names come before types.
 * @param isRow it is known to be a row, so that functions that get it are of interest
 */
function isReadLater(context: Context, definition: Definition, isRow: boolean, members: HeldNames): boolean {
  const binding = context.scopes.bindingOf(definition.name)
  return (
    binding?.references.some(({ parent }) => {
      if (parent?.kind === 'attribute') return members.mayRead(parent.attribute.text)
      return isRow && (parent?.kind === 'argument_list' || parent?.kind === 'keyword_argument' || parent?.kind === 'return_statement')
    }) ?? false
  )
}

interface NamedObject {
  readonly definition: Definition
  readonly home: FunctionDefinitionNode
  readonly loaded: Loaded
  /** Relationships that were given to the constructor. */
  readonly given: ReadonlySet<string>
  /** For a constructed object: where it becomes a row. */
  readonly flushes: readonly PythonNode[] | null
}

function checkConstructed(context: Context, definition: Definition, home: FunctionDefinitionNode): void {
  const constructed = constructedModel(context, definition)
  const flushes = constructed ? flushesOf(context, home.body, definition.name.text) : []
  if (!constructed || flushes.length === 0) return
  const loaded: Loaded = { model: constructed.model, session: 'async', options: [[]], rows: null, get: null }
  checkName(context, { definition, home, loaded, given: constructed.given, flushes })
}

function checkTargets(context: Context, target: PythonNode, iterable: PythonNode, members: HeldNames): void {
  if (target.kind === 'identifier') checkLoop(context, target, iterable, members, null)
  if (target.kind !== 'pattern_list' && target.kind !== 'tuple_pattern') return
  const paired = iterable.kind === 'call' && iterable.function.kind === 'identifier' ? iterable.function.text : ''
  const [, numbered] = target.namedChildren
  const inner = paired === 'enumerate' && iterable.kind === 'call' ? iterable.arguments.namedChildren[0] : undefined
  if (inner && numbered?.kind === 'identifier') checkLoop(context, numbered, inner, members, null)
  if (paired === 'enumerate' || paired === 'zip') return
  for (const [column, part] of target.namedChildren.entries()) if (part.kind === 'identifier') checkLoop(context, part, iterable, members, column)
}

function checkLoop(context: Context, target: IdentifierNode, iterable: PythonNode, members: HeldNames, column: number | null): void {
  const home = homeOf(target)
  const definition = context.scopes.bindingOf(target)?.definitions.find(({ name }) => name === target)
  if (!home || !definition || !isReadLater(context, definition, true, members)) return
  const loaded = column === null ? loadedObjects(context, iterable) : loadedColumn(context, iterable, column)
  if (loaded) checkName(context, { definition, home, loaded, given: new Set(), flushes: null })
}

function checkName(context: Context, object: NamedObject): void {
  const { definition, home, loaded, flushes } = object
  const binding = context.scopes.bindingOf(definition.name)
  if (!binding || looksAtState(home.body)) return
  const flow = context.flow(home)
  const reported = new Set<string>()
  for (const reference of binding.references) {
    if (enclosingDefinition(reference) !== home) continue
    const { definitions } = flow.definitionsOf(reference)
    if (definitions.length !== 1 || definitions[0] !== definition) continue
    if (flushes && !flushes.some((flush) => flow.canReach(flush, reference))) continue
    const found = unloadedRead(context, object, reference)
    if (!found || reported.has(found.path) || isExpectedToRaise(context, reference)) continue
    reported.add(found.path)
    report(context, { ...found, loaded })
  }
}

interface UnloadedRead {
  readonly node: PythonNode
  readonly path: string
  readonly read: string
  /** What reads it, if that is not the code at hand. */
  readonly through: string | null
}

/** What a use of the object reads that is not there. */
function unloadedRead(context: Context, object: NamedObject, reference: IdentifierNode): UnloadedRead | null {
  const { home, loaded } = object
  const isThereByHand = (name: string): boolean =>
    object.given.has(name) || isRefreshed(home.body, reference, name) || isAssigned(home.body, name) || mentionsLoader(home.body, name)
  const { parent } = reference
  if (parent?.kind === 'attribute' && parent.object === reference) {
    if (isTarget(parent)) return null
    const direct = firstUnloaded(context.project, loaded.model, parent, (relationship, path) => isThere(context, home, loaded, relationship, path, isThereByHand))
    if (direct) return { node: direct.node.attribute, path: direct.path, read: excerpt(direct.node), through: null }
    return throughMember(context, home, loaded, parent.attribute, reference, isThereByHand)
  }
  if (parent?.kind === 'return_statement') {
    const schema = isDecorated(home) ? responseSchema(context, home) : null
    const path = schema && findField(context.project, schema, (field) => fieldTest(context, home, loaded, isThereByHand, field))
    return path ? { node: parent, path, read: `${reference.text}.${path}`, through: lastPart(schema.name) } : null
  }
  const holder = parent?.kind === 'keyword_argument' ? parent.parent : parent
  const call = holder?.kind === 'argument_list' ? holder.parent : null
  if (call?.kind !== 'call') return null
  const validated = validatedBy(context, call)
  if (validated) {
    const path = findField(context.project, validated.schema, (field) => fieldTest(context, home, loaded, isThereByHand, field))
    return path === null ? null : { node: call, path, read: `${reference.text}.${path}`, through: lastPart(validated.schema.name) }
  }
  const given = givenTo(context, call, reference)
  const reads = given && attributesRead(context.project, given, loaded.model.name)
  const name = reads && firstOf(context, home, loaded, reads, isThereByHand)
  return name ? { node: methodOf(call) ?? call, path: name, read: `${reference.text}.${name}`, through: methodOf(call)?.text ?? '' } : null
}

/** `x.to_data()` and `x.total`, whose body reads a relationship of `self`. */
function throughMember(context: Context, home: FunctionDefinitionNode, loaded: Loaded, attribute: IdentifierNode, reference: IdentifierNode, isThereByHand: (name: string) => boolean): UnloadedRead | null {
  const member = context.project.member(loaded.model.name, attribute.text)
  if (member?.fact.kind !== 'function') return null
  const parameter = member.fact.parameters[0]?.name ?? 'self'
  const reads = attributesRead(context.project, { function: `${member.owner}.${attribute.text}`, parameter }, loaded.model.name)
  const name = reads && firstOf(context, home, loaded, reads, isThereByHand)
  return name ? { node: attribute, path: name, read: `${reference.text}.${name}`, through: attribute.text } : null
}

function firstOf(context: Context, home: FunctionDefinitionNode, loaded: Loaded, reads: ReadonlySet<string>, isThereByHand: (name: string) => boolean): string | null {
  for (const relationship of loaded.model.relationships) {
    const { attribute } = relationship
    if (reads.has(attribute) && !isThere(context, home, loaded, relationship, attribute, isThereByHand)) return attribute
  }
  return null
}

function fieldTest(context: Context, home: FunctionDefinitionNode, loaded: Loaded, isThereByHand: (name: string) => boolean, path: string): 'found' | 'inside' | 'nothing' {
  let owner: Model | null = loaded.model
  let relationship: ModelRelationship | undefined
  for (const name of path.split('.')) {
    relationship = owner?.relationships.find(({ attribute }) => attribute === name)
    if (!relationship) return 'nothing'
    owner = relationship.target === null ? null : context.project.model(relationship.target)
  }
  return relationship && isThere(context, home, loaded, relationship, path, isThereByHand) ? 'inside' : 'found'
}

function isThere(context: Context, home: FunctionDefinitionNode, { session, options, rows }: Loaded, relationship: ModelRelationship, path: string, isThereByHand: (name: string) => boolean): boolean {
  const { lazy, attribute, target, direction } = relationship
  if (lazy !== null && LOADED.has(lazy)) return true
  // A function whose parameter says whether to load it is asked by who needs it.
  const isOfAnyPath = rows !== null && rows.function !== null && options.some((ofPath) => isLoaded(ofPath, path))
  if (isOfAnyPath || options.every((ofPath) => isLoaded(ofPath, path)) || isThereByHand(attribute) || rows?.assigned.has(attribute)) return true
  // An object that the session knows is found by its key.
  if (direction === 'many-to-one' && target !== null && rows?.beside.has(target) && lazy !== 'raise') return true
  if (lazy === 'raise_on_sql' && direction === 'many-to-one' && session !== 'async') return target === null || holdsInstanceOf(context, home, target)
  if (lazy !== null && RAISING.has(lazy)) return false
  return session !== 'async' || (target !== null && context.project.model(target) === null)
}

/** Whether a function has to do with objects of a model, which its session then knows. */
function holdsInstanceOf(context: Context, home: FunctionDefinitionNode, model: string): boolean {
  for (const node of ownCode(home)) {
    if (node.kind !== 'identifier') continue
    if (context.resolve(node) === model || classOfExpression(context, node) === model) return true
  }
  return false
}

function report(context: Context, { node, loaded, path, read, through }: UnloadedRead & { readonly loaded: Loaded }): void {
  const parts = path.split('.')
  let owner: Model | null = loaded.model
  for (const name of parts.slice(0, -1)) {
    const target: string | null | undefined = owner?.relationships.find(({ attribute }) => attribute === name)?.target
    owner = target ? context.project.model(target) : null
  }
  const relationship = owner?.relationships.find(({ attribute }) => attribute === parts.at(-1))
  if (!owner || !relationship) return
  const isRaising = relationship.lazy !== null && RAISING.has(relationship.lazy)
  const label = `${lastPart(owner.name)}.${relationship.attribute}`
  const loader = `${loaderFor(relationship)}(${label})`
  const { rows, get } = loaded
  const line = rows ? lineOfStatement(context, rows) : null
  const own = get ?? node
  const data = {
    read,
    function: through ?? '',
    why: isRaising ? `declared \`lazy="${relationship.lazy!}"\`` : 'this is an `AsyncSession`',
    error: isRaising ? 'InvalidRequestError' : 'MissingGreenlet',
    remedy: rows ? `.options(${loader})` : get ? `options=[${loader}]` : `await session.refresh(…, ["${relationship.attribute}"])`,
    line: String(line ?? context.sourceCode.locationOf(own.range).start.line),
    relationship: label,
  }
  const fix = rows ? addLoader(context, rows, { relationship, owner, path, node: node as never }) : get ? addOption(context, loaded, relationship) : null
  context.report({ node, messageId: through === null ? 'lazy' : 'through', data, suggest: [fix && { messageId: 'add', data, fix }] })
}

/** `session.get(Order, id, options=[selectinload(Order.lines)])`. */
function addOption(context: Context, { get }: Loaded, relationship: ModelRelationship): FixFunction | null {
  const model = get?.arguments.namedChildren[0]
  if (!get || !model || get.arguments.namedChildren.some((child) => child.kind === 'keyword_argument' && child.name.text === 'options')) return null
  const loader = nameFromModule(context, get, 'sqlalchemy.orm', loaderFor(relationship))
  const add = loader && addArgument(get, `options=[${loader.text}(${model.text}.${relationship.attribute})]`)
  if (!loader || !add) return null
  return (fixer) => {
    const added = add(fixer)
    const edits = Array.isArray(added) ? added : [added]
    return loader.addImport ? [loader.addImport(fixer), ...edits] : edits
  }
}
