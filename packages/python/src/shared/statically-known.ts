import type { AttributeNode, CallNode, IdentifierNode, SubscriptNode } from '../generated/nodes.ts'
import type { Binding } from '../scopes/scopes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Constant, ConstantDict } from '../values/constant.ts'
import { argument } from './calls.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'
import { withoutParentheses } from './parentheses.ts'

const ENUM = ['enum.Enum']

/** Builtins that make a known collection out of known values. */
const COLLECTORS: ReadonlySet<string> = new Set(
  'dict enumerate frozenset list range reversed set sorted str tuple zip'.split(' ').map((name) => `builtins.${name}`),
)

/**
 * Whether everything that an expression can be stands in the project's source: literals; names bound once to such a value, also in other modules;
 * enum members; strings built of such values; conditionals and `or` over them, whatever decides; entries of constant dicts, whatever the key; the
 * loop variable over a constant collection; names of tables. `constantOf` gives the value, where there is only one.
 */
export function isStaticallyKnown(context: PythonServices, expression: PythonNode): boolean {
  const pending = [expression]
  const seen = new Set<PythonNode>()
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const parts = partsOf(context, node)
    if (!parts) return false
    for (const part of parts) pending.push(part)
  }
  return true
}

type Parts = readonly PythonNode[] | null

const KNOWN: Parts = []

/** What must be known for the node to be known; `null` if it is not. */
function partsOf(context: PythonServices, node: PythonNode): Parts {
  switch (node.kind) {
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
    case 'ellipsis':
      return KNOWN
    case 'string':
      return [...node.descendants('interpolation', 'format_expression')].map(({ expression }) => expression)
    case 'concatenated_string':
    case 'parenthesized_expression':
    case 'tuple':
    case 'list':
    case 'set':
    case 'expression_list':
    case 'dictionary':
    case 'list_splat':
    case 'dictionary_splat':
      return node.namedChildren
    case 'pair':
      return [node.key, node.value]
    case 'unary_operator':
    case 'not_operator':
      return [node.argument]
    case 'binary_operator':
    case 'boolean_operator':
      return [node.left, node.right]
    case 'conditional_expression':
      return node.namedChildren.filter((_, position) => position !== 1)
    case 'named_expression':
      return [node.value]
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
      return [node.body]
    case 'call':
      return partsOfCall(context, node)
    case 'subscript':
      return partsOfSubscript(context, node)
    case 'identifier':
      return partsOfIdentifier(context, node)
    case 'attribute':
      return partsOfAttribute(context, node)
    default:
      return null
  }
}

function partsOfCall(context: PythonServices, call: CallNode): Parts {
  const called = withoutParentheses(call.function)
  if (called.kind === 'attribute') return partsOfMethodCall(context, call, called)
  return context.resolvesTo(called, COLLECTORS) ? argumentValues(call) : null
}

function partsOfMethodCall(context: PythonServices, call: CallNode, { object, attribute }: AttributeNode): Parts {
  switch (attribute.text) {
    case 'format':
    case 'join':
    case 'keys':
    case 'values':
    case 'items':
      return [object, ...argumentValues(call)]
    case 'get': {
      const values = valuesOfCollection(context, object)
      const fallback = argument(call, null, 1)
      return values && fallback ? [...values, fallback] : values
    }
    default:
      return null
  }
}

function argumentValues({ arguments: list }: CallNode): readonly PythonNode[] {
  if (list.kind === 'generator_expression') return [list]
  return list.namedChildren.map((child) => (child.kind === 'keyword_argument' ? child.value : child))
}

/** Any item will do: the index need not be known. */
function partsOfSubscript(context: PythonServices, { value, subscript }: SubscriptNode): Parts {
  return subscript.some(({ kind }) => kind === 'slice') ? [value] : valuesOfCollection(context, value)
}

/** The items of a literal, or of one that a name of a module or class stands for: one in a function may have been filled since. */
function valuesOfCollection(context: PythonServices, node: PythonNode): Parts {
  const collection = withoutParentheses(node)
  if (collection.kind === 'list' || collection.kind === 'tuple') return collection.namedChildren
  if (collection.kind === 'dictionary') return collection.namedChildren.map((entry) => (entry.kind === 'pair' ? entry.value : entry))
  const binding = collection.kind === 'identifier' ? context.scopes.bindingOf(collection) : null
  if (!binding) return collection.kind === 'attribute' || collection.kind === 'identifier' ? partsOfProjectName(context, collection) : null
  const definition = binding.onlyDefinition
  if (definition?.kind === 'import') return partsOfProjectName(context, collection)
  const isShared = binding.scope.kind === 'module' || binding.scope.kind === 'class'
  if (!isShared || !definition?.value || isChanged(binding)) return null
  const value = withoutParentheses(definition.value)
  return value.kind === 'dictionary' || value.kind === 'list' || value.kind === 'tuple' ? valuesOfCollection(context, value) : null
}

