import type { CallNode, IdentifierNode, PythonNode } from '@krait/python'
import {
  classOf,
  defineRule,
  keywordArguments,
  lastPart,
  mayCallAny,
  positionalArguments,
  statementsOf,
  stringText,
  withoutParentheses,
} from '@krait/python'
import { executionAround, methodCallOn } from '../shared/execution-calls.ts'
import { finalPlaces } from '../shared/final-statements.ts'
import { importsSqlalchemy } from '../shared/library-imports.ts'
import { libraryName } from '../shared/library-name.ts'
import { isEmptyLiteral, isShownNonEmpty } from '../shared/non-empty.ts'
import { oneLine } from '../shared/one-line.ts'

const METHODS: ReadonlySet<string> = new Set(['in_', 'not_in', 'notin_'])
const CONDITION_METHODS: ReadonlySet<string> = new Set(['filter', 'where'])
/** Reads of a variable that leave what it holds as it is. */
const READING_CALLS: ReadonlySet<string> = new Set([...METHODS, 'bool', 'isinstance', 'len', 'list', 'print', 'repr', 'set', 'sorted', 'str', 'tuple'])
const IN_PARAMETER = /\bIN\s*(?:\(\s*:(\w+)\s*\)|:(\w+))/gi

const CALLS: ReadonlySet<string> = new Set([...METHODS, 'text'])

