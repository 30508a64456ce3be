import type { AttributeNode, CallNode, PythonNode, PythonServices, SubscriptNode, Value } from '@krait/python'
import { lastPart, withoutParentheses } from '@krait/python'
import { Entities } from './entities.ts'
import { canonicalName, libraryName } from './library-name.ts'
import { isColumn, isRelationship } from './mapped-members.ts'

/** Functions of SQLAlchemy whose result stands in SQL as a value or a condition; those of `func` are beside. */
const CONSTRUCTS: ReadonlySet<string> = new Set([
  ...`all_ and_ any_ asc between bindparam bitwise_not case cast collate column desc distinct exists extract false funcfilter literal literal_column
  not_ null nulls_first nulls_last nullsfirst nullslast or_ over true try_cast tuple_ type_coerce within_group`
    .split(/\s+/)
    .map((name) => `sqlalchemy.${name}`),
  'sqlmodel.col',
])

const FUNCTIONS = ['sqlalchemy.func.', 'sqlalchemy.sql.functions.']

/** Functions that make something with columns in `.c`. */
const SELECTABLES: ReadonlySet<string> = new Set(
  'Table TableClause alias cte except_ except_all intersect intersect_all join lateral outerjoin subquery table tablesample union union_all values'
    .split(' ')
    .map((name) => `sqlalchemy.${name}`),
)
/** Methods that do. */
const SELECTABLE_METHODS: ReadonlySet<string> = new Set('alias cte lateral subquery table_valued tablesample'.split(' '))
const SELECTABLE_CLASSES: ReadonlySet<string> = new Set(
  'Alias CTE FromClause Lateral NamedFromClause Subquery Table TableClause TableSample TableValuedAlias Values'.split(' ').map((name) => `sqlalchemy.${name}`),
)

/** Methods that make a value or a condition out of a statement. */
const STATEMENT_METHODS: ReadonlySet<string> = new Set(['as_scalar', 'exists', 'label', 'scalar_subquery'])
const STATEMENTS: ReadonlySet<string> = new Set(['sqlalchemy.select', 'sqlmodel.select', 'sqlalchemy.exists'])

/** Tells which expressions of a file are SQL when they are evaluated: columns, comparisons of columns, calls of their methods, SQL functions. */
export class SqlExpressions {
  readonly #services: PythonServices
  readonly #entities: Entities
  readonly #notSql = new Set<PythonNode>()

  constructor(services: PythonServices) {
    this.#services = services
    this.#entities = new Entities(services)
  }

