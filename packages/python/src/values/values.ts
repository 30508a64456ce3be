import type { SyntaxNode } from '@krait/core'
import { childByField } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import type { PythonProject } from '../project/python-project.ts'
import * as S from '../scopes/scope-tables.ts'
import { constantOf } from './constant.ts'
import type { Constant } from './constant.ts'
import { classOfAnnotation, classOfValue } from './instance-class.ts'
import type { Value } from './value.ts'

/** Longer chains of names are not followed. */
const MAX_STEPS = 30

/** What expressions of one file say, with names made absolute by the project. */
export class Values {
  readonly #file: FileSemantics
  readonly #project: PythonProject
  readonly #values = new Map<number, Value>()

  constructor(file: FileSemantics, project: PythonProject) {
    this.#file = file
    this.#project = project
  }

  /** The value of an expression as written; only local variables bound once are replaced by what they are bound to. */
  summary(node: SyntaxNode): Value {
    let value = this.#values.get(node.index)
    if (value === undefined) {
      value = this.#project.value(this.#file.values.summarise(node.index))
      this.#values.set(node.index, value)
    }
    return value
  }

  /**
   * The value of an expression. A name bound exactly once (in a function, class or module, also of another file) stands for the expression it is
   * bound to; names inside the value stay names.
   */
  of(node: SyntaxNode): Value {
    return this.follow(this.summary(node))
  }

  /** Follows a value that is the name of a project variable to what the variable is bound to. A name that leads nowhere stays. */
  follow(value: Value): Value {
    let current = value
    for (let step = 0; step < MAX_STEPS && current.kind === 'name'; step++) {
      const next = this.#project.valueOf(current.name)
      if (next === null || next.kind === 'unknown') return current
      current = next
    }
    return current
  }

  /** The value of an annotation; strings in it are read as annotations. */
  annotation(node: SyntaxNode): Value {
    return this.#project.value(this.#file.values.annotation(node.index))
  }