export const emptyIn = defineRule({
  name: 'empty-in',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow IN over a list that is empty, or that may be and then changes what a query does',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      nothing: '`{{method}}()` of an empty list matches no row. Leave the query out, or give it values.',
      everything: '`{{method}}()` of an empty list matches every row. Leave the condition out, or give it values.',
      cleared: 'If `{{values}}` is empty, `NOT IN ()` matches every row and this `{{statement}}` {{effect}} `{{model}}`. Guard against an empty list first.',
      syntax: 'If `{{values}}` is empty, `IN :{{parameter}}` is a syntax error. Guard against an empty list first, or use `bindparam("{{parameter}}", expanding=True)`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (!mayCallAny(context, CALLS)) return {}
    return {
      call(node) {
        const { function: called } = node
        if (called.kind === 'attribute' && METHODS.has(called.attribute.text)) checkIn(node, called.object, called.attribute)
        else if (node.arguments.kind === 'argument_list' && isText(called)) checkText(node, called)
      },
    }

    function checkIn(node: CallNode, column: PythonNode, method: IdentifierNode): void {
      const [values] = positionalArguments(node)
      if (!values || !mayBeColumn(column)) return
      if (isAlwaysEmpty(values)) context.report({ node: method, messageId: method.text === 'in_' ? 'nothing' : 'everything', data: { method: method.text } })
      else checkOnlyCriterion(node, method, values)
    }

    function mayBeColumn(node: PythonNode): boolean {
      const { kind } = statementsOf(context).expressionOf(node)
      if (kind !== 'unknown') return kind !== 'value' && kind !== 'entity'
      return importsSqlalchemy(context)
    }

    function isAlwaysEmpty(values: PythonNode): boolean {
      if (isEmptyLiteral(context, values)) return true
      const binding = values.kind === 'identifier' ? context.scopes.bindingOf(values) : null
      const definition = binding?.onlyDefinition
      if (!binding || !definition?.value || binding.definitions.length > 1 || binding.scope.kind === 'module' || !isEmptyLiteral(context, definition.value)) return false
      return binding.references.every(isOnlyRead)
    }

    function isOnlyRead(reference: IdentifierNode): boolean {
      const { parent } = reference
      if (parent?.kind === 'argument_list') {
        const call = parent.parent
        return call?.kind === 'call' && READING_CALLS.has(lastPart(call.function.text))
      }
      return parent?.kind !== 'attribute' && parent?.kind !== 'subscript' && parent?.kind !== 'assignment' && parent?.kind !== 'keyword_argument' && parent?.kind !== 'pair'
    }

    /** `delete(M).where(M.id.not_in(ids))`. */
    function checkOnlyCriterion(node: CallNode, method: IdentifierNode, values: PythonNode): void {
      const condition = method.text === 'in_' ? negationAround(node) : node
      const around = condition && argumentOfCondition(condition)
      if (!around || !isCollection(values)) return
      for (const place of finalPlaces(context, around)) {
        const legacy = methodCallOn(place, 'delete', 'update')
        const execution = legacy ?? executionAround(place)
        const paths = execution ? (statementsOf(context).statementOf(place)?.paths ?? []) : []
        const path = paths.find(({ kind, isQuery, conditions, isOpen }) => (legacy ? isQuery : kind === 'delete' || kind === 'update') && conditions.length === 1 && !isOpen)
        if (!execution || !path || isShownNonEmpty(context, values, [node, execution])) continue
        const statement = legacy ? (legacy.function as PythonNode & { kind: 'attribute' }).attribute.text : path.kind
        const source = path.target ?? path.selected.flatMap((expression) => ('source' in expression ? [expression.source] : []))[0]
        const data = { values: oneLine(values), statement: statement.toUpperCase(), effect: statement === 'delete' ? 'clears' : 'changes all of', model: source?.model ? lastPart(source.model.name) : 'the table' }
        context.report({ node: method, messageId: 'cleared', data })
        return
      }
    }

    /** `~M.id.in_(ids)`, `not_(M.id.in_(ids))`. */
    function negationAround(node: PythonNode): PythonNode | null {
      let inner = node
      while (inner.parent?.kind === 'parenthesized_expression') inner = inner.parent
      const { parent } = inner
      if (parent?.kind === 'unary_operator' && parent.operator.kind === '~') return parent
      const call = parent?.kind === 'argument_list' ? parent.parent : null
      return call?.kind === 'call' && libraryName(context, call.function) === 'sqlalchemy.not_' ? call : null
    }

    function argumentOfCondition(condition: PythonNode): CallNode | null {
      let inner = condition
      while (inner.parent?.kind === 'parenthesized_expression') inner = inner.parent
      const call = inner.parent?.kind === 'argument_list' ? inner.parent.parent : null
      return call?.kind === 'call' && call.function.kind === 'attribute' && CONDITION_METHODS.has(call.function.attribute.text) ? call : null
    }

    /** A value of Python that is no statement, as far as the code says. */
    function isCollection(values: PythonNode): boolean {
      const value = withoutParentheses(values)
      const statements = statementsOf(context)
      if (statements.statementOf(value) || statements.expressionOf(value).kind !== 'value') return false
      const className = classOf(context.typeOf(value))
      if (className !== null) return !/^(sqlalchemy|sqlmodel)\./.test(className)
      return value.kind !== 'call' && value.kind !== 'await'
    }

    function isText(called: PythonNode): boolean {
      const identifier = called.kind === 'attribute' ? called.attribute : called
      if (identifier.kind !== 'identifier') return false
      const definition = called === identifier ? context.scopes.bindingOf(identifier)?.onlyDefinition : null
      const name = definition?.node.kind === 'aliased_import' ? lastPart(definition.node.name.text) : identifier.text
      return name === 'text'
    }

    function checkText(node: CallNode, called: PythonNode): void {
      const [first] = positionalArguments(node)
      const sql = first ? (stringText(first) ?? context.constantOf(first)) : null
      if (typeof sql !== 'string' || !/\bIN\s*\(?\s*:/i.test(sql) || libraryName(context, called) !== 'sqlalchemy.text') return
      for (const [, inParentheses, bare] of sql.matchAll(IN_PARAMETER)) {
        const parameter = inParentheses ?? bare!
        const values = valuesFor(node, parameter)
        if (!values) continue
        context.report({ node: called.kind === 'attribute' ? called.attribute : called, messageId: 'syntax', data: { values: oneLine(values), parameter } })
        return
      }
    }

    /** What the parameter is executed with, if it may be empty. */
    function valuesFor(node: CallNode, parameter: string): PythonNode | null {
      let bound: PythonNode | null = null
      let end: PythonNode = node
      for (let next = methodCallOn(end, 'bindparams', 'columns', 'execution_options'); next; next = methodCallOn(end, 'bindparams', 'columns', 'execution_options')) {
        if (next.arguments.text.includes('expanding')) return null
        bound ??= keywordArguments(next).get(parameter) ?? null
        end = next
      }
      for (const place of finalPlaces(context, end)) {
        const expanded = methodCallOn(place, 'bindparams')
        if (expanded?.arguments.text.includes('expanding')) continue
        const execution = executionAround(expanded ?? place)
        const values = execution && (bound ?? valueGiven(execution, parameter))
        if (!values || !mayBeEmpty(values) || isShownNonEmpty(context, values, [values, execution])) continue
        return values
      }
      return null
    }

    function valueGiven(execution: CallNode, parameter: string): PythonNode | null {
      const keywords = keywordArguments(execution)
      const given = keywords.get('params') ?? positionalArguments(execution)[1]
      if (!given) return keywords.get(parameter) ?? null
      const definition = given.kind === 'identifier' ? context.scopes.bindingOf(given)?.onlyDefinition : null
      const parameters = definition?.value ?? given
      if (parameters.kind === 'call' && context.resolve(parameters.function) === 'builtins.dict') return keywordArguments(parameters).get(parameter) ?? null
      if (parameters.kind !== 'dictionary') return null
      for (const pair of parameters.namedChildren) if (pair.kind === 'pair' && stringText(pair.key) === parameter) return pair.value
      return null
    }

    /** `IN (:id)` of a number or string is fine. */
    function mayBeEmpty(values: PythonNode): boolean {
      const className = classOf(context.typeOf(values))
      return className === null || COLLECTIONS.has(className)
    }
  },
})

const COLLECTIONS: ReadonlySet<string> = new Set([
  ...['frozenset', 'list', 'set', 'tuple'].map((name) => `builtins.${name}`),
  ...['Collection', 'Iterable', 'Sequence', 'Set', 'MutableSequence'].flatMap((name) => [`collections.abc.${name}`, `typing.${name}`]),
])
