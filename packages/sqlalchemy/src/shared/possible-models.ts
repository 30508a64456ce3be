import type { Binding, CallNode, Definition, IdentifierNode, PythonNode, PythonServices } from '@krait/python'
import { lastPart } from '@krait/python'
import { HeldNames } from './held-names.ts'
import { NO_MODELS, ROWS, union } from './model-names.ts'
import type { ModelNames, PossibleModels } from './model-names.ts'

/** Deeper expressions may be anything. */
const MAX_DEPTH = 30
/** Longer displays may hold anything. */
const MAX_ITEMS = 30

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
  readonly #names: ModelNames
  readonly #held: HeldNames
  readonly #ofNode = new Map<number, PossibleModels>()
  readonly #ofBinding = new Map<number, PossibleModels>()

  constructor(services: PythonServices, names: ModelNames) {
    this.#services = services
    this.#names = names
    this.#held = new HeldNames(services.project)
  }

  of(node: PythonNode): PossibleModels {
    if (node.kind !== 'identifier') return this.#of(node, 0)
    // Most expressions are variables that were looked at before.
    const binding = this.#services.scopes.tables.bindingOfNode[node.index]!
    return (binding > 0 ? this.#ofBinding.get(binding - 1) : undefined) ?? this.#of(node, 0)
  }

  #of(node: PythonNode, depth: number): PossibleModels {
    if (depth > MAX_DEPTH) return 'any'
    if (node.kind === 'identifier') return this.#identifier(node, depth + 1)
    if (node.kind === 'attribute' && !this.#held.mayHold(node.attribute.text)) return NO_MODELS
    let found = this.#ofNode.get(node.index)
    if (found === undefined) this.#ofNode.set(node.index, (found = this.#find(node, depth + 1)))
    return found
  }

  #find(node: PythonNode, depth: number): PossibleModels {
    switch (node.kind) {
      case 'attribute': {
        const name = this.#services.resolve(node)
        return name === null ? this.#attribute(node.object, node.attribute.text, depth) : this.#names.named(name)
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
        return NO_MODELS
    }
  }

  #any(nodes: readonly PythonNode[], depth: number): PossibleModels {
    if (nodes.length > MAX_ITEMS) return 'any'
    return union(nodes.map((node) => this.#of(node, depth)))
  }

  #identifier(node: IdentifierNode, depth: number): PossibleModels {
    const binding = this.#services.scopes.bindingOf(node)
    if (!binding) return this.#held.isModelName(node.text) ? this.#names.named(this.#services.resolve(node) ?? '') : NO_MODELS
    const known = this.#ofBinding.get(binding.index)
    if (known) return known
    // Stands while the definitions are looked at: what leads back adds nothing.
    this.#ofBinding.set(binding.index, NO_MODELS)
    const found = this.#bound(binding, node, depth)
    this.#ofBinding.set(binding.index, found)
    return found
  }

  #bound(binding: Binding, node: IdentifierNode, depth: number): PossibleModels {
    const { definitions } = binding
    const isMeaning = definitions.every(({ kind }) => kind === 'import' || kind === 'class' || kind === 'function')
    // Most imports are no models: their names tell.
    if (isMeaning && !definitions.some((definition) => this.#held.isModelName(originalName(definition)))) return NO_MODELS
    const name = this.#services.resolve(node)
    return name === null ? union(definitions.map((definition) => this.#definition(definition, depth))) : this.#names.named(name)
  }

  #attribute(object: PythonNode, attribute: string, depth: number): PossibleModels {
    const possible = this.#held.ofAttribute(attribute)
    const owners = this.#of(object, depth)
    if (owners === 'any' || owners.size === 0) return possible
    // Of a model, it is known where its relationships lead.
    const targets = [...owners].map((owner) => this.#services.project.model(owner)?.relationships.find((candidate) => candidate.attribute === attribute)?.target)
    return targets.every((target) => typeof target === 'string') ? new Set(targets) : possible
  }

  #definition({ kind, node, name, value, annotation, scope }: Definition, depth: number): PossibleModels {
    if (annotation) return this.#names.annotated(this.#services.values.annotation(annotation), 0)
    switch (kind) {
      case 'parameter':
        return scope.kind === 'function' ? this.#parameter(node, name, scope.node) : NO_MODELS
      case 'assignment':
      case 'walrus':
      case 'for': {
        const from = value ?? (node.field('right') as PythonNode | null)
        return from ? this.#of(from, depth) : NO_MODELS
      }
      case 'with': {
        const manager = node.namedChildren[0]
        return manager ? this.#of(manager, depth) : NO_MODELS
      }
      default:
        return NO_MODELS
    }
  }

  /** `self` and `cls` of a model, or what a default such as `Depends(load_user)` gives. */
  #parameter(node: PythonNode, name: IdentifierNode, definition: PythonNode): PossibleModels {
    if (definition.kind !== 'function_definition') return NO_MODELS
    if (definition.parameters.namedChildren[0] === node) {
      const around = this.#services.scopes.scopeOf(definition)
      if (around.kind === 'class') return this.#names.named(this.#services.resolve(around.node) ?? '')
    }
    return node.kind === 'default_parameter' && node.value.kind === 'call' && node.name === name ? 'any' : NO_MODELS
  }

  #call(node: CallNode, depth: number): PossibleModels {
    const called = node.function
    const identifier = called.kind === 'attribute' ? called.attribute : called
    if (identifier.kind !== 'identifier') return called.kind === 'call' || called.kind === 'subscript' ? 'any' : NO_MODELS
    const definition = called === identifier ? this.#services.scopes.bindingOf(identifier)?.onlyDefinition : null
    if (!this.#mayGive(definition?.kind === 'import' ? originalName(definition) : identifier.text)) return NO_MODELS
    const resolved = this.#services.resolve(called)
    const name = resolved === null ? identifier.text : lastPart(resolved)
    const given = PASSES.has(name) ? this.#passed(node, depth) : NO_MODELS
    if (resolved !== null && !(ROWS.has(name) && this.#services.project.definition(resolved) === null)) return union([given, this.#names.resultOf(resolved)])
    if (name === 'cls' || name === '__class__') return 'any'
    const isRows = ROWS.has(name) && called.kind === 'attribute'
    return union([given, this.#held.ofFunction(name), isRows ? this.#selected(node, name) : NO_MODELS])
  }

  #mayGive(name: string): boolean {
    return PASSES.has(name) || this.#held.mayGive(name) || name === 'cls' || name === '__class__'
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
        if (this.#held.isModelName(part.text)) {
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