  /**
   * The statically known value of an expression as a JavaScript value: literals, arithmetic and concatenation of known values, names bound once to
   * one, enum members. `undefined` if it is not known; `None` is `null`, tuples and lists are arrays, bytes are strings.
   */
  constantOf(node: SyntaxNode): Constant | undefined {
    return constantOf(this.summary(node), (value) => this.follow(value), this.#project)
  }

  /** As `constantOf`, for a value at hand. */
  constant(value: Value): Constant | undefined {
    return constantOf(value, (inner) => this.follow(inner), this.#project)
  }

  /**
   * The qualified class of which an expression is an instance, in the simple cases: a call of a class; a name bound once to one; an annotated
   * parameter or variable (`X`, `X | None`, `Optional[X]`, `Annotated[X, ...]`, in a string too); `self` in a method; `with X() as v`.
   * `null` if it is not known.
   */
  instanceClassOf(node: SyntaxNode): string | null {
    const { bindingOfNode } = this.#file.tables
    const inner = unwrap(node)
    const binding = inner.kind === 'identifier' ? bindingOfNode[inner.index]! - 1 : -1
    const local = binding < 0 ? undefined : this.#classOfBinding(binding)
    if (local !== undefined) return local
    const value = this.summary(inner)
    return value.kind === 'name' ? this.#classOfVariable(value.name) : classOfValue(value, this.#project)
  }

  /** `undefined`: the file says nothing; `null`: several classes, or none that is known. */
  #classOfBinding(binding: number): string | null | undefined {
    const { tables } = this.#file
    const { bindingDefinitions, definitionKinds, definitionNodes, definitionValues, kinds, tree } = tables
    const definitions = bindingDefinitions[binding]!.filter((d) => definitionKinds[d] !== S.DELETE)
    const annotated = definitions.filter((d) => childByField(tree, definitionNodes[d]!, kinds.fields.type) >= 0)
    if (annotated.length > 0) return this.#classOfAnnotated(annotated[0]!)
    const definition = definitions[0]
    if (definition === undefined || definitions.length > 1) return definitions.length > 1 ? null : undefined
    if (definitionKinds[definition] === S.PARAMETER) return this.#classOfParameter(definition)
    if (definitionKinds[definition] === S.WITH) return this.#classOfContext(definition)
    const value = definitionValues[definition]!
    if (value < 0) return undefined
    const found = this.summary(tree.node(value))
    return found.kind === 'name' ? undefined : classOfValue(found, this.#project)
  }

  #classOfAnnotated(definition: number): string | null {
    const { kinds, tree, definitionNodes, definitionKinds, definitionIdentifiers } = this.#file.tables
    const node = definitionNodes[definition]!
    // The annotation of `*args` and `**kwargs` is that of their elements.
    const isSplat = definitionKinds[definition] === S.PARAMETER && tree.parent[definitionIdentifiers[definition]!] !== node
    if (isSplat) return null
    return classOfAnnotation(this.#project.value(this.#file.values.annotation(childByField(tree, node, kinds.fields.type))), this.#project)
  }

  /** `self` in a method is an instance of the class. */
  #classOfParameter(definition: number): string | null | undefined {
    const { tables, names } = this.#file
    const { definitionScopes, definitionNodes, scopeNodes, tree, kinds } = tables
    const functionScope = definitionScopes[definition]!
    const functionNode = scopeNodes[functionScope]!
    const parameters = childByField(tree, functionNode, kinds.fields.parameters)
    const isFirst = parameters >= 0 && firstParameter(this.#file, parameters) === definitionNodes[definition]
    const classScope = tables.scopeAt(functionNode)
    if (!isFirst || tables.scopeKinds[functionScope] !== S.FUNCTION_SCOPE || tables.scopeKinds[classScope] !== S.CLASS_SCOPE) return undefined
    const isPlain = this.#isPlainMethod(functionNode)
    const path = names.pathOfScope(classScope)
    return isPlain && path !== null ? this.#project.resolveName(`:${path}`) : null
  }

  #isPlainMethod(functionNode: number): boolean {
    const { tree, kinds } = this.#file.tables
    const name = childByField(tree, functionNode, kinds.fields.name)
    if (['__new__', '__init_subclass__', '__class_getitem__'].includes(tree.text.slice(tree.start[name], tree.end[name]))) return false
    const decorated = tree.node(functionNode).parent
    if (decorated?.kind !== 'decorated_definition') return true
    return decorated.namedChildren.every(
      (child) => child.kind !== 'decorator' || !/^@\s*(staticmethod|classmethod|.*validator\b|.*declared_attr|.*\.(expression|update_expression|comparator)\b)/.test(child.text),
    )
  }

  /** `with X() as v`: `v` is an `X`, as far as `X.__enter__` returns itself, which it does wherever a class is called there. */
  #classOfContext(definition: number): string | null | undefined {
    const { definitionNodes, definitionIdentifiers, tree } = this.#file.tables
    const pattern = tree.node(definitionNodes[definition]!)
    const target = pattern.namedChildren[1]?.namedChildren[0]
    if (target?.index !== definitionIdentifiers[definition]) return null
    const context = pattern.namedChildren[0]
    return context ? classOfValue(this.summary(context), this.#project) : null
  }

  /** A variable of a module or class: its annotation or the call it is bound to. */
  #classOfVariable(name: string): string | null {
    const definition = this.#project.definition(name)
    if (definition?.kind !== 'variable') return null
    const { annotation, value, rebound } = definition.fact
    if (annotation) return classOfAnnotation(this.#project.value(annotation, definition.path), this.#project)
    if (!value || rebound) return null
    const absolute = this.#project.value(value, definition.path)
    return absolute.kind === 'name' ? null : classOfValue(absolute, this.#project)
  }
}

function firstParameter(file: FileSemantics, parameters: number): number {
  const { tree } = file
  for (let child = parameters + 1; child < tree.next[parameters]!; child = tree.next[child]!) {
    if (tree.grammar.isNamed[tree.kind[child]!]) return child
  }
  return -1
}

function unwrap(node: SyntaxNode): SyntaxNode {
  let inner = node
  while (inner.kind === 'parenthesized_expression' && inner.namedChildren[0]) inner = inner.namedChildren[0]
  return inner
}

