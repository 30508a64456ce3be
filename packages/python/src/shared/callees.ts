import { functionFact } from '../facts/function-fact.ts'
import type { ClassFact, FunctionFact } from '../facts/module-fact-types.ts'
import { semanticsOf } from '../file-semantics.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { withoutParentheses } from './parentheses.ts'

/** A function of the project. */
export interface FunctionCallee {
  readonly kind: 'function'
  /** The qualified name; of a function that stands in a function, its own name. */
  readonly name: string
  /** The file to which the names in `fact` are relative. */
  readonly path: string
  readonly fact: FunctionFact
}

/** A class of the project. */
export interface ClassCallee {
  readonly kind: 'class'
  readonly name: string
  readonly path: string
  readonly fact: ClassFact
}

export type Callee = FunctionCallee | ClassCallee

/**
 * The function or class of the project that a call of the expression calls: a name, also of another module or of a nested function; a method of an
 * object whose class is known. `null` for what is not known and for libraries.
 */
export function calleeOf(context: PythonServices, expression: PythonNode): Callee | null {
  const node = withoutParentheses(expression)
  const type = context.typeOf(node)
  if (type.kind === 'function') return calleeNamed(context, type.name)
  if (type.kind === 'class') return calleeNamed(context, type.class)
  return type.kind === 'unknown' && node.kind === 'identifier' ? localFunction(context, node) : null
}

function calleeNamed({ project }: PythonServices, name: string): Callee | null {
  const definition = project.definition(name)
  return definition?.kind === 'function' || definition?.kind === 'class' ? definition : null
}

function localFunction(context: PythonServices, identifier: PythonNode): FunctionCallee | null {
  const definition = context.scopes.bindingOf(identifier)?.onlyDefinition
  if (definition?.kind !== 'function') return null
  const fact = functionFact(semanticsOf(identifier.tree), definition.node.index, definition.scope.kind === 'class')
  return { kind: 'function', name: identifier.text, path: context.project.path, fact }
}
