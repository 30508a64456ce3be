import { withoutParentheses } from '@krait/python'
import type { Binding, ClassDefinitionNode, FunctionDefinitionNode, PythonNode, PythonServices, Scope } from '@krait/python'

/** Something that outlives a call: a global, an attribute of a class or of the object itself, or an element of a container in one of these. */
export interface SharedPlace {
  /** Equal for the same place of one file. */
  readonly key: string
  /** As it is written: `self._busy`, `_state["busy"]`. */
  readonly text: string
  /** The variable or attribute, without an element of it: `self._active` for `self._active[k]`. */
  readonly variable: SharedVariable
  /** The key of the element; `null` for a whole variable. */
  readonly element: PythonNode | null
}

interface SharedVariable {
  readonly kind: 'global' | 'class' | 'object'
  readonly key: string
  /** The name of the global or attribute. */
  readonly name: string
  /** The binding of a global that a bare name means. */
  readonly binding: Binding | null
  /** The class of an attribute, if it stands in this file. */
  readonly owner: ClassDefinitionNode | null
}

/** The shared place that an expression means; `null` for locals, for attributes of parameters, and for what is not known. */
export function sharedPlace(context: PythonServices, expression: PythonNode): SharedPlace | null {
  const node = withoutParentheses(expression)
  if (node.kind === 'subscript') {
    const [element, ...others] = node.subscript
    const variable = element && others.length === 0 && element.kind !== 'slice' ? sharedVariable(context, withoutParentheses(node.value)) : null
    return variable && element ? { key: `${variable.key}[${element.text}]`, text: node.text, variable, element } : null
  }
  const variable = sharedVariable(context, node)
  return variable && { key: variable.key, text: node.text, variable, element: null }
}

/** The global or attribute that an expression means. */
function sharedVariable(context: PythonServices, node: PythonNode): SharedVariable | null {
  if (node.kind === 'identifier') return globalNamed(context, node)
  if (node.kind !== 'attribute') return null
  const name = node.attribute.text
  const object = withoutParentheses(node.object)
  if (object.kind === 'identifier') {
    const receiver = receiverOf(context, object)
    if (receiver) return { ...receiver, key: `${receiver.kind} ${receiver.owner.index}.${name}`, name, binding: null }
  }
  return variableNamed(context, node, object)
}

/** A name that the file binds at its top: there, or in a function under `global`. */
function globalNamed(context: PythonServices, identifier: PythonNode): SharedVariable | null {
  const binding = context.scopes.bindingOf(identifier)
  if (binding?.scope.kind !== 'module') return null
  const isImported = binding.definitions.some(({ kind }) => kind === 'import')
  if (isImported && !isProjectVariable(context, context.resolve(identifier))) return null
  return { kind: 'global', key: `global ${binding.index}`, name: binding.name, binding, owner: null }
}

/** `Jobs.running` and `state.running`: an attribute of a class or module of the project. */
function variableNamed(context: PythonServices, node: PythonNode, object: PythonNode): SharedVariable | null {
  const holder = context.resolve(object)
  const definition = holder === null ? null : context.project.definition(holder)
  if (node.kind !== 'attribute' || !definition) return null
  const name = node.attribute.text
  if (definition.kind === 'class') {
    const binding = object.kind === 'identifier' ? context.scopes.bindingOf(object)?.onlyDefinition : null
    const owner = binding?.kind === 'class' ? (binding.node as ClassDefinitionNode) : null
    return { kind: 'class', key: owner ? `class ${owner.index}.${name}` : `${definition.name}.${name}`, name, binding: null, owner }
  }
  if (definition.kind !== 'module' || !isProjectVariable(context, `${definition.name}.${name}`)) return null
  return { kind: 'global', key: `${definition.name}.${name}`, name, binding: null, owner: null }
}

function isProjectVariable({ project }: PythonServices, name: string | null): boolean {
  return name !== null && project.definition(name)?.kind === 'variable'
}

/** The class of `self` or `cls`: the first parameter of the method around. */
export function receiverOf({ scopes }: PythonServices, identifier: PythonNode): { readonly kind: 'class' | 'object'; readonly owner: ClassDefinitionNode } | null {
  const binding = scopes.bindingOf(identifier)
  const method = binding && methodOf(binding.scope)
  if (!method || firstParameter(method.definition) !== identifier.text) return null
  const decorators = decoratorsOf(method.definition)
  if (decorators.includes('staticmethod')) return null
  return { kind: decorators.includes('classmethod') ? 'class' : 'object', owner: method.owner }
}

function methodOf({ node, parent }: Scope): { readonly definition: FunctionDefinitionNode; readonly owner: ClassDefinitionNode } | null {
  if (node.kind !== 'function_definition' || parent?.node.kind !== 'class_definition') return null
  return { definition: node, owner: parent.node }
}

function firstParameter({ parameters }: FunctionDefinitionNode): string | null {
  const [first] = parameters.namedChildren
  if (first?.kind === 'typed_parameter') return first.namedChildren[0]?.text ?? null
  return first?.kind === 'identifier' ? first.text : null
}

function decoratorsOf({ parent }: FunctionDefinitionNode): readonly string[] {
  if (parent?.kind !== 'decorated_definition') return []
  return parent.namedChildren.flatMap((child) => (child.kind === 'decorator' ? [child.namedChildren[0]?.text ?? ''] : []))
}
