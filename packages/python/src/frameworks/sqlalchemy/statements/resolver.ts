import type { PythonProject } from '../../../project/python-project.ts'
import type { PythonServices } from '../../../services.ts'
import type { FunctionFact } from '../../../facts/module-fact-types.ts'
import { appendName } from '../../../names/relative-name.ts'
import { lastPart, withoutLastPart } from '../../../shared/dotted-name.ts'
import { UNKNOWN_TYPE, classOf } from '../../../types/type.ts'
import type { Type } from '../../../types/type.ts'
import { sqlalchemyName } from '../library-names.ts'
import { at, followed } from './frames.ts'
import type { Frame, Located, Receiver } from './frames.ts'
import { statementFunctionsFact } from './functions-fact.ts'
import { OPAQUE } from './term.ts'
import type { AttributeTerm, CallTerm, Term } from './term.ts'

/** Functions that call functions that call functions are followed so far. */
const MAX_DEPTH = 8

/** A method or function of the project. */
interface Callee {
  readonly name: string
  readonly path: string
  readonly fact: FunctionFact
  /** The class on which it is called; `null` for functions. */
  readonly class: string | null
  /** Whether the receiver takes the first parameter. */
  readonly isBound: boolean
}

/** Finds out what names mean, and looks into functions of the project. */
export class Resolver {
  readonly project: PythonProject
  readonly #services: PythonServices
  #frames = 0

  constructor(services: PythonServices) {
    this.#services = services
    this.project = services.project
  }

  nextFrameId(): number {
    return ++this.#frames
  }

  /** The canonical qualified name of a name or attribute chain; `null` if it has none. Flask-SQLAlchemy's `db.and_` is `sqlalchemy.and_`. */
  nameOf(located: Located): string | null {
    const attributes: string[] = []
    let current = followed(located)
    while (current.term.kind === 'attribute') {
      attributes.push(current.term.attribute)
      current = followed(at(current.term.object, current))
    }
    if (current.term.kind !== 'name') return null
    const name = this.project.resolveName(attributes.reverse().reduce(appendName, current.term.name), current.frame.path)
    return name === null ? null : sqlalchemyName(this.project, name)
  }

  /** The type of an expression in the file at hand, or of `self`. */
  typeOf({ term, frame }: Located): Type {
    if (term.node && frame.isHere) return this.#services.typeOf(term.node)
    return UNKNOWN_TYPE
  }

  /** The class of which a term is an instance. */
  classOf(located: Located): string | null {
    const { term, frame } = located
    if (term.kind === 'parameter' && frame.receiver?.parameter === term.name) return frame.receiver.class
    return classOf(this.typeOf(located))
  }

  /** The class that a term stands for: `type[User]`, `self.model` where the class of `self` says what it is. */
  classObjectOf(located: Located): string | null {
    const type = this.typeOf(located)
    if (type.kind === 'class') return type.class
    const { term, frame } = located
    if (term.kind === 'parameter' && frame.receiver?.parameter === term.name) return frame.receiver.isClass ? frame.receiver.class : null
    if (term.kind !== 'attribute') return null
    const owner = this.classOf(at(term.object, located))
    const member = owner === null ? null : this.project.member(owner, term.attribute)
    if (member?.fact.kind === 'alias') return this.project.resolveName(member.fact.target, member.path)
    const value = member?.fact.kind === 'variable' && member.fact.value ? this.project.value(member.fact.value, member.path) : null
    return value?.kind === 'name' ? value.name : null
  }

  /** The result of a function or method of the project that has a single `return`; `null` for all else. */
  resultOf(call: Located<CallTerm>): Located | null {
    const callee = this.#calleeOf(at(call.term.function, call))
    return callee && this.#enter(callee, call)
  }

  /** The same for a property. */
  propertyOf(attribute: Located<AttributeTerm>): Located | null {
    const owner = this.classOf(at(attribute.term.object, attribute))
    const callee = owner === null ? null : this.#methodOf(owner, attribute.term.attribute, owner, true)
    return callee?.fact.method === 'property' ? this.#enter(callee, attribute) : null
  }

  /** Whether what is called is a function or method of the project. */
  isProjectFunction(called: Located): boolean {
    return this.#calleeOf(called) !== null
  }

