import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import { importedModule } from '../names/imports.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import { UNKNOWN, isCallOf } from '../values/value.ts'
import type { Value } from '../values/value.ts'
import { decoratorsOf, functionFact } from './function-fact.ts'
import type { ClassFact, FunctionFact, MemberFact, ModuleFact, VariableFact } from './module-fact-types.ts'

/** The fact on which the project's names, classes and functions rest. */
export const moduleFact = defineFact<ModuleFact, FileSemantics>({
  name: 'python/module',
  version: 5,
  collect: ({ services: file }) => ({
    members: file.members,
    stars: file.tables.starImports.map((statement) => importedModule(file.tree, file.tables.kinds, statement)),
    ...exportsOf(file),
  }),
})

/** The members of a module. */
export function moduleMembers(file: FileSemantics): Readonly<Record<string, MemberFact>> {
  return membersOf(file, 0)
}

/** The members of a module or class scope. A class inside a class is collected with it, so depth is that of the source; see `MAX_NESTING`. */
function membersOf(file: FileSemantics, scope: number, nesting = 0): Record<string, MemberFact> {
  const { names, scopeBindings } = file.tables
  const members: [string, MemberFact][] = []
  for (const [name, binding] of scopeBindings[scope] ?? []) members.push([names.string(name), memberOf(file, scope, binding, nesting)])
  return Object.fromEntries(members)
}

/** Classes nested deeper than this have no members. */
const MAX_NESTING = 50

function memberOf(file: FileSemantics, scope: number, binding: number, nesting: number): MemberFact {
  const { bindingDefinitions, bindingNames, definitionKinds, names } = file.tables
  const path = file.names.pathOfScope(scope)!
  const name = names.string(bindingNames[binding]!)
  const target = file.names.nameOfBinding(binding)
  const definitions = bindingDefinitions[binding]!.filter((d) => definitionKinds[d] !== S.DELETE)
  if (target !== null && target !== (path === '' ? `:${name}` : `:${path}.${name}`) && !isAnnotatedAttribute(file, scope, definitions)) {
    const isImport = definitions.some((d) => definitionKinds[d] === S.IMPORT)
    return { kind: 'alias', target, ...(isImport && { isImport: true as const }) }
  }
  if (definitions.length > 0 && definitions.every((d) => definitionKinds[d] === S.FUNCTION)) return functionMember(file, scope, definitions)
  if (definitions.length > 0 && definitions.every((d) => definitionKinds[d] === S.CLASS)) return classMember(file, definitions, nesting)
  return { ...variableMember(file, binding, definitions), ...(target === null && { ambiguous: true as const }) }
}

/** `timeout: int = DEFAULT` in a class: a field with a default, not another name for that. */
function isAnnotatedAttribute({ tables }: FileSemantics, scope: number, definitions: readonly number[]): boolean {
  const { tree, kinds, scopeKinds, definitionNodes } = tables
  return scopeKinds[scope] === S.CLASS_SCOPE && definitions.some((d) => childByField(tree, definitionNodes[d]!, kinds.fields.type) >= 0)
}

function functionMember(file: FileSemantics, scope: number, definitions: readonly number[]): FunctionFact {
  const { definitionNodes, scopeKinds } = file.tables
  const inClass = scopeKinds[scope] === S.CLASS_SCOPE
  const facts = definitions.map((d) => functionFact(file, definitionNodes[d]!, inClass))
  const isVariant = ({ decorators }: FunctionFact) => decorators.some(isOverloadOrSetter)
  const chosen = facts.findLast((fact) => !isVariant(fact)) ?? facts[0]!
  return facts.length > 1 ? { ...chosen, rebound: true } : chosen
}

function isOverloadOrSetter(decorator: Value): boolean {
  return decorator.kind === 'name' && /(^typing(_extensions)?\.overload|\.(setter|deleter|expression|inplace|update_expression))$/.test(decorator.name)
}

function classMember(file: FileSemantics, definitions: readonly number[], nesting: number): ClassFact {
  const fact = classFact(file, file.tables.definitionNodes[definitions[0]!]!, nesting)
  return definitions.length > 1 ? { ...fact, rebound: true } : fact
}

