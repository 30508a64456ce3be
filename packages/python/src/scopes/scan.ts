import { childByField } from '@krait/core'
import type { FlatTree } from '@krait/core'
import * as K from './kind-codes.ts'
import type { KindTable } from './kind-codes.ts'
import { NameTable } from './name-table.ts'
import * as S from './scope-tables.ts'

/** Marks of identifiers that the scan has dealt with before it reaches them. */
const HANDLED = 1

/**
 * One pass over a tree that finds its scopes, definitions and references. A parent always comes before its children, so a construct says at
 * once which of its identifiers it binds, and in which scope each of its parts is evaluated; every identifier left over is a reference.
 *
 * Python's rules: https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
 */
export class ScopeScan {
  readonly names: NameTable
  readonly scopeKinds: number[] = []
  readonly scopeNodes: number[] = []
  readonly scopeParents: number[] = []

  readonly definitionKinds: number[] = []
  readonly definitionIdentifiers: number[] = []
  readonly definitionNodes: number[] = []
  readonly definitionValues: number[] = []
  readonly definitionScopes: number[] = []
  /** The scope that holds the name, before `global` and `nonlocal` are looked at. */
  readonly definitionTargets: number[] = []
  readonly definitionNames: number[] = []

  readonly referenceNodes: number[] = []
  readonly referenceScopes: number[] = []
  readonly referenceNames: number[] = []

  /** For each scope: the names it declares `global` or `nonlocal`. */
  readonly globals: (Set<number> | undefined)[] = []
  readonly nonlocals: (Set<number> | undefined)[] = []
  readonly starImports: number[] = []
  /** Scope + 1 by node index, where a node is evaluated in another scope than its parent. */
  readonly entered: Int32Array

  readonly #tree: FlatTree
  readonly #codes: Uint8Array
  readonly #fields: K.FieldIds
  readonly #marks: Uint8Array

  constructor(tree: FlatTree, kinds: KindTable) {
    this.#tree = tree
    this.#codes = kinds.codes
    this.#fields = kinds.fields
    this.#marks = new Uint8Array(tree.size)
    this.entered = new Int32Array(tree.size)
    this.names = new NameTable(tree.text)
    this.#addScope(S.MODULE_SCOPE, 0, -1)
    this.#run()
  }

