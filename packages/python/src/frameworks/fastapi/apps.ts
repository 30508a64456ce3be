import { ancestorsOfClass } from '../../shared/class-ancestors.ts'
import { definitionsAtUse } from '../../shared/names-at-use.ts'
import { allAncestors, classesMadeBy } from '../../shared/made-classes.ts'
import { withoutParentheses } from '../../shared/parentheses.ts'
import type { ClassDefinitionNode, FunctionDefinitionNode } from '../../generated/nodes.ts'
import type { Definition } from '../../scopes/scopes.ts'
import type { PythonServices } from '../../services.ts'
import type { PythonNode } from '../../syntax/node.ts'
import { typeOfAnnotation } from '../../types/annotations.ts'
import { isNoneType, membersOf } from '../../types/type.ts'
import type { Type } from '../../types/type.ts'

/** An application or a router. */
export interface AppObject {
  readonly role: 'app' | 'router'
  readonly framework: 'fastapi' | 'starlette'
}

/** By class; FastAPI's classes derive from Starlette's, so that they come first. */
const APP_CLASSES: readonly (readonly [name: string, app: AppObject])[] = [
  ['fastapi.FastAPI', { role: 'app', framework: 'fastapi' }],
  ['fastapi.APIRouter', { role: 'router', framework: 'fastapi' }],
  ['starlette.applications.Starlette', { role: 'app', framework: 'starlette' }],
  ['starlette.routing.Router', { role: 'router', framework: 'starlette' }],
]

/** One question looks at no more nodes than these. */
const MAX_NODES = 100

/**
 * What an expression is, if it is an app or a router of FastAPI or Starlette: an object of one of these classes or of a project class that derives
 * from one, also of a class that a function makes. Known by what a name is bound to (here or in another module), by annotations, by attributes of
 * `self` and of classes, and by what a factory function returns. `null` for all else: a name alone proves nothing.
 */
export function appObjectOf(context: PythonServices, node: PythonNode): AppObject | null {
  return new AppFinder(context).find(node)
}

/** What the instances of a class are. @param className its qualified name */
export function appClassOf({ project }: Pick<PythonServices, 'project'>, className: string): AppObject | null {
  return appOfClasses(allAncestors(project, [className]))
}

/** Looks behind names and calls that have no type of their own. */
class AppFinder {
  readonly #context: PythonServices
  /** By node: `null` while it is looked at, so that a circle leads nowhere. */
  readonly #known = new Map<PythonNode, AppObject | null>()

  constructor(context: PythonServices) {
    this.#context = context
  }

  find(given: PythonNode): AppObject | null {
    const node = withoutParentheses(given)
    const type = this.#context.typeOf(node)
    if (type.kind !== 'unknown') return this.#ofType(type)
    const known = this.#known.get(node)
    if (known !== undefined || this.#known.size >= MAX_NODES) return known ?? null
    this.#known.set(node, null)
    const found = this.#behind(node) ?? this.#ofClassFactory(node)
    this.#known.set(node, found)
    return found
  }

  #behind(node: PythonNode): AppObject | null {
    if (node.kind === 'identifier') return this.#ofName(node)
    return node.kind === 'call' ? this.#ofLocalCallee(node.function) : null
  }

  #ofType(type: Type): AppObject | null {
    const members = membersOf(type).filter((member) => !isNoneType(member))
    return agreed(members.map((member) => (member.kind === 'instance' ? appClassOf(this.#context, member.class) : null)))
  }

  /** A name that is bound several times, or to something whose type is not known. */
  #ofName(identifier: PythonNode): AppObject | null {
    const { scopes } = this.#context
    const binding = scopes.bindingOf(identifier)
    if (!binding) return null
    const definitions = definitionsAtUse(scopes, binding, identifier).filter(({ value }) => value?.kind !== 'none')
    return agreed(definitions.map((definition) => this.#ofDefinition(definition)))
  }

  #ofDefinition(definition: Definition): AppObject | null {
    const type = this.#context.types.typeOfDefinition(definition)
    if (type.kind !== 'unknown') return this.#ofType(type)
    return definition.value && this.find(definition.value)
  }

  /** A call of a class or of a factory that stands in a function, and so has no qualified name. */
  #ofLocalCallee(callee: PythonNode): AppObject | null {
    if (callee.kind !== 'identifier' || this.#context.resolve(callee) !== null) return null
    const definition = this.#context.scopes.bindingOf(callee)?.onlyDefinition
    if (definition?.kind === 'class') return appOfClasses(new Set(ancestorsOfClass(this.#context, definition.node as ClassDefinitionNode).names))
    return definition?.kind === 'function' ? this.#ofFunction(definition.node as FunctionDefinitionNode) : null
  }

  #ofFunction(definition: FunctionDefinitionNode): AppObject | null {
    const { project, values } = this.#context
    if (definition.return_type) return this.#ofType(typeOfAnnotation(values.annotation(definition.return_type), project))
    return agreed(returnedBy(definition).map((value) => this.find(value)))
  }

  /** `app = Service()` where `Service = make_app_class(...)`, here or in another module. */
  #ofClassFactory(node: PythonNode): AppObject | null {
    const { project, values } = this.#context
    const value = values.of(node)
    const made = value.kind === 'call' && value.callee !== null ? project.valueOf(value.callee) : null
    if (made?.kind !== 'call' || made.callee === null) return null
    return appOfClasses(allAncestors(project, classesMadeBy(project, made.callee)))
  }
}

/** The values of the function's own `return` statements. */
function returnedBy(definition: FunctionDefinitionNode): PythonNode[] {
  const own = [...definition.body.descendants('return_statement')].filter((statement) => statement.closest('function_definition') === definition)
  return own.flatMap((statement) => statement.namedChildren.slice(0, 1))
}

function appOfClasses(names: ReadonlySet<string>): AppObject | null {
  return APP_CLASSES.find(([name]) => names.has(name))?.[1] ?? null
}

/** The one thing that all say; of FastAPI's and Starlette's classes, the latter have less. */
function agreed(apps: readonly (AppObject | null)[]): AppObject | null {
  const [first] = apps
  if (!first || apps.some((app) => app?.role !== first.role)) return null
  return apps.find((app) => app?.framework === 'starlette') ?? first
}
