import type {
  AttributeAssignment,
  AttributeNode,
  ClassDefinitionNode,
  ClassMember,
  Definition,
  FunctionDefinitionNode,
  IdentifierNode,
  PythonNode,
  PythonProject,
  PythonServices,
  Value,
  VariableFact,
} from '@krait/python'
import { argumentOf, instanceAttributesFact, isCallOf, isModelClass, modelClassKind, withoutParentheses } from '@krait/python'
import { canonicalName, libraryName } from './library-name.ts'
import { unpackedValue } from './unpacked-value.ts'

/** What statements select from: a model class or an alias of one. */
export interface Entity {
  /** The qualified name of the class; `null` for an alias, and where it is one of several. */
  readonly model: string | null
}

const UNNAMED: Entity = { model: null }

/** Longer chains of names, aliases and annotations are not followed. */
const MAX_DEPTH = 10

const ALIAS_MAKERS: ReadonlySet<string> = new Set(['sqlalchemy.orm.aliased', 'sqlalchemy.orm.with_polymorphic', 'sqlalchemy.orm.util.aliased'])
const CLASS_TYPES: ReadonlySet<string> = new Set(['builtins.type', 'typing.Type'])
const ALIAS_TYPES: ReadonlySet<string> = new Set(['sqlalchemy.orm.AliasedClass', 'sqlalchemy.orm.util.AliasedClass'])
const WRAPPERS: ReadonlySet<string> = new Set(['typing.Optional', 'typing.Annotated', 'typing.ClassVar', 'typing.Final', 'typing.Union'])

/** Tells which expressions of a file are model classes or aliases: by name, by `aliased()`, by an annotation `type[M]`, or as `cls`. */
export class Entities {
  readonly #services: PythonServices
  readonly #known = new Map<PythonNode, Entity | null>()

  constructor(services: PythonServices) {
    this.#services = services
  }

  entityOf(node: PythonNode): Entity | null {
    return this.#entity(node, 0)
  }

