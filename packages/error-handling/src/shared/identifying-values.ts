import { classOf, isCallOf } from '@krait/python'
import type { Binding, Definition, PythonNode, PythonRuleContext, Value } from '@krait/python'

type Context = Pick<PythonRuleContext, 'flow' | 'project' | 'scopes' | 'types'>

/** A value that says what a piece of code is about. */
export interface IdentifyingValue {
  /** How code writes it: `order_id`, `order.id`. */
  readonly text: string
  /** A name for it: `order_id`. */
  readonly name: string
}

/** Which of several values says most: what a loop is at, then what was assigned, then what was passed in. */
const RANKS: Readonly<Record<string, number>> = { for: 3, assignment: 2, walrus: 2, with: 2, augmented: 2, parameter: 1 }

/**
 * The value at hand that says best what code is about: a parameter, loop variable or local that certainly has a value there, by its name or by the id of
 * its class. `null` if there is none, and at module level.
 */
export function identifyingValue(context: Context, node: PythonNode, pattern: RegExp): IdentifyingValue | null {
  const scope = context.scopes.scopeOf(node).function
  if (scope?.kind !== 'function') return null
  let best: { readonly value: IdentifyingValue; readonly rank: number } | null = null
  for (const [name, binding] of scope.bindings) {
    if (name === 'self' || name === 'cls') continue
    const definition = binding.definitions.find(({ kind }) => RANKS[kind] !== undefined)
    const rank = definition ? RANKS[definition.kind]! : 0
    if (!definition || (best && rank <= best.rank)) continue
    const value = pattern.test(name) ? { text: name, name } : ofClass(context, definition, name)
    if (value && hasValueAt(context, binding, node) && !isMissing(context, node, value.text, name)) best = { value, rank }
  }
  return best?.value ?? null
}

/** Whether a name certainly has a value there that can identify something: not only `None`, and no flag. */
function hasValueAt(context: Context, binding: Binding, node: PythonNode): boolean {
  const { definitions, unbound } = context.flow(node).definitionsAt(binding, node)
  const known = definitions.filter(({ value }) => value?.kind !== 'none')
  return known.length > 0 && !unbound && known.some((definition) => classOf(context.types.typeOfDefinition(definition)) !== 'builtins.bool')
}

/** Whether a test on the way has found that there is no such value: `if order_id is None:`, `if not order.id:`. */
function isMissing(context: Context, node: PythonNode, text: string, name: string): boolean {
  for (const { test, outcome } of context.flow(node).testsBefore(node)) {
    const [subject, other] = test.kind === 'comparison_operator' ? test.namedChildren : [test]
    if (!subject || (subject.text !== text && subject.text !== name)) continue
    const operator = test.kind === 'comparison_operator' ? test.operators[0]?.kind : undefined
    if (operator === undefined && !outcome) return true
    if (other?.kind === 'none' && outcome === (operator === 'is' || operator === '==')) return true
  }
  return false
}

/** `order.id` of `order: Order`, where the project knows that an order has an id. */
function ofClass({ project, types }: Context, definition: Definition, name: string): IdentifyingValue | null {
  if (!definition.annotation) return null
  const className = classOf(types.typeOfDefinition(definition))
  const declared = className === null ? null : project.definition(className)
  if (className === null || declared?.kind !== 'class') return null
  const attributes = attributesOf(project, className, declared.fact.decorators.map((decorator) => project.value(decorator, declared.path)))
  const attribute = ['id', 'uuid'].find((id) => attributes.includes(id)) ?? attributes.find((candidate) => candidate.endsWith('_id'))
  return attribute === undefined ? null : { text: `${name}.${attribute}`, name: attribute.endsWith('_id') ? attribute : `${name}_${attribute}` }
}

/** The fields of an ORM model, a Pydantic model or a dataclass; none of other classes. */
function attributesOf(project: Context['project'], className: string, decorators: readonly Value[]): readonly string[] {
  const columns = project.model(className)?.columns.map(({ attribute }) => attribute) ?? []
  const fields = project.pydanticModel(className)?.fields.map(({ name }) => name) ?? []
  if (columns.length > 0 || fields.length > 0) return [...columns, ...fields]
  if (project.isSubclassOf(className, DJANGO_MODEL) === true) return ['id']
  if (!decorators.some(isDataclass)) return []
  return project.ancestors(className).names.flatMap((owner) => {
    const definition = project.definition(owner)
    return definition?.kind === 'class' ? Object.keys(definition.fact.members).filter((name) => definition.fact.members[name]?.kind === 'variable') : []
  })
}

const DJANGO_MODEL = ['django.db.models.Model', 'django.db.models.base.Model']

const DATACLASS = ['dataclasses.dataclass', 'pydantic.dataclasses.dataclass', 'attrs.define', 'attrs.frozen', 'attr.s', 'attr.dataclass']

function isDataclass(decorator: Value): boolean {
  return decorator.kind === 'name' ? DATACLASS.includes(decorator.name) : isCallOf(decorator, ...DATACLASS)
}