function classFact(file: FileSemantics, node: number, nesting: number): ClassFact {
  const { tree, kinds } = file.tables
  const list = childByField(tree, node, kinds.fields.superclasses)
  const typeParameters = childByField(tree, node, kinds.fields.type_parameters)
  const call = classCall(file, list)
  const scope = file.scopeMadeBy(node)
  return {
    kind: 'class',
    bases: call.bases,
    keywords: call.keywords,
    decorators: decoratorsOf(file, node),
    members: scope < 0 || nesting > MAX_NESTING ? {} : membersOf(file, scope, nesting + 1),
    ...(typeParameters >= 0 && { typeParameters: namesIn(file, file.scopeMadeBy(typeParameters)) }),
  }
}

/** The bases of a class with its keywords, as if it were a call. */
export function classCall(file: FileSemantics, list: number): { readonly bases: readonly Value[]; readonly keywords: Record<string, Value> } {
  const { tree, kinds } = file.tables
  const { next, kind } = tree
  const bases: Value[] = []
  const keywords: [string, Value][] = []
  for (let child = list + 1; list >= 0 && child < next[list]!; child = next[child]!) {
    const code = kinds.codes[kind[child]!]
    if (!tree.grammar.isNamed[kind[child]!] || code === K.COMMENT || code === K.LINE_CONTINUATION) continue
    if (code === K.KEYWORD_ARGUMENT) {
      const name = childByField(tree, child, kinds.fields.name)
      const value = childByField(tree, child, kinds.fields.value)
      if (name >= 0 && value >= 0) keywords.push([tree.text.slice(tree.start[name], tree.end[name]), file.values.summarise(value)])
    } else {
      bases.push(file.values.summarise(child))
    }
  }
  return { bases, keywords: Object.fromEntries(keywords) }
}

function variableMember(file: FileSemantics, binding: number, definitions: readonly number[]): VariableFact {
  const { tree, kinds, definitionKinds, definitionNodes } = file.tables
  const value = file.values.boundValue(binding)
  const annotation = definitions.map((d) => childByField(tree, definitionNodes[d]!, kinds.fields.type)).find((type) => type >= 0)
  const valued = definitions.filter((d) => definitionKinds[d] !== S.ANNOTATION)
  return {
    kind: 'variable',
    ...(value !== undefined && { value: file.values.summarise(value) }),
    ...(annotation !== undefined && { annotation: file.values.annotation(annotation) }),
    ...(valued.length > 1 && { rebound: true as const }),
  }
}

/** `__all__`, as far as it is written as literals: assignments and `+=`. */
function exportsOf(file: FileSemantics): Pick<ModuleFact, 'all' | 'allOpen'> {
  const { tree, kinds, names, scopeBindings, bindingDefinitions, definitionNodes } = file.tables
  const binding = scopeBindings[0]?.get(names.find('__all__'))
  if (binding === undefined) return { all: null }
  const all: string[] = []
  let open = false
  for (const definition of bindingDefinitions[binding]!) {
    const right = childByField(tree, definitionNodes[definition]!, kinds.fields.right)
    const strings = stringsOf(right < 0 ? UNKNOWN : file.values.summarise(right))
    all.push(...strings.items)
    open ||= strings.open
  }
  return { all: [...new Set(all)], ...(open && { allOpen: true as const }) }
}

function stringsOf(value: Value): { readonly items: readonly string[]; readonly open: boolean } {
  if (isCallOf(value, 'builtins.list', 'builtins.tuple', 'builtins.sorted') && value.arguments[0]) return stringsOf(value.arguments[0])
  if (value.kind === 'binary' && value.operator === '+') {
    const left = stringsOf(value.left)
    const right = stringsOf(value.right)
    return { items: [...left.items, ...right.items], open: left.open || right.open }
  }
  if (value.kind !== 'list' && value.kind !== 'tuple') return { items: [], open: true }
  const items = value.items.flatMap((item) => (item.kind === 'literal' && typeof item.value === 'string' ? [item.value] : []))
  return { items, open: value.open || items.length < value.items.length }
}

function namesIn(file: FileSemantics, scope: number): string[] {
  const { names, scopeBindings } = file.tables
  return [...(scopeBindings[scope]?.keys() ?? [])].map((name) => names.string(name))
}
