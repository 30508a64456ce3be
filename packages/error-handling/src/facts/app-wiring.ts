import { defineFact } from '@krait/core'
import { functionKey, functionKeyAt, withoutParentheses } from '@krait/python'
import type { CallNode, FileSemantics, PythonNode, Value } from '@krait/python'

/**
 * What an application goes by in a file: a name relative to the file for one of the module, `local:app` for a local name or parameter of the function,
 * `local:self.app` for an attribute.
 */
export type AppRef = string

/** What is done with something that may be a web application. */
export interface AppStep {
  readonly on: AppRef
  readonly by: 'middleware' | 'passed' | 'instrumented' | 'mounted' | 'made' | 'returned'
  /** The middleware; of `made` the call that gives the application. */
  readonly value?: Value
  /** `value` is what a loop goes over, and each item a middleware; or its part at this position: `for cls, options in MIDDLEWARES`. */
  readonly each?: { readonly position?: number }
  /** A function of the file, by its key, that is the middleware. */
  readonly function?: string
  /** The application under which it is mounted. */
  readonly under?: AppRef
  /** What it is passed to, relative to the file. */
  readonly callee?: string
  /** It is passed to a method of something that is not known. */
  readonly isUnknown?: true
  /** The position or the name of the argument. */
  readonly argument?: number | string
}

/** By the key of the function, see `CallsByFunction`. */
export type AppWiring = Readonly<Record<string, readonly AppStep[]>>

/** What functions do with applications, as far as it matters for the ids of requests. Asked for files that have to do with an application only. */
export const appWiringFact = defineFact<AppWiring, FileSemantics>({
  name: 'error-handling/app-wiring',
  version: 1,
  onDemand: 'file',
  collect: ({ services: file }) => {
    const found = new Map<string, AppStep[]>()
    const root = file.tree.node(0) as PythonNode
    for (const node of root.descendants('call', 'decorator', 'assignment', 'return_statement')) {
      const steps = new StepReader(file).read(node)
      if (steps.length === 0) continue
      const key = functionKeyAt(file, node.index)
      found.set(key, [...(found.get(key) ?? []), ...steps])
    }
    return Object.fromEntries(found)
  },
})

/** An argument by its position or its name. */
type Argument = readonly [argument: number | string, value: PythonNode]

const REGISTERING: ReadonlySet<string> = new Set(['add_middleware', 'before_request', 'middleware'])
const INSTRUMENTING = /^instrument_(app|fastapi|flask|starlette)$/

class StepReader {
  readonly #file: FileSemantics

  constructor(file: FileSemantics) {
    this.#file = file
  }

  read(node: PythonNode): readonly AppStep[] {
    switch (node.kind) {
      case 'call':
        return this.#call(node)
      case 'decorator':
        return this.#decorator(node)
      case 'assignment':
        return this.#assignment(node.left, node.right)
      case 'return_statement': {
        const [value] = node.namedChildren
        const on = value ? this.#ref(value) : null
        return on === null ? [] : [{ on, by: 'returned' }]
      }
      default:
        return []
    }
  }

