import { calleeOf, classOf, lastPart, withoutLastPart, withoutParentheses } from '@krait/python'
import type { PythonNode, PythonProject, PythonServices, Value } from '@krait/python'

/** A closed set of codes: an enum of the project, or a `Literal[...]`. */
export interface CodeType {
  /** What it is called: the enum, the alias of the `Literal`, or the variable that is annotated with one. */
  readonly name: string
  /** The qualified name; `null` for a `Literal` without a name. */
  readonly qualifiedName: string | null
  /** The members by their keys, each as a message names it, in order. Other names of a member are none of their own. */
  readonly members: ReadonlyMap<string, string>
  /** The keys of members by other ways to write them: by an alias, or by the value of a string enum. */
  readonly otherKeys: ReadonlyMap<string, string>
}

/** More members, and longer chains of aliases, are not looked at. */
const MAX_MEMBERS = 200
const MAX_STEPS = 5

const ENUM = ['enum.Enum']
const FLAG = ['enum.Flag']

/**
 * The key of a code: `app.errors.DeclineReason.LOST_CARD` for the member of an enum of the project, `"lost_card"` for a literal. `null` for what is no code.
 */
export function codeKey(project: PythonProject, value: Value): string | null {
  const bound = value.kind === 'name' && !isEnumMember(project, value.name) ? project.valueOf(value.name) : value
  if (bound?.kind === 'name') return isEnumMember(project, bound.name) ? bound.name : null
  return bound?.kind === 'literal' && (bound.type === 'string' || bound.type === 'integer') ? JSON.stringify(bound.value) : null
}

function isEnumMember(project: PythonProject, name: string): boolean {
  return isEnum(project, withoutLastPart(name))
}

function isEnum(project: PythonProject, name: string): boolean {
  return name !== '' && project.definition(name)?.kind === 'class' && project.isSubclassOf(name, ENUM) === true && project.isSubclassOf(name, FLAG) !== true
}

/**
 * The code type of an expression that is compared with codes: what its annotation says, or the enum to which all the codes belong.
 * @param keys those of the codes; see `codeKey`
 */
export function codeTypeOf(context: PythonServices, subject: PythonNode, keys: readonly string[]): CodeType | null {
  const declared = declaredCodes(context, subject)
  if (declared) return declared
  const classes = new Set(keys.filter((key) => !isLiteralKey(key)).map(withoutLastPart))
  const [only, ...others] = classes
  if (others.length > 0) return null
  const name = only ?? classOf(context.typeOf(subject))
  return name === null ? null : enumCodes(context.project, name)
}

function isLiteralKey(key: string): boolean {
  return key.startsWith('"') || /^-?\d/.test(key)
}

/** The members of an enum of the project; `null` if it is none, or if they are not all known. */
export function enumCodes(project: PythonProject, name: string): CodeType | null {
  const definition = project.definition(name)
  if (definition?.kind !== 'class' || definition.fact.rebound || !isEnum(project, name)) return null
  const members = new Map<string, string>()
  const otherKeys = new Map<string, string>()
  const keysByValue = new Map<string, string>()
  const isPlain = project.isSubclassOf(name, ['builtins.str', 'builtins.int']) === true
  for (const [member, fact] of Object.entries(definition.fact.members)) {
    if (member.startsWith('_') || fact.kind === 'function' || fact.kind === 'class') continue
    const key = `${definition.name}.${member}`
    if (fact.kind === 'alias') {
      const target = project.resolveName(fact.target, definition.path)
      if (target === null || !members.has(target)) return null
      otherKeys.set(key, target)
      continue
    }
    if (fact.rebound || members.size > MAX_MEMBERS) return null
    if (!fact.value) continue
    const value = project.value(fact.value, definition.path)
    if (value.kind === 'lambda' || (value.kind === 'call' && value.callee === 'enum.nonmember')) continue
    const text = isConstant(value) ? JSON.stringify(value) : null
    const same = text === null ? undefined : keysByValue.get(text)
    if (same !== undefined) otherKeys.set(key, same)
    else members.set(key, member)
    if (text !== null && same === undefined) keysByValue.set(text, key)
    const literal = isPlain ? literalOf(value, member) : null
    if (literal !== null && same === undefined) otherKeys.set(literal, key)
  }
  return { name: lastPart(definition.name), qualifiedName: definition.name, members, otherKeys }
}

function isConstant(value: Value): boolean {
  return value.kind === 'literal' || value.kind === 'unary' || (value.kind === 'tuple' && value.items.every(({ kind }) => kind === 'literal'))
}

/** The value of a member of a string or integer enum as a key; `auto()` is the name in lower case where strings are. */
function literalOf(value: Value, member: string): string | null {
  if (value.kind === 'literal') return JSON.stringify(value.value)
  return value.kind === 'call' && value.callee === 'enum.auto' ? JSON.stringify(member.toLowerCase()) : null
}

