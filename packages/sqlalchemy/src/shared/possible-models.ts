import type { Binding, CallNode, Definition, IdentifierNode, ModelHolders, PythonNode, PythonServices, Value } from '@krait/python'
import { ANY_MODEL, lastPart, modelHoldersIndex } from '@krait/python'

/** The models of which an expression may be an instance, an alias or the class; `any` if that is open. */
export type PossibleModels = ReadonlySet<string> | 'any'

const NONE: ReadonlySet<string> = new Set()

/** Deeper expressions may be anything. */
const MAX_DEPTH = 30
/** Longer displays may hold anything. */
const MAX_ITEMS = 30

/** Calls that give rows, or one of several values that they are given. */
const ROWS: ReadonlySet<string> = new Set(
  `all exec execute fetchall fetchmany fetchone first first_or_404 get get_one get_or_404 merge one one_or_404 one_or_none partitions scalar scalar_one
  scalar_one_or_none scalars stream stream_scalars unique`.split(/\s+/),
)
/** Those of them that have the model as an argument. */
const NAMING: ReadonlySet<string> = new Set(['get', 'get_one', 'merge'])
const PASSES: ReadonlySet<string> = new Set(
  'aliased cast choice copy deepcopy enumerate filter getattr list max min next of_type pop reversed set sorted tuple values items with_polymorphic zip'.split(' '),
)

/**
 * Tells by names alone which models an expression may have to do with: more than it has. Spares most expressions of a file the look at their types, which takes
 * the control flow.
 */
export class PossibleModelNames {
  readonly #services: PythonServices
  readonly #holders: ModelHolders
  readonly #ofNode = new Map<number, PossibleModels>()
  readonly #ofBinding = new Map<number, PossibleModels>()
  readonly #ofName = new Map<string, PossibleModels>()

  constructor(services: PythonServices) {
    this.#services = services
    this.#holders = services.project.ask(modelHoldersIndex, 'all')
  }

