import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, IdentifierNode, KnownStatement, NameFromModule, PythonNode, Statement } from '@krait/python'
import { defineRule, isTestFile, lastPart, nameFromModule, positionalArguments, sessionOf, statementsOf, withoutAwait } from '@krait/python'

const ALL: ReadonlySet<string> = new Set(['all', 'fetchall'])
const PASSES: ReadonlySet<string> = new Set(['mappings', 'scalars', 'tuples', 'unique'])
const EXECUTING: ReadonlySet<string> = new Set(['exec', 'execute', 'scalars'])
/** Steps that `select(func.count())` can have as well. */
const COUNTABLE: ReadonlySet<string> = new Set(['filter', 'filter_by', 'join', 'outerjoin', 'select', 'where'])

export const noLenAll = defineRule({
  name: 'no-len-all',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow loading all rows to count them',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      model: '`len(….{{method}})` loads every `{{model}}` to count them; use `select(func.count())` (or `exists()` to test for any).',
      rows: '`len(….{{method}})` loads every row to count them; use `select(func.count())` (or `exists()` to test for any).',
      count: 'Count in the database',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}

    return {
      call(node) {
        if (node.function.kind !== 'identifier' || node.function.text !== 'len') return
        const [given, ...others] = positionalArguments(node)
        if (!given || others.length > 0) return
        const value = given.kind === 'identifier' ? onlyCounted(given) : given
        const rows = value && rowsOf(value)
        if (rows && context.resolve(node.function) === 'builtins.len') report(node, given, rows)
      },
    }

    /** The value of a local variable that is used for nothing but `len(...)`. */
    function onlyCounted(name: IdentifierNode): PythonNode | null {
      const binding = context.scopes.bindingOf(name)
      if (binding?.scope.kind !== 'function' || !binding.definitions.every(({ kind, value }) => kind === 'assignment' && value !== null && mayBeRows(value))) return null
      const isCounted = binding.references.every(({ parent }) => {
        const call = parent?.kind === 'argument_list' ? parent.parent : null
        return call?.kind === 'call' && call.function.text === 'len'
      })
      if (!isCounted) return null
      const { onlyDefinition } = binding
      if (onlyDefinition) return onlyDefinition.value
      const [definition, ...others] = context.flow(name).definitionsOf(name).definitions
      return others.length === 0 ? (definition?.value ?? null) : null
    }

    function mayBeRows(value: PythonNode): boolean {
      const inner = withoutAwait(value)
      return inner.kind === 'call' && (inner.function.kind === 'attribute' ? ALL.has(inner.function.attribute.text) : inner.function.text === 'list')
    }

    /** What `.all()`, `.fetchall()` and `list(...)` load; `null` if it is not SQLAlchemy, or limited. */
    function rowsOf(value: PythonNode): Rows | null {
      const call = withoutAwait(value)
      if (call.kind !== 'call') return null
      const { function: called } = call
      if (called.kind === 'attribute' && ALL.has(called.attribute.text) && call.arguments.namedChildren.length === 0) {
        const execution = statementsOf(context).executionOf(call, ALL)
        if (execution) return limited({ method: `${called.attribute.text}()`, statement: execution.statement, object: called.object, isQuery: execution.by === 'query' })
        return isSessionResult(called.object) ? { method: `${called.attribute.text}()`, statement: null, object: called.object, isQuery: false } : null
      }
      const [inner] = positionalArguments(call)
      if (called.kind !== 'identifier' || called.text !== 'list' || !inner || context.resolve(called) !== 'builtins.list') return null
      const listed = withoutAwait(inner)
      if (listed.kind === 'call' && listed.function.kind === 'attribute' && ALL.has(listed.function.attribute.text)) return rowsOf(listed)
      const executed = executedBy(listed)
      return executed && limited({ method: 'list(…)', statement: executed.statement, object: inner, isQuery: false })
    }

    function limited(rows: Rows): Rows | null {
      const { statement, object } = rows
      if (!statement) return isSessionResult(object) ? rows : null
      return statement.paths.every(({ limit, kind }) => limit === null && kind !== 'insert' && kind !== 'update' && kind !== 'delete') ? rows : null
    }

    function isSessionResult(object: PythonNode): boolean {
      return executedBy(object)?.isSession ?? false
    }

    function executedBy(start: PythonNode): { readonly statement: KnownStatement | null; readonly isSession: boolean } | null {
      let node = valueOf(withoutAwait(start))
      while (node.kind === 'call' && node.function.kind === 'attribute') {
        const { attribute, object } = node.function
        const [given] = positionalArguments(node)
        if (given && EXECUTING.has(attribute.text)) {
          const statement = statementsOf(context).statementOf(given)
          const isSession = sessionOf(context, object) !== null
          return statement || isSession ? { statement, isSession } : null
        }
        if (given || !PASSES.has(attribute.text)) return null
        node = valueOf(withoutAwait(object))
      }
      return null
    }

    /** What the variable of a result is assigned, if that is one thing. */
    function valueOf(node: PythonNode): PythonNode {
      const value = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition?.value : null
      return value ? withoutAwait(value) : node
    }

    function report(node: CallNode, given: PythonNode, { method, statement, object, isQuery }: Rows): void {
      const model = statement ? modelOf(statement) : null
      const isDirect = given.kind !== 'identifier'
      const count = isDirect && statement && !isQuery ? countOf(node, given, statement) : null
      context.report({
        node: node.function,
        messageId: model === null ? 'rows' : 'model',
        data: { method, model: model ?? '' },
        suggest: [
          isDirect && isQuery && method === 'all()' && { messageId: 'count', fix: (fixer) => fixer.replaceText(node, `${object.text}.count()`) },
          count && { messageId: 'count', fix: (fixer) => count(fixer) },
        ],
      })
    }

    /** Rewrites `len(session.scalars(select(M).where(...)).all())`. */
    function countOf(node: CallNode, given: PythonNode, { paths }: KnownStatement): ((fixer: RuleFixer) => Fix[]) | null {
      const [path, ...others] = paths
      const execution = executionIn(given)
      const first = path?.steps[0]?.call
      const select = first?.frame.isHere ? first.term.node : undefined
      if (!path || others.length > 0 || !execution || select?.kind !== 'call' || !isCountable(path)) return null
      const [entity] = positionalArguments(select)
      const [statement] = positionalArguments(execution.call)
      const func = nameFromModule(context, node, 'sqlalchemy', 'func')
      if (!entity || !statement?.contains(select) || !func) return null
      const { object } = execution.call.function as PythonNode & { kind: 'attribute' }
      const start = select.start - statement.start
      const counted = `${select.function.text}(${func.text}.count()).select_from(${entity.text})`
      const text = `${statement.text.slice(0, start)}${counted}${statement.text.slice(start + select.text.length)}`
      return (fixer) => [...importOf(func, fixer), fixer.replaceText(node, `${execution.isAwaited ? 'await ' : ''}${object.text}.scalar(${text})`)]
    }
  },
})

