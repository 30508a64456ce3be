import { classOf, keywordArguments, lastPart, stringText, withoutParentheses } from '@krait/python'
import type { AttributeNode, CallNode, ComparisonOperatorNode, PythonNode, PythonRuleContext } from '@krait/python'
import type { LevelNames } from './log-levels.ts'

type Context = Pick<PythonRuleContext, 'project' | 'resolve' | 'scopes' | 'typeOf' | 'values'>

/** A part of a query that compares the level of log rows. */
export interface LevelFilter {
  /** What is reported: the comparison, or the call. */
  readonly node: PythonNode
  /** The model as it is written; empty if it is not said. */
  readonly model: string
  readonly levels: readonly string[]
  /** Whether rows of these levels are selected, or left out. */
  readonly selects: boolean
  /** The collection that is written, where there is one. */
  readonly collection: PythonNode | null
}

/** Finds comparisons of level attributes in queries. */
export class LevelFilters {
  readonly #context: Context
  readonly #names: LevelNames
  readonly #attributes: ReadonlySet<string>

  constructor(context: Context, names: LevelNames, attributes: readonly string[]) {
    this.#context = context
    this.#names = names
    this.#attributes = new Set(attributes)
  }

  /** `X.level.in_(S)`, `X.level.not_in(S)`; Django's `filter(level__in=S)` and `exclude(level=...)`; `or_(X.level == a, X.level == b)`. */
  ofCall(call: CallNode): LevelFilter | null {
    const called = call.function
    const name = called?.kind === 'attribute' ? called.attribute.text : called?.kind === 'identifier' ? called.text : ''
    switch (name) {
      case 'in_':
      case 'not_in':
      case 'notin_':
        return called.kind === 'attribute' ? this.#membership(call, called, name === 'in_') : null
      case 'filter':
      case 'filter_by':
      case 'exclude':
        return called.kind === 'attribute' ? this.#keywords(call, called.object, name !== 'exclude') : null
      case 'Q':
        return isAlternative(call.parent) ? null : this.#condition(call)
      default:
        return name.includes('or_') && this.#isOr(called) ? this.#alternatives(call, call.arguments.namedChildren) : null
    }
  }

  /** `(X.level == a) | (X.level == b)`, from the outermost operator. */
  ofAlternatives(node: PythonNode): LevelFilter | null {
    if (node.kind !== 'binary_operator' || node.operator.kind !== '|' || isAlternative(node.parent)) return null
    const parts: PythonNode[] = []
    let current: PythonNode = node
    while (current.kind === 'binary_operator' && current.operator.kind === '|') {
      parts.push(current.right)
      current = withoutParentheses(current.left)
    }
    return this.#alternatives(node, [...parts, current].reverse())
  }