  /** Whether the project has models at all. */
  get hasModels(): boolean {
    return Object.keys(this.#holders.classes).length > 0
  }

  /** Whether a name may be that of a model. */
  isModelName(name: string): boolean {
    return Object.hasOwn(this.#holders.classes, name)
  }

  #isModel(name: string): boolean {
    const last = lastPart(name)
    return this.isModelName(last) && this.#holders.classes[last]!.includes(name)
  }

  /** Whether it is worth asking what an expression is, since it may be a model that lacks the attribute. */
  mayLack(possible: PossibleModels, attribute: string, has: (model: string, attribute: string) => boolean): boolean {
    if (possible === 'any') return !this.#common.has(attribute)
    for (const model of possible) if (!has(model, attribute)) return true
    return false
  }

  get #common(): ReadonlySet<string> {
    return (this.#commonNames ??= new Set(this.#holders.common))
  }
  #commonNames: ReadonlySet<string> | undefined

  of(node: PythonNode): PossibleModels {
    if (node.kind !== 'identifier') return this.#of(node, 0)
    // Most expressions are variables that were looked at before.
    const binding = this.#services.scopes.tables.bindingOfNode[node.index]!
    return (binding > 0 ? this.#ofBinding.get(binding - 1) : undefined) ?? this.#of(node, 0)
  }

  #of(node: PythonNode, depth: number): PossibleModels {
    if (depth > MAX_DEPTH) return 'any'
    if (node.kind === 'identifier') return this.#identifier(node, depth + 1)
    if (node.kind === 'attribute' && !this.#mayHold(node.attribute.text)) return NONE
    let found = this.#ofNode.get(node.index)
    if (found === undefined) this.#ofNode.set(node.index, (found = this.#find(node, depth + 1)))
    return found
  }

  #find(node: PythonNode, depth: number): PossibleModels {
    switch (node.kind) {
      case 'attribute': {
        const name = this.#services.resolve(node)
        return name === null ? this.#attribute(node.object, node.attribute.text, depth) : this.#named(name)
      }
      case 'call':
        return this.#call(node, depth)
      case 'subscript':
        return this.#of(node.value, depth)
      case 'named_expression':
        return this.#of(node.value, depth)
      case 'await':
      case 'parenthesized_expression':
      case 'list':
      case 'set':
      case 'tuple':
      case 'expression_list':
      case 'conditional_expression':
      case 'boolean_operator':
      case 'dictionary':
      case 'pair':
      case 'list_splat':
        return this.#any(node.namedChildren, depth)
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
        return this.#of(node.body, depth)
      default:
        return NONE
    }
  }

  /** Whether an attribute of this name, of whatever object, may be a model. */
  #mayHold(attribute: string): boolean {
    return this.isModelName(attribute) || Object.hasOwn(this.#holders.attributes, attribute)
  }

  #any(nodes: readonly PythonNode[], depth: number): PossibleModels {
    if (nodes.length > MAX_ITEMS) return 'any'
    return union(nodes.map((node) => this.#of(node, depth)))
  }

  #identifier(node: IdentifierNode, depth: number): PossibleModels {
    const binding = this.#services.scopes.bindingOf(node)
    if (!binding) return this.isModelName(node.text) ? this.#named(this.#services.resolve(node) ?? '') : NONE
    const known = this.#ofBinding.get(binding.index)
    if (known) return known
    // Stands while the definitions are looked at: what leads back adds nothing.
    this.#ofBinding.set(binding.index, NONE)
    const found = this.#bound(binding, node, depth)
    this.#ofBinding.set(binding.index, found)
    return found
  }

  #bound(binding: Binding, node: IdentifierNode, depth: number): PossibleModels {
    const { definitions } = binding
    const isMeaning = definitions.every(({ kind }) => kind === 'import' || kind === 'class' || kind === 'function')
    // Most imports are no models: their names tell.
    if (isMeaning && !definitions.some((definition) => this.isModelName(originalName(definition)))) return NONE
    const name = this.#services.resolve(node)
    return name === null ? union(definitions.map((definition) => this.#definition(definition, depth))) : this.#named(name)
  }

  #attribute(object: PythonNode, attribute: string, depth: number): PossibleModels {
    const possible = named(this.#holders.attributes, attribute)
    const owners = this.#of(object, depth)
    if (owners === 'any' || owners.size === 0) return possible
    // Of a model, it is known where its relationships lead.
    const targets = [...owners].map((owner) => this.#services.project.model(owner)?.relationships.find((candidate) => candidate.attribute === attribute)?.target)
    return targets.every((target) => typeof target === 'string') ? new Set(targets) : possible
  }

  #named(name: string): PossibleModels {
    let found = this.#ofName.get(name)
    if (found === undefined) this.#ofName.set(name, (found = this.#resolved(name)))
    return found
  }

  #resolved(name: string): PossibleModels {
    const { project } = this.#services
    if (this.#isModel(name)) return new Set([name])
    const definition = project.definition(name)
    if (definition?.kind !== 'variable') return NONE
    const { annotation, value } = definition.fact
    if (annotation) return this.#annotated(project.value(annotation, definition.path), 0)
    if (value?.kind !== 'call') return value?.kind === 'await' || value?.kind === 'subscript' ? 'any' : NONE
    const called = project.value(value, definition.path)
    if (called.kind !== 'call') return NONE
    if (called.callee !== null) return this.#resultOf(called.callee)
    return called.function?.kind === 'attribute' && ROWS.has(called.function.attribute) ? 'any' : NONE
  }

  /** What a call of a function or class gives. */
  #resultOf(name: string): PossibleModels {
    const model = this.#named(name)
    if (model === 'any' || model.size > 0) return model
    const definition = this.#services.project.definition(name)
    if (definition?.kind !== 'function') return NONE
    const { returnAnnotation } = definition.fact
    return returnAnnotation ? this.#annotated(this.#services.project.value(returnAnnotation, definition.path), 0) : named(this.#holders.functions, lastPart(name))
  }

  #definition({ kind, node, name, value, annotation, scope }: Definition, depth: number): PossibleModels {
    if (annotation) return this.#annotated(this.#services.values.annotation(annotation), 0)
    switch (kind) {
      case 'parameter':
        return scope.kind === 'function' ? this.#parameter(node, name, scope.node) : NONE
      case 'assignment':
      case 'walrus':
      case 'for': {
        const from = value ?? (node.field('right') as PythonNode | null)
        return from ? this.#of(from, depth) : NONE
      }
      case 'with': {
        const manager = node.namedChildren[0]
        return manager ? this.#of(manager, depth) : NONE
      }
      default:
        return NONE
    }
  }

