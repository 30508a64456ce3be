import type { FunctionFact } from '../../../facts/module-fact-types.ts'
import type { Value } from '../../../values/value.ts'
import type { Frame, Located } from './frames.ts'
import type { Resolver } from './resolver.ts'
import type { Source } from './statement.ts'
import { OPAQUE, termOfValue } from './term.ts'

/** Finds what hybrid properties are in SQL. */
export class Hybrids {
  readonly #resolver: Resolver

  constructor(resolver: Resolver) {
    this.#resolver = resolver
  }

  /**
   * What a hybrid property of a model returns: that of `@<name>.inplace.expression` if there is one, else of the property itself. `null` where it is
   * not a single expression, or where a later definition of the same name takes its place.
   */
  bodyOf({ model, isAlias }: Source, attribute: string): Located | null {
    // In an alias the class is another one.
    if (!model || isAlias) return null
    const { project } = this.#resolver
    const member = project.member(model.name, attribute)
    if (member?.fact.kind !== 'function' || member.fact.rebound) return null
    const definition = project.definition(member.owner)
    const members = definition?.kind === 'class' ? Object.values(definition.fact.members) : []
    const functions = members.filter((fact): fact is FunctionFact => fact.kind === 'function')
    const expression = functions.find(({ decorators }) => decorators.some((decorator) => isExpressionOf(decorator, attribute)))
    const { returns, returnsOpen, parameters, fallsOff } = expression ?? member.fact
    const [value] = returns
    if (!value || returns.length > 1 || returnsOpen || fallsOff) return null
    const self = parameters[0]?.name ?? ''
    const frame: Frame = {
      id: this.#resolver.nextFrameId(),
      path: member.path,
      parameters: new Map(),
      receiver: { parameter: self, class: model.name, owner: member.owner, isClass: true },
      isHere: false,
      depth: 1,
      definition: () => OPAQUE,
    }
    return { term: termOfValue(value), frame }
  }
}

/** `@is_deleted.inplace.expression`. */
function isExpressionOf(decorator: Value, attribute: string): boolean {
  if (decorator.kind !== 'name') return false
  const property = decorator.name.replace(/\.(inplace\.)?expression$/, '')
  return property !== decorator.name && property.endsWith(`.${attribute}`)
}