/** What the annotation of a name, an attribute or a function says of a value, if that is a `Literal`. */
function declaredCodes(context: PythonServices, subject: PythonNode): CodeType | null {
  let node = withoutParentheses(subject)
  if (node.kind === 'named_expression') node = node.name
  const annotation = annotationOf(context, node)
  return annotation && literalCodes(context.project, annotation, nameOf(node))
}

function annotationOf(context: PythonServices, expression: PythonNode): Value | null {
  let node = withoutParentheses(expression)
  for (let step = 0; step < MAX_STEPS; step++) {
    if (node.kind === 'identifier') {
      const binding = context.scopes.bindingOf(node)
      const annotation = binding?.definitions.find((definition) => definition.annotation)?.annotation
      if (annotation) return context.values.annotation(annotation)
      const value = binding?.onlyDefinition?.value
      if (!value) return variableAnnotation(context, node)
      node = withoutParentheses(value)
    } else if (node.kind === 'attribute') {
      return variableAnnotation(context, node) ?? attributeAnnotation(context, node.object, node.attribute.text)
    } else if (node.kind === 'await') {
      node = withoutParentheses(node.namedChildren[0] ?? node)
    } else if (node.kind === 'call') {
      const callee = calleeOf(context, node.function)
      const annotation = callee?.kind === 'function' ? callee.fact.returnAnnotation : undefined
      return callee && annotation ? context.project.value(annotation, callee.path) : null
    } else return null
  }
  return null
}

function variableAnnotation(context: PythonServices, node: PythonNode): Value | null {
  const name = context.resolve(node)
  const definition = name === null ? null : context.project.definition(name)
  return definition?.kind === 'variable' && definition.fact.annotation ? context.project.value(definition.fact.annotation, definition.path) : null
}

function attributeAnnotation(context: PythonServices, object: PythonNode, attribute: string): Value | null {
  const owner = classOf(context.typeOf(object)) ?? context.instanceClassOf(object)
  const member = owner === null ? null : context.project.member(owner, attribute)
  if (!member) return null
  const { fact, path } = member
  if (fact.kind === 'variable') return fact.annotation ? context.project.value(fact.annotation, path) : null
  const isProperty = fact.kind === 'function' && fact.method === 'property'
  return isProperty && fact.returnAnnotation ? context.project.value(fact.returnAnnotation, path) : null
}

/** The codes of an annotation that is a `Literal[...]`, an alias of one, or either with `None`; also of `dict[DeclineCode, str]` by its first argument. */
export function literalCodes(project: PythonProject, annotation: Value, variable: string | null): CodeType | null {
  let value = withoutNone(annotation)
  let alias: string | null = null
  for (let step = 0; value?.kind === 'name' && step < MAX_STEPS; step++) {
    const bound: Value | null = project.valueOf(value.name)
    if (!bound) return null
    alias ??= value.name
    value = withoutNone(bound)
  }
  if (value?.kind !== 'subscript' || value.object.kind !== 'name' || value.object.name !== 'typing.Literal') return null
  const name = alias === null ? variable : lastPart(alias)
  if (name === null || value.index.length > MAX_MEMBERS) return null
  const members = new Map<string, string>()
  for (const item of value.index) {
    if (item.kind === 'literal' && item.type === 'none') continue
    const key = codeKey(project, item)
    if (key === null) return null
    members.set(key, isLiteralKey(key) ? key : lastPart(key))
  }
  return { name, qualifiedName: alias, members, otherKeys: new Map() }
}

/** `X` of `X | None`, `Optional[X]`, `Annotated[X, ...]`, `Final[X]`; `null` for a union of others. */
function withoutNone(annotation: Value): Value | null {
  let value = annotation
  for (let step = 0; step < MAX_STEPS; step++) {
    if (value.kind === 'binary' && value.operator === '|') {
      if (isNone(value.right)) value = value.left
      else if (isNone(value.left)) value = value.right
      else return null
    } else if (value.kind === 'subscript' && value.object.kind === 'name' && WRAPPERS.has(value.object.name) && value.index[0]) value = value.index[0]
    else return value
  }
  return null
}

const WRAPPERS: ReadonlySet<string> = new Set(['typing.Annotated', 'typing.ClassVar', 'typing.Final', 'typing.Optional', 'typing.ReadOnly', 'typing.Required', 'typing.NotRequired'])

function isNone(value: Value): boolean {
  return (value.kind === 'literal' && value.type === 'none') || (value.kind === 'name' && value.name === 'builtins.None')
}

function nameOf(node: PythonNode): string | null {
  if (node.kind === 'identifier') return node.text
  if (node.kind === 'attribute') return node.attribute.text
  return node.kind === 'call' ? nameOf(node.function) : null
}