  #run(): void {
    const { size, kind, next } = this.#tree
    const codes = this.#codes
    const entered = this.entered
    // The scopes that are open, with the index behind the node that opened each.
    const scopes: number[] = []
    const ends: number[] = []
    let scope = 0
    let end = size
    for (let i = 0; i < size; ) {
      while (i >= end) {
        scope = scopes.pop()!
        end = ends.pop()!
      }
      if (entered[i] !== 0) {
        scopes.push(scope)
        ends.push(end)
        scope = entered[i]! - 1
        end = next[i]!
      }
      const code = codes[kind[i]!]!
      i = code === K.OTHER ? i + 1 : this.#visit(i, code, scope)
    }
  }

  /** Looks at one node; gives the index to go on at. */
  #visit(i: number, code: number, scope: number): number {
    const fields = this.#fields
    switch (code) {
      case K.IDENTIFIER:
        if (this.#marks[i] !== HANDLED) this.#refer(i, scope)
        break
      case K.ATTRIBUTE:
        this.#mark(this.#child(i, fields.attribute))
        break
      case K.KEYWORD_ARGUMENT:
        this.#mark(this.#child(i, fields.name))
        break
      case K.MEMBER_TYPE:
      case K.KEYWORD_PATTERN:
        this.#markMember(i, code)
        break
      case K.IMPORT_STATEMENT:
      case K.IMPORT_FROM_STATEMENT:
      case K.FUTURE_IMPORT_STATEMENT:
        this.#visitImport(i, code, scope)
        return this.#tree.next[i]!
      case K.FUNCTION_DEFINITION:
        this.#visitFunction(i, scope)
        break
      case K.LAMBDA:
        this.#visitLambda(i, scope)
        break
      case K.CLASS_DEFINITION:
        this.#visitClass(i, scope)
        break
      case K.LIST_COMPREHENSION:
      case K.SET_COMPREHENSION:
      case K.DICTIONARY_COMPREHENSION:
      case K.GENERATOR_EXPRESSION:
        this.#visitComprehension(i, scope)
        break
      case K.FOR_IN_CLAUSE:
      case K.FOR_STATEMENT:
        this.#defineTargets(this.#child(i, fields.left), S.FOR, i, -1, scope)
        break
      case K.ASSIGNMENT:
        this.#visitAssignment(i, scope)
        break
      case K.AUGMENTED_ASSIGNMENT:
        this.#visitAugmentedAssignment(i, scope)
        break
      case K.NAMED_EXPRESSION:
        this.#visitWalrus(i, scope)
        break
      case K.AS_PATTERN:
        this.#visitAsPattern(i, scope)
        break
      case K.EXCEPT_CLAUSE:
        this.#defineTargets(this.#child(i, fields.alias), S.EXCEPT, i, -1, scope)
        break
      case K.DELETE_STATEMENT:
        this.#defineTargets(i + 1, S.DELETE, i, -1, scope, this.#tree.next[i])
        break
      case K.GLOBAL_STATEMENT:
        this.#declare(this.globals, i, scope)
        return this.#tree.next[i]!
      case K.NONLOCAL_STATEMENT:
        this.#declare(this.nonlocals, i, scope)
        return this.#tree.next[i]!
      case K.TYPE_ALIAS_STATEMENT:
        this.#visitTypeAlias(i, scope)
        break
      case K.DOTTED_NAME:
        this.#visitPatternName(i, scope)
        break
      case K.SPLAT_PATTERN:
        this.#defineTargets(i + 1, S.MATCH, i, -1, scope, this.#tree.next[i])
        break
    }
    return i + 1
  }

  #visitImport(i: number, code: number, scope: number): void {
    const { next, field } = this.#tree
    const end = next[i]!
    for (let child = i + 1; child < end; child = next[child]!) {
      if (this.#code(child) === K.WILDCARD_IMPORT) this.starImports.push(i)
      if (field[child] !== this.#fields.name) continue
      if (this.#code(child) === K.ALIASED_IMPORT) {
        const alias = this.#child(child, this.#fields.alias)
        if (alias >= 0) this.#define(alias, S.IMPORT, child, -1, scope)
        continue
      }
      // `import a.b` binds `a`; `from m import x` binds `x`, which is a dotted name of one part.
      const identifier = child + 1
      if (identifier < next[child]! && (code === K.IMPORT_STATEMENT || next[identifier] === next[child])) {
        this.#define(identifier, S.IMPORT, child, -1, scope)
      }
    }
  }

  #visitFunction(i: number, scope: number): void {
    const fields = this.#fields
    this.#define(this.#child(i, fields.name), S.FUNCTION, i, -1, scope)
    const outer = this.#enterTypeParameters(i, scope)
    const parameters = this.#child(i, fields.parameters)
    const returnType = this.#child(i, fields.return_type)
    const inner = this.#addScope(S.FUNCTION_SCOPE, i, outer)
    if (outer !== scope) {
      if (parameters >= 0) this.#enter(parameters, outer)
      if (returnType >= 0) this.#enter(returnType, outer)
    }
    if (parameters >= 0) this.#defineParameters(parameters, inner, scope)
    this.#enter(this.#child(i, fields.body), inner)
  }

  #visitLambda(i: number, scope: number): void {
    const inner = this.#addScope(S.LAMBDA_SCOPE, i, scope)
    const parameters = this.#child(i, this.#fields.parameters)
    if (parameters >= 0) this.#defineParameters(parameters, inner, scope)
    this.#enter(this.#child(i, this.#fields.body), inner)
  }

  #visitClass(i: number, scope: number): void {
    const fields = this.#fields
    this.#define(this.#child(i, fields.name), S.CLASS, i, -1, scope)
    const outer = this.#enterTypeParameters(i, scope)
    const bases = this.#child(i, fields.superclasses)
    if (outer !== scope && bases >= 0) this.#enter(bases, outer)
    this.#enter(this.#child(i, fields.body), this.#addScope(S.CLASS_SCOPE, i, outer))
  }

  /** PEP 695: type parameters have a scope of their own, around annotations, bases and the body. Gives that scope, or the one given. */
  #enterTypeParameters(i: number, scope: number): number {
    const node = this.#child(i, this.#fields.type_parameters)
    return node < 0 ? scope : this.#defineTypeParameters(node, scope)
  }

  #defineTypeParameters(node: number, scope: number): number {
    const { next } = this.#tree
    const inner = this.#addScope(S.TYPE_PARAMETERS_SCOPE, node, scope)
    this.#enter(node, inner)
    const end = next[node]!
    for (let child = node + 1; child < end; child = next[child]!) {
      if (this.#code(child) !== K.TYPE) continue
      // `T`, `T: bound`, `*Ts`, `**P`: the name is the first identifier.
      for (let j = child + 1; j < next[child]!; j++) {
        if (this.#code(j) !== K.IDENTIFIER) continue
        this.#define(j, S.TYPE_PARAMETER_NAME, child, -1, inner)
        break
      }
    }
    return inner
  }

  /** Defines the parameters in `inner`; default values are evaluated in `scope`. */
  #defineParameters(parameters: number, inner: number, scope: number): void {
    const { next } = this.#tree
    const end = next[parameters]!
    for (let child = parameters + 1; child < end; child = next[child]!) {
      const code = this.#code(child)
      if (code === K.TYPED_PARAMETER) {
        this.#defineTargets(child + 1, S.PARAMETER, child, -1, inner, next[child + 1])
      } else if (code === K.DEFAULT_PARAMETER || code === K.TYPED_DEFAULT_PARAMETER) {
        this.#defineTargets(this.#child(child, this.#fields.name), S.PARAMETER, child, -1, inner)
        const value = this.#child(child, this.#fields.value)
        if (value >= 0) this.#enter(value, scope)
      } else {
        this.#defineTargets(child, S.PARAMETER, child, -1, inner)
      }
    }
  }

  /** All of a comprehension runs in a scope of its own, but its first iterable is evaluated around it. */
  #visitComprehension(i: number, scope: number): void {
    const { next, field } = this.#tree
    const inner = this.#addScope(S.COMPREHENSION_SCOPE, i, scope)
    const end = next[i]!
    let isFirst = true
    for (let child = i + 1; child < end; child = next[child]!) {
      this.#enter(child, inner)
      if (this.#code(child) !== K.FOR_IN_CLAUSE || !isFirst) continue
      isFirst = false
      for (let part = child + 1; part < next[child]!; part = next[part]!) {
        if (field[part] === this.#fields.right) this.#enter(part, scope)
      }
    }
  }

  #visitAssignment(i: number, scope: number): void {
    const fields = this.#fields
    const left = this.#child(i, fields.left)
    if (left < 0) return
    // `a = b = value` is an assignment whose right side is an assignment.
    let value = this.#child(i, fields.right)
    while (value >= 0 && this.#code(value) === K.ASSIGNMENT) value = this.#child(value, fields.right)
    const kind = value < 0 && this.#child(i, fields.type) >= 0 ? S.ANNOTATION : S.ASSIGNED
    this.#defineTargets(left, kind, i, this.#code(left) === K.IDENTIFIER ? value : -1, scope)
  }

  /** `x += 1` reads and binds `x`. */
  #visitAugmentedAssignment(i: number, scope: number): void {
    const left = this.#child(i, this.#fields.left)
    if (left < 0 || this.#code(left) !== K.IDENTIFIER) return
    this.#refer(left, scope)
    this.#define(left, S.AUGMENTED, i, -1, scope)
  }

  /** `:=` binds outside of all comprehensions around it (PEP 572). */
  #visitWalrus(i: number, scope: number): void {
    let target = scope
    while (this.scopeKinds[target] === S.COMPREHENSION_SCOPE) target = this.scopeParents[target]!
    const name = this.#child(i, this.#fields.name)
    if (name >= 0) this.#define(name, S.WALRUS, i, this.#child(i, this.#fields.value), scope, target)
  }

  #visitAsPattern(i: number, scope: number): void {
    const { next, parent } = this.#tree
    const alias = this.#child(i, this.#fields.alias)
    if (alias >= 0) {
      const kind = this.#code(parent[i]!) === K.EXCEPT_CLAUSE ? S.EXCEPT : S.WITH
      this.#defineTargets(alias, kind, i, -1, scope)
      return
    }
    // `case <pattern> as name`: the name is the last child.
    const end = next[i]!
    for (let child = i + 1; child < end; child = next[child]!) {
      if (next[child] === end && this.#code(child) === K.IDENTIFIER) this.#definePattern(child, i, scope)
    }
  }

  /** A dotted name outside of imports stands in a `case` pattern: one part captures, several parts or a class are read. */
  #visitPatternName(i: number, scope: number): void {
    const { next, parent } = this.#tree
    const first = i + 1
    if (first >= next[i]!) return
    const isCapture = next[first] === next[i] && !(this.#code(parent[i]!) === K.CLASS_PATTERN && parent[i]! + 1 === i)
    if (isCapture) {
      this.#definePattern(first, i, scope)
      return
    }
    for (let child = next[first]!; child < next[i]!; child = next[child]!) this.#mark(child)
  }

  #definePattern(identifier: number, node: number, scope: number): void {
    this.#mark(identifier)
    const { start, end, text } = this.#tree
    const isWildcard = end[identifier]! - start[identifier]! === 1 && text[start[identifier]!] === '_'
    if (!isWildcard) this.#define(identifier, S.MATCH, node, -1, scope)
  }

  #visitTypeAlias(i: number, scope: number): void {
    const { next } = this.#tree
    const left = this.#child(i, this.#fields.left)
    const right = this.#child(i, this.#fields.right)
    if (left < 0) return
    const end = next[left]!
    for (let j = left + 1; j < end; j++) {
      if (this.#code(j) !== K.IDENTIFIER) continue
      this.#define(j, S.TYPE_ALIAS, i, right, scope)
      const parameters = next[j]!
      if (parameters < end && this.#code(parameters) === K.TYPE_PARAMETER) {
        const inner = this.#defineTypeParameters(parameters, scope)
        if (right >= 0) this.#enter(right, inner)
      }
      return
    }
  }

  #declare(lists: (Set<number> | undefined)[], i: number, scope: number): void {
    const { next } = this.#tree
    const end = next[i]!
    for (let child = i + 1; child < end; child = next[child]!) {
      if (this.#code(child) === K.IDENTIFIER) (lists[scope] ??= new Set()).add(this.#name(child))
    }
  }

  /** `a.b` in a type or `a=` in a class pattern: the name that is no variable. */
  #markMember(i: number, code: number): void {
    const { next } = this.#tree
    const end = next[i]!
    for (let child = i + 1; child < end; child = next[child]!) {
      if (this.#code(child) !== K.IDENTIFIER) continue
      if (code === K.KEYWORD_PATTERN || next[child] === end) this.#mark(child)
    }
  }

  /** Defines every identifier of a target such as `a, (b, *c)`; attributes and subscripts bind no name. */
  #defineTargets(target: number, kind: number, node: number, value: number, scope: number, end = this.#tree.next[target]): void {
    if (target < 0) return
    const { next } = this.#tree
    for (let i = target; i < end!; ) {
      switch (this.#code(i)) {
        case K.IDENTIFIER:
          this.#define(i, kind, node, value, scope)
          i++
          break
        case K.OTHER:
        case K.TUPLE:
        case K.LIST:
        case K.PATTERN_LIST:
        case K.TUPLE_PATTERN:
        case K.LIST_PATTERN:
        case K.EXPRESSION_LIST:
        case K.LIST_SPLAT:
        case K.LIST_SPLAT_PATTERN:
        case K.DICTIONARY_SPLAT_PATTERN:
        case K.PARENTHESIZED_EXPRESSION:
        case K.AS_PATTERN_TARGET:
          i++
          break
        default:
          i = next[i]!
      }
    }
  }

  #define(identifier: number, kind: number, node: number, value: number, scope: number, target = scope): void {
    if (identifier < 0) return
    this.#mark(identifier)
    const { start, end } = this.#tree
    // A MISSING identifier has no text.
    if (start[identifier] === end[identifier]) return
    this.definitionKinds.push(kind)
    this.definitionIdentifiers.push(identifier)
    this.definitionNodes.push(node)
    this.definitionValues.push(value)
    this.definitionScopes.push(scope)
    this.definitionTargets.push(target)
    this.definitionNames.push(this.#name(identifier))
  }

  #refer(identifier: number, scope: number): void {
    const { start, end } = this.#tree
    if (start[identifier] === end[identifier]) return
    this.referenceNodes.push(identifier)
    this.referenceScopes.push(scope)
    this.referenceNames.push(this.#name(identifier))
  }

  #addScope(kind: number, node: number, parent: number): number {
    this.scopeKinds.push(kind)
    this.scopeNodes.push(node)
    this.scopeParents.push(parent)
    return this.scopeKinds.length - 1
  }

  #enter(node: number, scope: number): void {
    if (node >= 0) this.entered[node] = scope + 1
  }

  #mark(node: number): void {
    if (node >= 0) this.#marks[node] = HANDLED
  }

  #code(i: number): number {
    return this.#codes[this.#tree.kind[i]!]!
  }

  #child(i: number, field: number): number {
    return childByField(this.#tree, i, field)
  }

  #name(identifier: number): number {
    return this.names.intern(this.#tree.start[identifier]!, this.#tree.end[identifier]!)
  }
}
