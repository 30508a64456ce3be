import type { Located, PythonNode, Statement, Statements } from '@krait/python'
import { at, followed, lastPart } from '@krait/python'

type Step = Statement['steps'][number]

const ORDER_METHODS: ReadonlySet<string> = new Set('asc desc nulls_first nulls_last nullsfirst nullslast'.split(' '))
const SELECTING: ReadonlySet<string> = new Set('add_columns add_entity column query select with_entities with_only_columns'.split(' '))
/** Deeper expressions are like no other. */
const MAX_DEPTH = 40

/** The arguments of a step by position. */
export function argumentsOf({ call }: Step): readonly Located[] {
  return call.term.arguments.map((argument) => at(argument, call))
}

/** The name of the method of a step, as it stands in the file at hand. */
export function methodNode({ call }: Step): PythonNode | null {
  const node = call.frame.isHere ? call.term.node : undefined
  if (node?.kind !== 'call') return null
  return node.function.kind === 'attribute' ? node.function.attribute : node.function
}

/** The expressions of all steps of a name, such as `order_by`; `None` takes back what was said before. `null` if some are not known: `*columns`. */
export function expressionsOf(statement: Statement, name: string): readonly Located[] | null {
  let found: Located[] = []
  for (const step of statement.steps) {
    if (step.name !== name) continue
    if (step.call.term.open) return null
    const given = argumentsOf(step).flatMap((argument) => itemsOf(argument))
    const [only] = given
    const { term } = only ? followed(only) : { term: null }
    if (given.length === 1 && term?.kind === 'literal' && (term.value === null || term.value === false)) found = []
    else found.push(...given)
  }
  return found
}

function itemsOf(located: Located): readonly Located[] {
  const { term, frame } = followed(located)
  return term.kind === 'items' && term.type === 'list' && !term.open ? term.items.map((item) => ({ term: item, frame })) : [located]
}

/** Whether more may be selected than is known: `select(*columns)`. */
export function hasOpenSelection({ steps }: Statement): boolean {
  return steps.some(({ name, call }) => SELECTING.has(name) && call.term.open === true)
}

/** An expression without the direction in which it orders, and without its label. */
export function withoutOrder(statements: Statements, start: Located): Located {
  let located = followed(start)
  for (let step = 0; step < MAX_DEPTH; step++) {
    const { term } = located
    if (term.kind !== 'call') return located
    const { function: called } = term
    const name = statements.nameOf(at(called, located))
    const isFunction = name !== null && name.startsWith('sqlalchemy.') && (ORDER_METHODS.has(lastPart(name)) || name === 'sqlalchemy.label')
    if (isFunction) {
      const inner = name === 'sqlalchemy.label' ? (term.arguments[1] ?? term.arguments[0]) : term.arguments[0]
      if (!inner) return located
      located = followed(at(inner, located))
    } else if (called.kind === 'attribute' && (ORDER_METHODS.has(called.attribute) || called.attribute === 'label')) located = followed(at(called.object, located))
    else return located
  }
  return located
}

/** A text that is equal for expressions that are written alike, whatever variables they went through. */
export function expressionKey(statements: Statements, located: Located): string {
  return key(statements, withoutOrder(statements, located), 0)
}

function key(statements: Statements, start: Located, depth: number): string {
  const located = followed(start)
  const { term } = located
  if (depth > MAX_DEPTH) return `? ${depth}`
  const inner = (part: Located['term']): string => key(statements, at(part, located), depth + 1)
  switch (term.kind) {
    case 'name':
    case 'attribute': {
      const name = statements.nameOf(located)
      if (name !== null) return name
      return term.kind === 'attribute' ? `${inner(term.object)}.${term.attribute}` : term.name
    }
    case 'call':
      return `${inner(term.function)}(${[...term.arguments.map(inner), ...term.keywords.map(([name, value]) => `${name}=${inner(value)}`)].join()})`
    case 'subscript':
      return `${inner(term.object)}[${term.index ? inner(term.index) : ''}]`
    case 'operator':
      return `(${term.operands.map(inner).join(` ${term.operator} `)} ${term.operator})`
    case 'items':
      return `[${term.items.map(inner).join()}]`
    case 'literal':
      return JSON.stringify(term.value)
    case 'parameter':
      return `${located.frame.id} ${term.name}`
    case 'local':
      return `${located.frame.id} ${term.definitions.join()}`
    default:
      return term.node?.text ?? '?'
  }
}