/** Rows that are loaded. */
interface Rows {
  readonly method: string
  readonly statement: KnownStatement | null
  readonly object: PythonNode
  readonly isQuery: boolean
}

function importOf({ addImport }: NameFromModule, fixer: RuleFixer): Fix[] {
  return addImport ? [addImport(fixer)] : []
}

function isCountable({ kind, selected, steps, isOpen }: Statement): boolean {
  const [only, ...others] = selected
  return kind === 'select' && !isOpen && others.length === 0 && only?.kind === 'entity' && steps[0]?.name === 'select' && steps.every(({ name }) => COUNTABLE.has(name))
}

/** The call that executes the statement behind `.all()`. */
function executionIn(given: PythonNode): { readonly call: CallNode; readonly isAwaited: boolean } | null {
  let node: PythonNode = given
  let isAwaited = false
  for (;;) {
    if (node.kind === 'parenthesized_expression' || node.kind === 'await') {
      isAwaited ||= node.kind === 'await'
      const [inner] = node.namedChildren
      if (!inner) return null
      node = inner
    } else if (node.kind === 'call' && node.function.kind === 'attribute') {
      if (EXECUTING.has(node.function.attribute.text) && positionalArguments(node).length === 1) return { call: node, isAwaited }
      node = node.function.object
    } else if (node.kind === 'call' && node.function.text === 'list' && positionalArguments(node)[0]) node = positionalArguments(node)[0]!
    else return null
  }
}

function modelOf({ paths }: KnownStatement): string | null {
  const selected = paths[0]?.selected[0]
  const source = selected && 'source' in selected ? selected.source : null
  return source?.model ? lastPart(source.model.name) : null
}