function partsOfIdentifier(context: PythonServices, identifier: IdentifierNode): Parts {
  const binding = context.scopes.bindingOf(identifier)
  if (!binding) return partsOfProjectName(context, identifier)
  const definition = binding.onlyDefinition
  if (!definition) return null
  if (definition.value) return IMMUTABLE.has(withoutParentheses(definition.value).kind) || !isChanged(binding) ? [definition.value] : null
  const { node } = definition
  if (node.kind === 'for_statement') return [node.right]
  if (node.kind === 'for_in_clause') return node.right.filter((part): part is Exclude<typeof part, { isNamed: false }> => part.isNamed)
  return definition.kind === 'import' || definition.kind === 'class' ? partsOfProjectName(context, identifier) : null
}

/** What a change in place can not concern. */
const IMMUTABLE: ReadonlySet<string> = new Set(['string', 'concatenated_string', 'integer', 'float', 'true', 'false', 'none', 'tuple', 'binary_operator'])

const CHANGING_METHODS: ReadonlySet<string> = new Set(['add', 'append', 'clear', 'extend', 'insert', 'pop', 'remove', 'setdefault', 'update'])

/** Whether the file fills or changes the collection that a name stands for. */
function isChanged(binding: Binding): boolean {
  return binding.references.some((reference) => {
    const use = reference.parent
    if (use?.kind === 'attribute') return use.object === reference && CHANGING_METHODS.has(use.attribute.text)
    if (use?.kind !== 'subscript' || use.value !== reference) return false
    const { parent } = use
    return parent?.kind === 'delete_statement' || ((parent?.kind === 'assignment' || parent?.kind === 'augmented_assignment') && parent.left === use)
  })
}

function partsOfAttribute(context: PythonServices, node: AttributeNode): Parts {
  const { object, attribute } = node
  const name = attribute.text
  if (name === '__tablename__') return KNOWN
  if (isTableName(context, object, name) || partsOfProjectName(context, node)) return KNOWN
  if (name !== 'value' && name !== 'name') return null
  if (isSelfOfEnum(context, object)) return KNOWN
  // The loop variable over an enum class.
  return object.kind === 'identifier' ? [object] : null
}

function isTableName(context: PythonServices, table: PythonNode, attribute: string): boolean {
  if (attribute !== 'name' && attribute !== 'fullname') return false
  if (table.kind === 'attribute' && table.attribute.text === '__table__') return true
  return context.instanceClassOf(table) === 'sqlalchemy.Table'
}

function isSelfOfEnum(context: PythonServices, object: PythonNode): boolean {
  if (object.kind !== 'identifier') return false
  const enclosing = context.scopes.scopeOf(object).enclosingClass
  const className = enclosing && context.resolve(enclosing.node)
  return className !== null && isEnum(context, className) && context.instanceClassOf(object) === className
}

/**
 * A name of a module or class of the project: bound once to a known value, a member of an enum, or an enum itself, which is a known collection. An
 * empty collection is there to be filled.
 */
function partsOfProjectName(context: PythonServices, node: PythonNode): Parts {
  const name = context.resolve(node)
  if (name === null) return null
  const value = context.values.constant({ kind: 'name', name })
  const isKnown = value === undefined ? isEnum(context, name) || isEnumMember(context, name) : !isEmpty(value)
  return isKnown ? KNOWN : null
}

function isEmpty(value: Constant): boolean {
  if (value === null || typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : (value as ConstantDict).entries.length === 0
}

function isEnumMember(context: PythonServices, name: string): boolean {
  const member = /\.(value|name)$/.test(name) ? withoutLastPart(name) : name
  const owner = withoutLastPart(member)
  return owner !== '' && isEnum(context, owner) && context.project.member(owner, lastPart(member))?.fact.kind === 'variable'
}

function isEnum({ project }: PythonServices, className: string): boolean {
  return project.isSubclassOf(className, ENUM) === true
}