  #enter(callee: Callee, from: Located): Located | null {
    if (from.frame.depth >= MAX_DEPTH) return null
    const { name, path } = callee
    const key = this.project.pathInModule(name, path)
    const found = this.project.part(statementFunctionsFact, path, key)
    if (!found) return null
    const frame: Frame = {
      id: this.nextFrameId(),
      path,
      parameters: from.term.kind === 'call' ? parametersOf(callee, from as Located<CallTerm>) : new Map(),
      receiver: receiverOf(callee),
      isHere: false,
      depth: from.frame.depth + 1,
      definition: (index) => found.definitions[index],
    }
    return { term: found.returns, frame }
  }

  #calleeOf(called: Located): Callee | null {
    const above = this.#calleeOfSuper(called)
    if (above !== undefined) return above
    const type = this.typeOf(called)
    if (type.kind === 'function') {
      const { receiver } = type
      const className = receiver?.kind === 'instance' || receiver?.kind === 'class' ? receiver.class : null
      if (className !== null && this.project.definition(className)?.kind === 'class') {
        return this.#methodOf(className, lastPart(type.name), className, receiver?.kind === 'instance')
      }
      return this.#functionNamed(type.name)
    }
    const { term } = called
    if (term.kind === 'attribute') {
      const owner = this.classOf(followed(at(term.object, called)))
      if (owner !== null && this.project.definition(owner)?.kind === 'class') return this.#methodOf(owner, term.attribute, owner, true)
    }
    const name = this.nameOf(called)
    return name === null ? null : this.#functionNamed(name)
  }

  /** `super().method`; `undefined` if it is something else. */
  #calleeOfSuper(called: Located): Callee | null | undefined {
    const { term, frame } = called
    if (term.kind !== 'attribute' || !isSuper(term.object)) return undefined
    const { receiver } = frame
    if (receiver) return this.#methodAbove(receiver.class, receiver.owner, term.attribute)
    const enclosing = term.node && this.#services.scopes.scopeOf(term.node).enclosingClass
    const owner = enclosing ? this.#services.resolve(enclosing.node) : null
    return owner === null ? null : this.#methodAbove(owner, owner, term.attribute)
  }

  #functionNamed(name: string): Callee | null {
    const definition = this.project.definition(name)
    if (definition?.kind !== 'function') return null
    const { fact, path } = definition
    const owner = withoutLastPart(definition.name)
    const isClassMethod = fact.method === 'class'
    return { name: definition.name, path, fact, class: isClassMethod ? owner : null, isBound: isClassMethod }
  }

  /** A method as an object of the class has it. If a class that derives from it has another one, it is not known which is called. */
  #methodOf(className: string, method: string, receiver: string, isInstance: boolean): Callee | null {
    const member = this.project.member(className, method)
    if (member?.fact.kind !== 'function') return null
    const { fact, path, owner } = member
    if (this.#isOverridden(receiver, method)) return null
    const isBound = fact.method === 'class' || (isInstance && fact.method !== 'static')
    return { name: `${owner}.${method}`, path, fact, class: fact.method === 'static' ? null : receiver, isBound }
  }

  #isOverridden(className: string, method: string): boolean {
    return this.project.subclasses(className).some(({ name }) => {
      const definition = this.project.definition(name)
      return definition?.kind === 'class' && Object.hasOwn(definition.fact.members, method)
    })
  }

  /** What `super()` gives in a method: the method of the next class behind its own in the order of the receiver's ancestors. */
  #methodAbove(className: string, owner: string, method: string): Callee | null {
    const { names } = this.project.ancestors(className)
    for (const name of names.slice(names.indexOf(owner) + 1)) {
      const definition = this.project.definition(name)
      if (definition?.kind !== 'class' || !Object.hasOwn(definition.fact.members, method)) continue
      const fact = definition.fact.members[method]
      if (fact?.kind !== 'function') return null
      return { name: `${name}.${method}`, path: definition.path, fact, class: className, isBound: fact.method !== 'static' }
    }
    return null
  }
}

function receiverOf({ name, fact, class: className, isBound }: Callee): Receiver | null {
  const first = isBound ? fact.parameters[0] : undefined
  if (!first || className === null) return null
  return { parameter: first.name, class: className, owner: withoutLastPart(name), isClass: fact.method === 'class' }
}

function isSuper(term: Term): boolean {
  return term.kind === 'call' && term.function.kind === 'name' && term.function.name === 'builtins.super'
}

/** What a call gives to the parameters of a function. What it may give unseen is opaque; what it leaves out keeps its name. */
function parametersOf({ fact, isBound }: Callee, call: Located<CallTerm>): ReadonlyMap<string, Located> {
  const { arguments: given, keywords, open } = call.term
  const found = new Map<string, Located>()
  const positional = fact.parameters.filter(({ kind }) => kind === 'positional-only' || kind === 'positional-or-keyword').slice(isBound ? 1 : 0)
  for (const [i, { name }] of positional.entries()) if (given[i]) found.set(name, at(given[i], call))
  for (const [name, value] of keywords) if (fact.parameters.some((parameter) => parameter.name === name)) found.set(name, at(value, call))
  if (open) for (const { name } of fact.parameters.slice(isBound ? 1 : 0)) if (!found.has(name)) found.set(name, at(OPAQUE, call))
  return found
}