  #entity(node: PythonNode, depth: number): Entity | null {
    const inner = withoutParentheses(node)
    let entity = this.#known.get(inner)
    if (entity === undefined) this.#known.set(inner, (entity = depth > MAX_DEPTH ? null : this.#find(inner, depth)))
    return entity
  }

  #find(node: PythonNode, depth: number): Entity | null {
    if (node.kind === 'call') return this.#isAliasMaker(libraryName(this.#services, node.function)) ? UNNAMED : null
    if (node.kind !== 'identifier' && node.kind !== 'attribute') return null
    const name = this.#services.resolve(node)
    if (name !== null) return this.#ofName(name, depth)
    return node.kind === 'identifier' ? this.#ofVariable(node, depth) : this.#ofAttribute(node, depth)
  }

  #ofName(name: string, depth: number): Entity | null {
    const { project } = this.#services
    if (isModelClass(project, name)) return { model: name }
    const definition = depth > MAX_DEPTH ? null : project.definition(name)
    return definition?.kind === 'variable' ? this.#ofFact(definition.fact, definition.path, null, depth) : null
  }

  #ofFact({ annotation, value }: VariableFact, path: string, at: PythonNode | null, depth: number): Entity | null {
    const { project } = this.#services
    if (annotation) return this.#ofAnnotation(project.value(annotation, path), at, depth + 1)
    return value ? this.#ofValue(project.value(value, path), depth + 1) : null
  }

  #ofValue(value: Value, depth: number): Entity | null {
    if (value.kind === 'name') return this.#ofName(value.name, depth)
    return value.kind === 'call' && value.callee !== null && this.#isAliasMaker(canonicalName(this.#services.project, value.callee)) ? UNNAMED : null
  }

  #isAliasMaker(name: string | null): boolean {
    return name !== null && ALIAS_MAKERS.has(name)
  }

  /** A local variable or a parameter. */
  #ofVariable(identifier: IdentifierNode, depth: number): Entity | null {
    const definitions = this.#services.scopes.bindingOf(identifier)?.definitions.filter(({ kind }) => kind !== 'delete') ?? []
    const annotated = definitions.find(({ annotation }) => annotation)
    if (annotated?.annotation) {
      return isSplat(annotated) ? null : this.#ofAnnotation(this.#services.values.annotation(annotated.annotation), identifier, depth + 1)
    }
    const method = this.#classMethodOf(identifier)
    if (method) return this.#ofClass(this.#services.values.summary(method.class.name), identifier, depth + 1)
    return merge(
      definitions.map((definition) => {
        const value = definition.value ?? unpackedValue(definition)
        return value && !value.contains(identifier) ? this.#entity(value, depth + 1) : null
      }),
    )
  }

  /** `self.model` and `cls.model`, and attributes of objects whose class is known. */
  #ofAttribute({ object, attribute }: AttributeNode, depth: number): Entity | null {
    const owner = this.#services.instanceClassOf(object) ?? this.#classOfParameter(object)
    if (owner === null) return null
    const member = this.#services.project.member(owner, attribute.text)
    const ofMember = member ? this.#ofMember(member, member.owner === owner ? object : null, depth) : null
    return ofMember ?? this.#ofAssignments(owner, attribute.text, object, depth)
  }

  #ofMember({ fact, path }: ClassMember, at: PythonNode | null, depth: number): Entity | null {
    const { project } = this.#services
    switch (fact.kind) {
      case 'alias': {
        const target = project.resolveName(fact.target, path)
        return target === null ? null : this.#ofName(target, depth + 1)
      }
      case 'variable':
        return this.#ofFact(fact, path, at, depth)
      case 'function':
        return fact.method === 'property' && fact.returnAnnotation
          ? this.#ofAnnotation(project.value(fact.returnAnnotation, path), at, depth + 1)
          : null
      default:
        return null
    }
  }

  /** What methods assign to `self.<attribute>`, in the first class of the hierarchy that does. */
  #ofAssignments(owner: string, attribute: string, at: PythonNode, depth: number): Entity | null {
    const { project } = this.#services
    for (const ancestor of project.ancestors(owner).names) {
      const definition = project.definition(ancestor)
      if (definition?.kind !== 'class') continue
      const classPath = project.pathInModule(ancestor, definition.path)
      const attributes = project.part(instanceAttributesFact, definition.path, classPath)
      const assignments = attributes && Object.hasOwn(attributes, attribute) ? attributes[attribute]! : []
      const place = ancestor === owner ? at : null
      if (assignments.length > 0) return merge(assignments.map((it) => this.#ofAssignment(it, ancestor, definition.path, place, depth)))
    }
    return null
  }

  #ofAssignment({ annotation, value, method }: AttributeAssignment, owner: string, path: string, at: PythonNode | null, depth: number): Entity | null {
    const { project } = this.#services
    if (annotation) return this.#ofAnnotation(project.value(annotation, path), at, depth + 1)
    if (!value) return null
    if (value.kind !== 'local') return this.#ofValue(project.value(value, path), depth + 1)
    const member = value.isParameter ? project.member(owner, method) : null
    const parameter = member?.fact.kind === 'function' ? member.fact.parameters.find(({ name }) => name === value.name) : undefined
    return parameter?.annotation ? this.#ofAnnotation(project.value(parameter.annotation, path), at, depth + 1) : null
  }

  /**
   * An annotation such as `type[User] | None`.
   * @param at where type parameters (`class Repository[M: Base]`) are in sight; `null` if the annotation stands in another class
   */
  #ofAnnotation(annotation: Value, at: PythonNode | null, depth: number): Entity | null {
    if (depth > MAX_DEPTH) return null
    const inner = (value: Value): Entity | null => this.#ofAnnotation(value, at, depth + 1)
    if (annotation.kind === 'name') return this.#ofTypeAlias(annotation.name, at, depth)
    if (annotation.kind === 'binary' && annotation.operator === '|') return merge([annotation.left, annotation.right].filter(isNotNone).map(inner))
    if (annotation.kind !== 'subscript' || annotation.object.kind !== 'name') return null
    const { name } = annotation.object
    const first = annotation.index[0]
    if (CLASS_TYPES.has(name)) return first ? this.#ofClass(first, at, depth + 1) : null
    if (ALIAS_TYPES.has(name)) return UNNAMED
    if (!WRAPPERS.has(name)) return null
    return merge((name === 'typing.Union' ? annotation.index : annotation.index.slice(0, 1)).filter(isNotNone).map(inner))
  }

  #ofTypeAlias(name: string, at: PythonNode | null, depth: number): Entity | null {
    if (name === 'sqlalchemy.orm.DeclarativeMeta') return UNNAMED
    const target = this.#services.project.valueOf(name)
    return target ? this.#ofAnnotation(target, at, depth + 1) : null
  }

  /** What stands in `type[...]`: a model or a base of models, a type variable bound to one, or several of these. */
  #ofClass(value: Value, at: PythonNode | null, depth: number): Entity | null {
    if (depth > MAX_DEPTH) return null
    const inner = (part: Value): Entity | null => this.#ofClass(part, at, depth + 1)
    if (value.kind === 'subscript') return inner(value.object)
    if (value.kind === 'binary' && value.operator === '|') return merge([value.left, value.right].map(inner))
    if (value.kind === 'local') return at ? this.#ofTypeParameter(value.name, at, depth) : null
    if (value.kind === 'tuple') return merge(value.items.map(inner))
    if (value.kind !== 'name') return null
    const { project } = this.#services
    if (modelClassKind(project, value.name) !== null) return { model: value.name }
    const definition = project.definition(value.name)
    if (definition?.kind !== 'variable' || !definition.fact.value) return null
    const made = project.value(definition.fact.value, definition.path)
    if (!isCallOf(made, 'typing.TypeVar')) return inner(made)
    const bound = argumentOf(made, 'bound')
    return bound ? inner(unquoted(bound, project, definition.path)) : merge(made.arguments.slice(1).map(inner))
  }

  /** `M` of `class Repository[M: Base]` or `def load[M: Base](...)`. */
  #ofTypeParameter(name: string, at: PythonNode, depth: number): Entity | null {
    const definition = this.#services.scopes.scopeOf(at).lookup(name)?.onlyDefinition
    const constrained = definition?.kind === 'type-parameter' ? definition.node.namedChildren[0] : undefined
    const bound = constrained?.kind === 'constrained_type' ? constrained.namedChildren[1] : undefined
    return bound ? this.#ofClass(this.#services.values.annotation(bound), at, depth + 1) : null
  }

  #classOfParameter(object: PythonNode): string | null {
    const method = object.kind === 'identifier' ? this.#classMethodOf(object) : null
    return method ? this.#services.resolve(method.class) : null
  }

  /** The method whose `cls` the identifier is: a class method, or the expression of a hybrid property. */
  #classMethodOf(identifier: IdentifierNode): { readonly class: ClassDefinitionNode } | null {
    const definition = this.#services.scopes.bindingOf(identifier)?.onlyDefinition
    if (definition?.kind !== 'parameter') return null
    const { node } = definition.scope
    if (node.kind !== 'function_definition' || node.parameters.namedChildren[0] !== definition.node || !this.#takesClass(node)) return null
    const enclosing = this.#services.scopes.scopeOf(node).node
    return enclosing.kind === 'class_definition' ? { class: enclosing } : null
  }

  #takesClass({ parent }: FunctionDefinitionNode): boolean {
    if (parent?.kind !== 'decorated_definition') return false
    return parent.namedChildren.some((child) => {
      const decorator = child.kind === 'decorator' ? child.namedChildren[0] : undefined
      if (!decorator) return false
      if (decorator.kind === 'attribute' && /^(update_)?expression$|^comparator$/.test(decorator.attribute.text)) return true
      return this.#services.resolvesTo(decorator, CLASS_METHODS)
    })
  }
}

const CLASS_METHODS: ReadonlySet<string> = new Set(['builtins.classmethod', 'sqlalchemy.orm.declared_attr', 'sqlalchemy.orm.declared_attr.directive'])

/** What holds for all of several possibilities; `null` if one of them is no entity. */
function merge(entities: readonly (Entity | null)[]): Entity | null {
  const first = entities[0]
  if (!first || entities.includes(null)) return null
  return entities.every((entity) => entity?.model === first.model) ? first : UNNAMED
}

/** The name in the quotes of `TypeVar("M", bound="Base")`. */
function unquoted(value: Value, project: PythonProject, path: string): Value {
  if (value.kind !== 'literal' || value.type !== 'string' || !/^[\w.]+$/.test(String(value.value))) return value
  const name = project.resolveName(`:${String(value.value)}`, path)
  return name === null ? value : { kind: 'name', name }
}

function isNotNone(value: Value): boolean {
  return !(value.kind === 'literal' && value.type === 'none')
}

/** The annotation of `*args` and `**kwargs` is that of their elements. */
function isSplat({ name, node, kind }: Definition): boolean {
  return kind === 'parameter' && name.parent !== node
}