  /** `self` and `cls` of a model, or what a default such as `Depends(load_user)` gives. */
  #parameter(node: PythonNode, name: IdentifierNode, definition: PythonNode): PossibleModels {
    if (definition.kind !== 'function_definition') return NONE
    if (definition.parameters.namedChildren[0] === node) {
      const around = this.#services.scopes.scopeOf(definition)
      if (around.kind === 'class') return this.#named(this.#services.resolve(around.node) ?? '')
    }
    return node.kind === 'default_parameter' && node.value.kind === 'call' && node.name === name ? 'any' : NONE
  }

  #annotated(annotation: Value, depth: number): PossibleModels {
    if (depth > MAX_ALIASES) return 'any'
    const found: PossibleModels[] = []
    const pending = [annotation]
    for (let value = pending.pop(); value; value = pending.pop()) {
      if (value.kind === 'local') return 'any'
      if (value.kind === 'name') found.push(this.#typeNamed(value.name, depth))
      else if (value.kind === 'subscript') pending.push(value.object, ...value.index)
      else if (value.kind === 'binary') pending.push(value.left, value.right)
    }
    return union(found)
  }

  /** A class, an alias of a type, or a type variable. */
  #typeNamed(name: string, depth: number): PossibleModels {
    if (lastPart(name) === 'Self') return 'any'
    const { project } = this.#services
    if (this.#isModel(name)) return new Set([name])
    const definition = project.definition(name)
    if (definition?.kind !== 'variable' || !definition.fact.value) return NONE
    const { value } = definition.fact
    return value.kind === 'call' ? 'any' : this.#annotated(project.value(value, definition.path), depth + 1)
  }

  #call(node: CallNode, depth: number): PossibleModels {
    const called = node.function
    const identifier = called.kind === 'attribute' ? called.attribute : called
    if (identifier.kind !== 'identifier') return called.kind === 'call' || called.kind === 'subscript' ? 'any' : NONE
    const definition = called === identifier ? this.#services.scopes.bindingOf(identifier)?.onlyDefinition : null
    if (!this.#mayGive(definition?.kind === 'import' ? originalName(definition) : identifier.text)) return NONE
    const resolved = this.#services.resolve(called)
    const name = resolved === null ? identifier.text : lastPart(resolved)
    const given = PASSES.has(name) ? this.#passed(node, depth) : NONE
    if (resolved !== null && !(ROWS.has(name) && this.#services.project.definition(resolved) === null)) return union([given, this.#resultOf(resolved)])
    if (name === 'cls' || name === '__class__') return 'any'
    const isRows = ROWS.has(name) && called.kind === 'attribute'
    return union([given, named(this.#holders.functions, name), isRows ? this.#selected(node, name) : NONE])
  }

  #mayGive(name: string): boolean {
    return ROWS.has(name) || PASSES.has(name) || this.isModelName(name) || Object.hasOwn(this.#holders.functions, name) || name === 'cls' || name === '__class__'
  }

  #passed({ function: called, arguments: given }: CallNode, depth: number): PossibleModels {
    const nodes = [...(called.kind === 'attribute' ? [called.object] : []), ...given.namedChildren]
    return this.#any(nodes.map((node) => (node.kind === 'keyword_argument' ? node.value : node)), depth)
  }

  /** The models that a chain of calls names, also by the variables in it: `session.query(User).first()`; any, if it names none. */
  #selected(call: CallNode, name: string): PossibleModels {
    const found = new Set<string>()
    const seen = new Set<number>()
    const pending: PythonNode[] = [call]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (seen.has(node.index)) continue
      seen.add(node.index)
      if (seen.size > MAX_ITEMS) return 'any'
      for (const part of [...(node.kind === 'identifier' ? [node] : []), ...node.descendants('identifier')]) {
        const isMember = part.parent?.kind === 'attribute' && part.fieldName === 'attribute'
        if (this.isModelName(part.text)) {
          const model = this.#of(isMember ? part.parent : part, 0)
          if (model === 'any') return 'any'
          for (const one of model) found.add(one)
        } else if (!isMember) pending.push(...this.#valuesOf(part))
      }
    }
    // `client.get(url)` and `values.get(key)` are no `session.get(User, id)`.
    return found.size > 0 || NAMING.has(name) ? found : 'any'
  }

  /** What a local variable is assigned. */
  #valuesOf(identifier: IdentifierNode): readonly PythonNode[] {
    const binding = this.#services.scopes.bindingOf(identifier)
    if (!binding || binding.scope.kind === 'module') return []
    return binding.definitions.flatMap(({ kind, value }) => (kind === 'assignment' && value ? [value] : []))
  }
}

/** The name before an import changed it. */
function originalName({ node, name }: Definition): string {
  return node.kind === 'aliased_import' ? lastPart(node.name.text) : name.text
}

/** Longer chains of type aliases may lead to anything. */
const MAX_ALIASES = 4

function named(names: Readonly<Record<string, readonly string[]>>, name: string): PossibleModels {
  const models = Object.hasOwn(names, name) ? names[name]! : undefined
  if (!models) return NONE
  return models.includes(ANY_MODEL) ? 'any' : new Set(models)
}

function union(possible: readonly PossibleModels[]): PossibleModels {
  const some = possible.filter((models) => models === 'any' || models.size > 0)
  if (some.length < 2) return some[0] ?? NONE
  const found = new Set<string>()
  for (const models of some) {
    if (models === 'any') return 'any'
    for (const model of models) found.add(model)
  }
  return found
}
