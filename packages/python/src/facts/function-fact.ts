import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { NONE_VALUE, isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { canComplete } from './completion.ts'
import type { FunctionFact, MethodKind, ParameterFact } from './module-fact-types.ts'

/** More `return` or `yield` expressions than these are left out. */
const MAX_RETURNS = 20

/** The fact of a function definition. `inClass` tells a method from a function. */
export function functionFact(file: FileSemantics, node: number, inClass: boolean): FunctionFact {
  const { tree, kinds } = file.tables
  const { fields } = kinds
  const body = childByField(tree, node, fields.body)
  const returnType = childByField(tree, node, fields.return_type)
  const decorators = decoratorsOf(file, node)
  const results = resultsOf(file, body)
  const isAsync = tree.text.startsWith('async', tree.start[node])
  return {
    kind: 'function',
    parameters: parametersOf(file, childByField(tree, node, fields.parameters)),
    decorators,
    ...(isAsync && { async: true as const }),
    ...(results.generator && { generator: true as const, yields: results.yields }),
    returns: results.returns,
    ...(results.open && { returnsOpen: true as const }),
    fallsOff: canComplete(tree, kinds, body),
    ...(returnType >= 0 && { returnAnnotation: file.values.annotation(returnType) }),
    ...(inClass && { method: methodKind(textOf(file, childByField(tree, node, fields.name)), decorators) }),
  }
}

/** The decorators of a function or class definition, from the top. */
export function decoratorsOf(file: FileSemantics, definition: number): Value[] {
  const { tree, kinds } = file.tables
  const { next, parent, kind } = tree
  const decorated = parent[definition]!
  if (decorated < 0 || kinds.codes[kind[decorated]!] !== K.DECORATED_DEFINITION) return []
  const found: Value[] = []
  for (let child = decorated + 1; child < next[decorated]!; child = next[child]!) {
    if (kinds.codes[kind[child]!] === K.DECORATOR) found.push(file.values.summarise(decoratorExpression(file, child)))
  }
  return found
}

function decoratorExpression(file: FileSemantics, decorator: number): number {
  const { tree, kinds } = file.tables
  for (let child = decorator + 1; child < tree.next[decorator]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && kinds.codes[tree.kind[child]!] !== K.COMMENT) return child
  }
  return -1
}

function methodKind(name: string, decorators: readonly Value[]): MethodKind {
  for (const decorator of decorators) {
    if (decorator.kind === 'name') {
      if (decorator.name === 'builtins.staticmethod') return 'static'
      // What a hybrid property of SQLAlchemy is in SQL is asked of the class.
      if (/^builtins\.classmethod$|\.(expression|update_expression|comparator)$/.test(decorator.name)) return 'class'
      if (/(^builtins\.property|^functools\.cached_property|\.(setter|getter|deleter)|[._]property)$/.test(decorator.name)) return 'property'
    }
    if (isCallOf(decorator, 'functools.cached_property')) return 'property'
  }
  if (name === '__new__') return 'static'
  return name === '__init_subclass__' || name === '__class_getitem__' ? 'class' : 'instance'
}

function parametersOf(file: FileSemantics, list: number): ParameterFact[] {
  const { tree, kinds } = file.tables
  const { next, kind } = tree
  const found: { -readonly [Key in keyof ParameterFact]: ParameterFact[Key] }[] = []
  let current: ParameterFact['kind'] = 'positional-or-keyword'
  for (let child = list + 1; list >= 0 && child < next[list]!; child = next[child]!) {
    const code = kinds.codes[kind[child]!]!
    if (code === K.POSITIONAL_SEPARATOR) {
      for (const parameter of found) parameter.kind = 'positional-only'
    } else if (code === K.KEYWORD_SEPARATOR) {
      current = 'keyword-only'
    } else if (isParameter(code)) {
      const parameter = parameterOf(file, child, code, current)
      if (parameter.kind === 'var-positional') current = 'keyword-only'
      found.push(parameter)
    }
  }
  return found
}

function isParameter(code: number): boolean {
  switch (code) {
    case K.IDENTIFIER:
    case K.TYPED_PARAMETER:
    case K.DEFAULT_PARAMETER:
    case K.TYPED_DEFAULT_PARAMETER:
    case K.LIST_SPLAT_PATTERN:
    case K.DICTIONARY_SPLAT_PATTERN:
      return true
    default:
      return false
  }
}

function parameterOf(file: FileSemantics, node: number, code: number, current: ParameterFact['kind']): ParameterFact {
  const { tree, kinds } = file.tables
  const { fields, codes } = kinds
  const type = childByField(tree, node, fields.type)
  const value = childByField(tree, node, fields.value)
  // A typed parameter has its name, or the splat around it, as first child.
  const target = code === K.TYPED_PARAMETER ? node + 1 : code === K.IDENTIFIER ? node : childByField(tree, node, fields.name)
  const splat = target < 0 ? node : target
  const splatCode = codes[tree.kind[splat]!]
  const kind = splatCode === K.LIST_SPLAT_PATTERN ? 'var-positional' : splatCode === K.DICTIONARY_SPLAT_PATTERN ? 'var-keyword' : current
  return {
    name: textOf(file, splat).replace(/^\*+\s*/, ''),
    kind,
    ...(type >= 0 && { annotation: file.values.annotation(type) }),
    ...(value >= 0 && { default: file.values.summarise(value) }),
  }
}

interface Results {
  readonly returns: readonly Value[]
  readonly yields: readonly Value[]
  readonly generator: boolean
  readonly open: boolean
}

/** The `return` and `yield` expressions of a body, without those of functions and classes inside it. */
function resultsOf(file: FileSemantics, body: number): Results {
  const { tree, kinds } = file.tables
  const { next, kind } = tree
  const { codes } = kinds
  const returns: Value[] = []
  const yields: Value[] = []
  let open = false
  let generator = false
  for (let i = body; body >= 0 && i < next[body]!; ) {
    const code = codes[kind[i]!]
    if (code === K.FUNCTION_DEFINITION || code === K.CLASS_DEFINITION || code === K.LAMBDA) {
      i = next[i]!
      continue
    }
    if (code === K.RETURN_STATEMENT) {
      if (returns.length < MAX_RETURNS) returns.push(returned(file, i))
      else open = true
    } else if (code === K.YIELD && tree.grammar.isNamed[kind[i]!]) {
      generator = true
      const value = file.values.summarise(i)
      if (value.kind === 'yield' && yields.length < MAX_RETURNS) yields.push(value.operand ?? NONE_VALUE)
    }
    i++
  }
  return { returns: unique(returns), yields: unique(yields), generator, open }
}

function returned(file: FileSemantics, statement: number): Value {
  const { tree, kinds } = file.tables
  for (let child = statement + 1; child < tree.next[statement]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!] && kinds.codes[tree.kind[child]!] !== K.COMMENT) return file.values.summarise(child)
  }
  return NONE_VALUE
}

function unique(values: readonly Value[]): Value[] {
  if (values.length < 2) return [...values]
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]))
  return [...seen.values()]
}

function textOf(file: FileSemantics, node: number): string {
  const { text, start, end } = file.tree
  return node < 0 ? '' : text.slice(start[node], end[node])
}
