import { childByField } from '@krait/core'
import { BUILTIN_NAMES, MODULE_NAMES } from '../data/builtins.ts'
import { conditionsOf } from '../scopes/conditions.ts'
import * as K from '../scopes/kind-codes.ts'
import * as S from '../scopes/scope-tables.ts'
import type { ScopeTables } from '../scopes/scope-tables.ts'
import { importedName } from './imports.ts'
import { appendName } from './relative-name.ts'
import type { RelativeName } from './relative-name.ts'

/**
 * The qualified names of expressions, as far as the file alone tells.
 *
 * A name with several definitions has a qualified name only if all of them agree. Where they do not, second choices are left out: an import in
 * an `except` clause, and the `else` of a test for `TYPE_CHECKING`, version or platform.
 */
export class LocalNames {
  readonly #tables: ScopeTables
  /** The name of each binding; `undefined` is not yet known. */
  readonly #names: (RelativeName | null | undefined)[] = []
  /** The bindings being named, each on behalf of the one before. */
  readonly #inProgress = new Set<number>()
  /** Bindings that lead back to themselves. */
  readonly #cyclic = new Set<number>()
  readonly #paths: (string | null | undefined)[] = []
  /** By node, without the identifiers that something in the file binds: all rules ask for the names of the same few nodes. */
  readonly #ofNodes = new Map<number, RelativeName | null>()

  constructor(tables: ScopeTables) {
    this.#tables = tables
  }

  /**
   * The name of an identifier, an attribute chain, a `dotted_name` of a pattern, or of the function or class that a definition node makes.
   * @param index the node
   */
  nameOf(index: number): RelativeName | null {
    const { tree, kinds, bindingOfNode } = this.#tables
    if (bindingOfNode[index]! > 0 && kinds.codes[tree.kind[index]!] === K.IDENTIFIER) return this.nameOfBinding(bindingOfNode[index]! - 1)
    let name = this.#ofNodes.get(index)
    if (name === undefined) this.#ofNodes.set(index, (name = this.#findName(index)))
    return name
  }

  /** The name of a binding. */
  nameOfBinding(binding: number): RelativeName | null {
    const known = this.#names[binding]
    return known === undefined ? this.#nameBindings(binding) : known
  }

  /** `A.b` for the scope of a function `b` in a class `A` of the module, empty for the module; `null` inside functions. */
  pathOfScope(scope: number): string | null {
    const { scopeKinds, scopeParents, scopeNodes, kinds, tree } = this.#tables
    const known = this.#paths[scope]
    if (known !== undefined) return known
    const parts: string[] = []
    let path: string | null = null
    for (let s = scope; s >= 0; s = scopeParents[s]!) {
      const kind = scopeKinds[s]!
      if (kind === S.MODULE_SCOPE) path = parts.reverse().join('.')
      if (kind === S.TYPE_PARAMETERS_SCOPE) continue
      const name = kind === S.CLASS_SCOPE ? childByField(tree, scopeNodes[s]!, kinds.fields.name) : -1
      if (name < 0) break
      parts.push(this.#text(name))
    }
    this.#paths[scope] = path
    return path
  }

  #findName(index: number): RelativeName | null {
    const chain = this.#chainOf(index)
    if (!chain) return null
    const root = this.#rootName(chain.root)
    return root === null ? null : chain.attributes.reduce(appendName, root)
  }