  /** Whether an expression is SQL, or has SQL among the operands of its operators. */
  isSql(expression: PythonNode): boolean {
    const visited = new Set<PythonNode>()
    const pending = [expression]
    for (let node = pending.pop(); node; node = pending.pop()) {
      if (visited.has(node) || this.#notSql.has(node)) continue
      visited.add(node)
      if (this.#isSource(node)) return true
      pending.push(...this.#operands(node))
    }
    for (const node of visited) this.#notSql.add(node)
    return false
  }

  /** Whether the expression is the attribute of a model that leads to another model. */
  isRelationship(expression: PythonNode): boolean {
    const node = withoutParentheses(expression)
    const model = node.kind === 'attribute' ? this.#entities.entityOf(node.object)?.model : null
    return node.kind === 'attribute' && typeof model === 'string' && isRelationship(this.#services.project, model, node.attribute.text)
  }

  /** Whether the node makes SQL by itself. */
  #isSource(node: PythonNode): boolean {
    switch (node.kind) {
      case 'attribute':
        return this.#isColumn(node)
      case 'subscript':
        return this.#isColumnOfKey(node)
      case 'call':
        return this.#isConstruct(node)
      default:
        return false
    }
  }

  /** The parts that make the node SQL if they are. */
  #operands(node: PythonNode): readonly PythonNode[] {
    switch (node.kind) {
      case 'parenthesized_expression':
      case 'comparison_operator':
        return node.namedChildren
      case 'binary_operator':
      case 'boolean_operator':
        return [node.left, node.right]
      case 'unary_operator':
      case 'not_operator':
        return [node.argument]
      case 'named_expression':
      case 'subscript':
        return [node.value]
      case 'attribute':
        return node.attribute.text === 'astext' ? [node.object] : []
      case 'call':
        return [node.function.kind === 'attribute' ? node.function.object : node.function]
      case 'identifier': {
        const value = this.#services.scopes.bindingOf(node)?.onlyDefinition?.value
        return value ? [value] : []
      }
      default:
        return []
    }
  }

  /** `User.id` of a model, `users.c.id` of a table. */
  #isColumn({ object, attribute }: AttributeNode): boolean {
    const name = attribute.text
    if (object.kind === 'attribute' && this.#isColumns(object)) return !name.startsWith('__')
    const entity = this.#entities.entityOf(object)
    return entity !== null && isColumn(this.#services.project, entity.model, name)
  }

  /** `users.c["id"]`. */
  #isColumnOfKey({ value }: SubscriptNode): boolean {
    return value.kind === 'attribute' && this.#isColumns(value)
  }

  #isColumns({ object, attribute }: AttributeNode): boolean {
    return (attribute.text === 'c' || attribute.text === 'columns') && this.#isSelectable(object)
  }

  #isSelectable(node: PythonNode): boolean {
    const inner = withoutParentheses(node)
    if (inner.kind === 'call') return this.#makesSelectable(inner)
    if (inner.kind === 'attribute' && inner.attribute.text === '__table__') return this.#entities.entityOf(inner.object) !== null
    if (inner.kind !== 'identifier' && inner.kind !== 'attribute') return false
    const name = this.#services.resolve(inner)
    if (name !== null) return this.#isSelectableValue(this.#services.values.follow({ kind: 'name', name }))
    const className = this.#services.instanceClassOf(inner)
    if (className !== null && SELECTABLE_CLASSES.has(className)) return true
    if (inner.kind !== 'identifier') return false
    const definitions = this.#services.scopes.bindingOf(inner)?.definitions ?? []
    return definitions.length > 0 && definitions.every(({ value }) => value?.kind === 'call' && this.#makesSelectable(value))
  }

  #makesSelectable({ function: called }: CallNode): boolean {
    if (called.kind === 'attribute' && SELECTABLE_METHODS.has(called.attribute.text)) return true
    const name = libraryName(this.#services, called)
    return name !== null && SELECTABLES.has(name)
  }

  #isSelectableValue(value: Value): boolean {
    if (value.kind !== 'call') return false
    if (value.callee !== null && SELECTABLES.has(canonicalName(this.#services.project, value.callee))) return true
    const method = value.callee === null ? (value.function?.kind === 'attribute' ? value.function.attribute : '') : lastPart(value.callee)
    return SELECTABLE_METHODS.has(method)
  }

  /** `func.lower(x)`, `cast(x, Integer)`, `select(User).exists()`; a call of a hybrid method. */
  #isConstruct(call: CallNode): boolean {
    const called = call.function
    if (called.kind === 'attribute' && STATEMENT_METHODS.has(called.attribute.text) && this.#isStatement(called.object)) return true
    if (called.kind === 'attribute') {
      const entity = this.#entities.entityOf(called.object)
      if (entity?.model) return isColumn(this.#services.project, entity.model, called.attribute.text, 'method')
    }
    const name = libraryName(this.#services, called)
    return name !== null && (CONSTRUCTS.has(name) || FUNCTIONS.some((prefix) => name.startsWith(prefix)))
  }

  /** Whether a chain of calls begins with `select(...)` or goes through `query(...)`. */
  #isStatement(node: PythonNode): boolean {
    let current = withoutParentheses(node)
    while (current.kind === 'call') {
      const called = current.function
      const name = libraryName(this.#services, called)
      if (name !== null && STATEMENTS.has(name)) return true
      if (called.kind !== 'attribute') return false
      if (called.attribute.text === 'query') return true
      current = withoutParentheses(called.object)
    }
    return false
  }
}