  /** `X.level == a`, `X.level != a` */
  ofComparison(node: ComparisonOperatorNode): LevelFilter | null {
    const [left, right, ...others] = node.namedChildren
    const operator = node.operators[0]?.kind
    if (!left || !right || others.length > 0 || (operator !== '==' && operator !== '!=')) return null
    const first = columnIn(left)
    const second = columnIn(right)
    const isFirst = this.#isLevel(first)
    const column = isFirst ? first : this.#isLevel(second) ? second : null
    if (column?.kind !== 'attribute' || !this.#isColumn(column)) return null
    const level = this.#names.of(isFirst ? right : left)
    if (level === null || !this.#holdsLevels(column)) return null
    return { node, model: modelOf(column), levels: [level], selects: (operator === '==') !== isNegated(this.#context, node), collection: null }
  }

  #isLevel(node: PythonNode): boolean {
    return node.kind === 'attribute' && this.#attributes.has(node.attribute.text)
  }

  /** Whether an attribute stands for a column: that of a class or table, or one in the condition of a query whose owner nobody knows. */
  #isColumn({ object }: AttributeNode): boolean {
    const type = this.#context.typeOf(object)
    if (type.kind === 'class') return true
    if (object.kind === 'attribute' && (object.attribute.text === 'c' || object.attribute.text === 'columns')) return true
    const name = this.#context.resolve(object)
    if (name !== null && this.#context.project.model(name)) return true
    return type.kind === 'unknown' && object.kind === 'identifier' && /^[A-Z]/.test(object.text) && isInQuery(object)
  }

  /** An enum that has other members than levels is about something else. */
  #holdsLevels(column: AttributeNode): boolean {
    const className = classOf(this.#context.typeOf(column))
    return className === null || this.#names.isLevelEnum(className)
  }

  #membership(call: CallNode, { object }: AttributeNode, isIn: boolean): LevelFilter | null {
    const column = columnIn(object)
    const collection = call.arguments.namedChildren[0]
    if (column.kind !== 'attribute' || !this.#isLevel(column) || !collection || !this.#holdsLevels(column)) return null
    const levels = this.#names.ofCollection(collection)
    return levels && { node: call, model: modelOf(column), levels, selects: isIn !== isNegated(this.#context, call), collection }
  }

  /** Django's `Q(level__in=S)`, in a `filter()` or `exclude()`. */
  #condition(call: CallNode): LevelFilter | null {
    const name = this.#context.resolve(call.function)
    if (name !== 'django.db.models.Q' && name !== 'django.db.models.query_utils.Q') return null
    const query = queryOf(call)
    return query && this.#keywords(call, query.object, (query.attribute.text !== 'exclude') !== isNegated(this.#context, call))
  }

  #keywords(call: CallNode, object: PythonNode, selects: boolean): LevelFilter | null {
    if (!call.arguments.namedChildren.some(({ kind }) => kind === 'keyword_argument')) return null
    for (const [keyword, value] of keywordArguments(call)) {
      const isIn = keyword.endsWith('__in')
      const name = (isIn ? keyword.slice(0, -'__in'.length) : keyword.replace(/__i?exact$/, '')).split('__').at(-1)!
      if (!this.#attributes.has(name)) continue
      const level = isIn ? null : this.#names.of(value)
      const levels = isIn ? this.#names.ofCollection(value) : level === null ? null : [level]
      if (levels) return { node: call, model: managerOf(object), levels, selects, collection: isIn ? value : null }
    }
    return null
  }

  #isOr(called: PythonNode): boolean {
    const name = this.#context.resolve(called)
    return name !== null && lastPart(name) === 'or_' && /^(sqlalchemy|sqlmodel)\./.test(name)
  }

  #alternatives(node: PythonNode, parts: readonly PythonNode[]): LevelFilter | null {
    const filters = parts.map((part) => {
      const inner = withoutParentheses(part)
      if (inner.kind === 'comparison_operator') return this.ofComparison(inner)
      return inner.kind === 'call' && inner.function.text.endsWith('Q') ? this.#condition(inner) : null
    })
    const model = filters[0]?.model
    if (filters.length < 2 || filters.some((filter) => !filter?.selects || filter.model !== model)) return null
    return { node, model: model!, levels: filters.flatMap((filter) => filter!.levels), selects: true, collection: null }
  }
}

/** What wraps a column and leaves its values the same, but for their case or type. */
const WRAPPING: ReadonlySet<string> = new Set(['cast', 'col', 'lower', 'type_coerce', 'upper'])

/** `ActionLog.level` for itself, `col(ActionLog.level)` and `func.lower(ActionLog.level)`. */
function columnIn(expression: PythonNode): PythonNode {
  const node = withoutParentheses(expression)
  if (node.kind !== 'call') return node
  const name = node.function.kind === 'attribute' ? node.function.attribute.text : node.function.text
  const [given] = node.arguments.namedChildren
  return given && WRAPPING.has(name) ? withoutParentheses(given) : node
}

function isAlternative(parent: PythonNode | null): boolean {
  let node = parent
  while (node?.kind === 'parenthesized_expression') node = node.parent
  return node?.kind === 'binary_operator' && node.operator.kind === '|'
}

/** `~condition`, `not_(condition)` */
function isNegated(context: Context, condition: PythonNode): boolean {
  let node = condition.parent
  while (node?.kind === 'parenthesized_expression') node = node.parent
  if (node?.kind === 'unary_operator') return node.children[0]?.kind === '~'
  const call = node?.kind === 'argument_list' ? node.parent : null
  return call?.kind === 'call' && lastPart(context.resolve(call.function) ?? '') === 'not_'
}

const CONDITIONS: ReadonlySet<string> = new Set(['and_', 'filter', 'having', 'not_', 'or_', 'where'])

/** Whether a node stands in the arguments of what makes the condition of a query. */
function isInQuery(node: PythonNode): boolean {
  for (let call = node.closest('call', 'function_definition', 'if_statement'); call?.kind === 'call'; call = call.closest('call', 'function_definition', 'if_statement')) {
    const called = call.function
    const name = called.kind === 'attribute' ? called.attribute.text : called.kind === 'identifier' ? called.text : ''
    if (CONDITIONS.has(name) && call.arguments.contains(node)) return true
  }
  return false
}

/** The `objects.filter` of a query in the arguments of which a condition stands. */
function queryOf(condition: PythonNode): AttributeNode | null {
  for (let call = condition.closest('call', 'function_definition'); call?.kind === 'call'; call = call.closest('call', 'function_definition')) {
    const called = call.function
    if (called.kind === 'attribute' && (called.attribute.text === 'filter' || called.attribute.text === 'exclude')) return called
  }
  return null
}

/** `ActionLog` for `ActionLog.level` and `ActionLog.c.level`. */
function modelOf({ object }: AttributeNode): string {
  return object.text.replace(/\.(c|columns)$/, '')
}

/** `ActionLog` for `ActionLog.objects.filter(...)`; empty for a query that begins elsewhere. */
function managerOf(receiver: PythonNode): string {
  let node = receiver
  for (;;) {
    if (node.kind === 'call') node = node.function
    else if (node.kind === 'attribute' && node.object.kind === 'identifier') return node.attribute.text === 'objects' ? node.object.text : ''
    else if (node.kind === 'attribute') node = node.object
    else return ''
  }
}

/** The text of a key of a dictionary. */
export function keyText(pair: PythonNode): string | null {
  return pair.kind === 'pair' ? stringText(pair.key) : null
}