  #rootName(identifier: number): RelativeName | null {
    const { bindingOfNode, starImports } = this.#tables
    const binding = bindingOfNode[identifier]!
    if (binding > 0) return this.nameOfBinding(binding - 1)
    if (binding === 0) return null
    const name = this.#text(identifier)
    if (name === '__class__') return this.#enclosingClassName(identifier)
    if (MODULE_NAMES.has(name)) return `:${name}`
    if (starImports.length > 0) return `*.${name}`
    return BUILTIN_NAMES.has(name) ? `builtins.${name}` : null
  }

  #enclosingClassName(identifier: number): RelativeName | null {
    const { scopeKinds, scopeParents } = this.#tables
    let scope = this.#tables.scopeAt(identifier)
    while (scope > 0 && scopeKinds[scope] !== S.CLASS_SCOPE) scope = scopeParents[scope]!
    const path = scope > 0 ? this.pathOfScope(scope) : null
    return path === null ? null : `:${path}`
  }

  /** Takes `a.b.c` apart; `null` if the node is no such chain. */
  #chainOf(index: number): { readonly root: number; readonly attributes: readonly string[] } | null {
    const { tree, kinds } = this.#tables
    const { fields, codes } = kinds
    const attributes: string[] = []
    for (let i = index; i >= 0; ) {
      switch (codes[tree.kind[i]!]) {
        case K.IDENTIFIER:
          return { root: i, attributes: attributes.reverse() }
        case K.ATTRIBUTE: {
          const attribute = childByField(tree, i, fields.attribute)
          if (attribute < 0) return null
          attributes.push(this.#text(attribute))
          i = childByField(tree, i, fields.object)
          break
        }
        case K.PARENTHESIZED_EXPRESSION:
        case K.TYPE:
        case K.DECORATOR:
          i = this.#onlyNamedChild(i)
          break
        case K.FUNCTION_DEFINITION:
        case K.CLASS_DEFINITION:
          i = childByField(tree, i, fields.name)
          break
        case K.DECORATED_DEFINITION:
          i = childByField(tree, i, fields.definition)
          break
        case K.DOTTED_NAME: {
          const parts: number[] = []
          for (let child = i + 1; child < tree.next[i]!; child = tree.next[child]!) {
            if (codes[tree.kind[child]!] === K.IDENTIFIER) parts.push(child)
          }
          for (const part of parts.slice(1).reverse()) attributes.push(this.#text(part))
          i = parts[0] ?? -1
          break
        }
        case K.MEMBER_TYPE: {
          const parts = this.#namedChildren(i)
          if (parts.length !== 2) return null
          attributes.push(this.#text(parts[1]!))
          i = parts[0]!
          break
        }
        default:
          return null
      }
    }
    return null
  }

  /** Names a binding and all those that it takes its name from; a loop with a stack, since `a = b; b = c; ...` can be long. */
  #nameBindings(first: number): RelativeName | null {
    const stack = [first]
    while (stack.length > 0) {
      const binding = stack[stack.length - 1]!
      if (this.#names[binding] !== undefined) {
        stack.pop()
        continue
      }
      this.#inProgress.add(binding)
      const missing = this.#aliasesOf(binding).filter((other) => this.#names[other] === undefined && !this.#inProgress.has(other))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      this.#names[binding] = this.#combine(binding)
      this.#inProgress.delete(binding)
      stack.pop()
    }
    return this.#names[first]!
  }

  /** The bindings whose names the definitions of this one take over. */
  #aliasesOf(binding: number): number[] {
    const { bindingDefinitions, bindingOfNode, definitionValues } = this.#tables
    const found: number[] = []
    for (const definition of bindingDefinitions[binding]!) {
      const value = definitionValues[definition]!
      const chain = value < 0 ? null : this.#chainOf(value)
      const other = chain ? bindingOfNode[chain.root]! : 0
      if (other > 0) found.push(other - 1)
    }
    return found
  }

  #combine(binding: number): RelativeName | null {
    const { bindingDefinitions, definitionKinds } = this.#tables
    const all = bindingDefinitions[binding]!
    const valued = all.filter((d) => definitionKinds[d] !== S.DELETE && definitionKinds[d] !== S.ANNOTATION)
    const definitions = valued.length > 0 ? valued : all
    const agreed = this.#agree(binding, definitions)
    if (agreed !== null || definitions.length < 2) return agreed
    const firstChoices = definitions.filter((d) => !this.#isFallback(d))
    return firstChoices.length === 0 || firstChoices.length === definitions.length ? null : this.#agree(binding, firstChoices)
  }

  #agree(binding: number, definitions: readonly number[]): RelativeName | null {
    let name: RelativeName | null = null
    for (const definition of definitions) {
      const candidate = this.#nameOfDefinition(binding, definition)
      if (candidate === null || (name !== null && candidate !== name)) return null
      name = candidate
    }
    return name
  }

  #nameOfDefinition(binding: number, definition: number): RelativeName | null {
    const { tree, kinds, definitionKinds, definitionNodes, definitionValues } = this.#tables
    const kind = definitionKinds[definition]!
    if (kind === S.IMPORT) return importedName(tree, kinds, definitionNodes[definition]!).target
    if (kind === S.PARAMETER || kind === S.TYPE_PARAMETER_NAME) return null
    const value = definitionValues[definition]!
    const chain = value < 0 || kind === S.TYPE_ALIAS ? null : this.#chainOf(value)
    if (chain) {
      const root = this.#tables.bindingOfNode[chain.root]! - 1
      if (root >= 0 && this.#inProgress.has(root)) this.#markCycle(root)
      // A name that leads back to itself means nothing.
      if (this.#cyclic.has(binding)) return null
      const name = this.#rootName(chain.root)
      if (name !== null) return chain.attributes.reduce(appendName, name)
    }
    return this.#ownName(binding)
  }

  #markCycle(root: number): void {
    let isOnCycle = false
    for (const binding of this.#inProgress) {
      isOnCycle ||= binding === root
      if (isOnCycle) this.#cyclic.add(binding)
    }
  }

  /** The name of a variable, function or class of the module or of a class; `null` for local ones. */
  #ownName(binding: number): RelativeName | null {
    const { bindingScopes, bindingNames, names } = this.#tables
    const path = this.pathOfScope(bindingScopes[binding]!)
    if (path === null) return null
    const name = names.string(bindingNames[binding]!)
    return path === '' ? `:${name}` : `:${path}.${name}`
  }

  #isFallback(definition: number): boolean {
    const { tree, kinds, definitionNodes, definitionScopes, scopeNodes } = this.#tables
    return conditionsOf(tree, kinds, definitionNodes[definition]!, scopeNodes[definitionScopes[definition]!]!).fallback
  }

  #onlyNamedChild(index: number): number {
    const children = this.#namedChildren(index)
    return children.length === 1 ? children[0]! : -1
  }

  #namedChildren(index: number): number[] {
    const { next, kind, grammar } = this.#tables.tree
    const found: number[] = []
    for (let child = index + 1; child < next[index]!; child = next[child]!) {
      const code = this.#tables.kinds.codes[kind[child]!]
      if (grammar.isNamed[kind[child]!] && code !== K.COMMENT && code !== K.LINE_CONTINUATION) found.push(child)
    }
    return found
  }

  #text(index: number): string {
    const { text, start, end } = this.#tables.tree
    return text.slice(start[index], end[index])
  }
}