  #call(call: CallNode): readonly AppStep[] {
    const called = withoutParentheses(call.function)
    const given = this.#arguments(call)
    // `app.middleware("http")(function)`
    if (called.kind === 'call' && called.function.kind === 'attribute' && called.function.attribute.text === 'middleware') {
      return given.slice(0, 1).flatMap(([, value]) => this.#registered(called.function.kind === 'attribute' ? called.function.object : called, value))
    }
    const method = called.kind === 'attribute' ? called.attribute.text : ''
    if (called.kind === 'attribute' && REGISTERING.has(method) && method !== 'middleware') {
      return given.slice(0, 1).flatMap(([, value]) => this.#registered(called.object, value))
    }
    return given.flatMap(([argument, value]): readonly AppStep[] => {
      const on = this.#ref(value)
      if (on === null) return []
      if (INSTRUMENTING.test(method)) return [{ on, by: 'instrumented' }]
      const under = called.kind === 'attribute' && method === 'mount' ? this.#ref(called.object) : null
      return [under === null ? { on, by: 'passed', argument, ...this.#callee(called) } : { on, by: 'mounted', under }]
    })
  }

  #callee(called: PythonNode): Pick<AppStep, 'callee' | 'isUnknown'> {
    const name = this.#file.names.nameOf(called.index)
    if (name !== null) return { callee: name }
    const key = called.kind === 'identifier' ? this.#localFunction(called) : this.#ownMethod(called)
    return key === null ? { isUnknown: true } : { callee: `:${key}` }
  }

  /** `self.setup`: the method of the class around. */
  #ownMethod(called: PythonNode): string | null {
    if (called.kind !== 'attribute' || called.object.kind !== 'identifier' || called.object.text !== 'self') return null
    const owner = called.closest('class_definition')
    return owner ? `${owner.name.text}.${called.attribute.text}` : null
  }

  /** `@app.middleware("http")` and `@app.before_request`, also called. */
  #decorator(decorator: PythonNode): readonly AppStep[] {
    const written = decorator.namedChildren[0]
    const named = written?.kind === 'call' ? written.function : written
    const definition = decorator.parent?.namedChildren.at(-1)
    if (named?.kind !== 'attribute' || !REGISTERING.has(named.attribute.text) || definition?.kind !== 'function_definition') return []
    const on = this.#ref(named.object)
    return on === null ? [] : [{ on, by: 'middleware', function: functionKey(this.#file, this.#file.scopeMadeBy(definition.index)) }]
  }

  #registered(app: PythonNode, value: PythonNode): readonly AppStep[] {
    const on = this.#ref(app)
    if (on === null) return []
    const key = value.kind === 'identifier' && this.#file.names.nameOf(value.index) === null ? this.#localFunction(value) : null
    return [{ on, by: 'middleware', ...(key === null ? this.#given(value) : { function: key }) }]
  }

  #given(value: PythonNode): Pick<AppStep, 'value' | 'each'> {
    const definition = value.kind === 'identifier' ? this.#file.scopes.bindingOf(value)?.onlyDefinition : null
    if (definition?.node.kind !== 'for_statement') return { value: this.#file.values.summarise(value.index) }
    const { left, right } = definition.node
    const position = left === definition.name ? undefined : left.namedChildren.indexOf(definition.name)
    return { value: this.#file.values.summarise(right.index), each: position === undefined ? {} : { position } }
  }

  /** `app = create_app()`, and `app.wsgi_app = Middleware(app.wsgi_app)`. */
  #assignment(target: PythonNode, given: PythonNode | null): readonly AppStep[] {
    const value = given && withoutParentheses(given)
    if (value?.kind !== 'call') return []
    if (target.kind === 'attribute' && target.attribute.text === 'wsgi_app') return this.#registered(target.object, withoutParentheses(value.function))
    const on = this.#ref(target)
    return on === null ? [] : [{ on, by: 'made', value: this.#file.values.summarise(value.index) }]
  }

  #arguments({ arguments: list }: CallNode): readonly Argument[] {
    if (list?.kind !== 'argument_list') return []
    return list.namedChildren.flatMap((child, position): readonly Argument[] => {
      if (child.kind === 'keyword_argument') return [[child.name.text, child.value]]
      return child.kind === 'list_splat' || child.kind === 'dictionary_splat' ? [] : [[position, child]]
    })
  }

  #ref(expression: PythonNode): AppRef | null {
    const node = withoutParentheses(expression)
    if (node.kind !== 'identifier' && node.kind !== 'attribute') return null
    const name = this.#file.names.nameOf(node.index)
    if (name !== null) return name
    if (node.kind === 'attribute' && node.object.kind !== 'identifier') return null
    return `local:${node.text}`
  }

  #localFunction(identifier: PythonNode): string | null {
    const definition = this.#file.scopes.bindingOf(identifier)?.onlyDefinition
    return definition?.kind === 'function' ? functionKey(this.#file, this.#file.scopeMadeBy(definition.node.index)) : null
  }
}
