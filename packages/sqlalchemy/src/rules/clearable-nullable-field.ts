import type { RuleFixer } from '@krait/core'
import type { AssignmentNode, DictionaryComprehensionNode, ForStatementNode, FunctionDefinitionNode, IfStatementNode, PythonNode } from '@krait/python'
import { classOfExpression, defineRule, isTestFile, keywordArgument, matchesName, optionPattern, ownCode } from '@krait/python'
import { calleeName } from '../shared/callee.ts'
import { derivesFrom, keptUnlessGiven, noneTests } from '../shared/ignored-none.ts'
import type { NoneTest } from '../shared/ignored-none.ts'
import { attributeSetter, dumpOf, filteredDump, isNotNone, itemsOf, modelOfInstance, targetsOf } from '../shared/payload-dumps.ts'
import type { Dump, DumpTarget } from '../shared/payload-dumps.ts'
import { optionalFields, optionalInput } from '../shared/payload-fields.ts'
import type { OptionalInput } from '../shared/payload-fields.ts'
import { functionOf, isUpdateFunction, mayClear, otherAssignments, setsToNone } from '../shared/update-functions.ts'

export interface ClearableNullableFieldOptions {
  /** A regular expression for the names of functions that update objects; it may begin with `(?i)`. */
  readonly functions: string
  /** Columns that nobody clears. */
  readonly ignore: readonly string[]
}


const defaultOptions: readonly [ClearableNullableFieldOptions] = [{ functions: '(?i)^_?(update|patch|edit|modify|change)', ignore: ['*_at', '*_by'] }]

export const clearableNullableField = defineRule({
  name: 'clearable-nullable-field',
  meta: {
    type: 'problem',
    docs: { description: 'Require updates to be able to set a nullable column back to NULL', preset: 'recommended', severity: 'warn', since: '0.1.0' },
    messages: {
      payload:
        '`{{column}}` is nullable, but this branch ignores `None`, so it can be set and never cleared. Test `"{{field}}" in {{payload}}.model_fields_set` (or use `exclude_unset=True`).',
      parameter:
        '`{{column}}` is nullable, but this branch ignores `None`, so it can be set and never cleared. Give `{{field}}` a default such as `UNSET` that is not `None`, and test for that.',
      dump: '`{{column}}` is nullable, but {{filter}} drops `None`, so it can be set and never cleared. Use `exclude_unset=True`.',
      test: 'Test whether the field was sent',
      unset: 'Use `exclude_unset=True`',
    },
    schema: [
      {
        type: 'object',
        properties: { functions: { type: 'string' }, ignore: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ functions, ignore }]) {
    if (isTestFile(context)) return {}
    const pattern = optionPattern(functions)

    return {
      if_statement: checkBranch,
      assignment(node) {
        if (node.left.kind !== 'attribute') return
        const kept = keptUnlessGiven(node)
        const definition = kept && updateFunction(node)
        if (!definition) return
        for (const test of kept.tests) if (derivesFrom(kept.value, test)) reportIgnored(definition, node, test, node)
      },
      call(node) {
        if (node.function.kind !== 'attribute' || !keywordArgument(node, 'exclude_none')) return
        const dump = dumpOf(context, node)
        if (dump?.dropsNone) checkDump(dump, node, calleeName(node), '`exclude_none=True`')
      },
      dictionary_comprehension(node: DictionaryComprehensionNode) {
        const dump = filteredDump(context, node)
        if (dump) checkDump(dump, node, node, 'this comprehension')
      },
      for_statement: checkLoop,
    }

    function updateFunction(node: PythonNode): FunctionDefinitionNode | null {
      const definition = functionOf(node)
      return definition && isUpdateFunction(definition, pattern) ? definition : null
    }

    /** `if payload.note is not None: client.note = payload.note` */
    function checkBranch(node: IfStatementNode): void {
      const assignments = node.consequence.namedChildren.flatMap((statement) => assignmentIn(statement) ?? [])
      const tests = assignments.length === 0 ? [] : noneTests(node.condition)
      const definition = tests.length === 0 ? null : updateFunction(node)
      if (!definition) return
      for (const assignment of assignments) {
        const test = tests.find((candidate) => derivesFrom(assignment.right!, candidate))
        if (test) reportIgnored(definition, assignment, test, node)
      }
    }

    function reportIgnored(definition: FunctionDefinitionNode, assignment: AssignmentNode, test: NoneTest, place: IfStatementNode | AssignmentNode): void {
      const { left } = assignment
      if (left.kind !== 'attribute') return
      const input = optionalInput(context, test.value)
      const model = input && modelOfInstance(context, left.object)
      const column = left.attribute.text
      if (!model || !isClearable(model, column) || mayClear(definition, column) || mayClear(definition, input.name)) return
      const isElse = place.kind === 'if_statement' && place.alternative.length > 0
      for (const other of otherAssignments(definition, assignment)) {
        const isAlternative = isElse && place.alternative.some((clause) => clause.start <= other.start && other.end <= clause.end)
        if (isAlternative || other.right?.kind === 'none' || isUnconditional(definition, other, test)) return
      }
      context.report({
        node: place.kind === 'if_statement' ? place.children[0]! : place,
        messageId: input.payload ? 'payload' : 'parameter',
        data: { column, field: input.name, payload: input.payload?.text ?? '' },
        suggest: [testingSet(input, test, assignment)],
      })
    }

    function isClearable(modelName: string, attribute: string): boolean {
      const column = context.project.model(modelName)?.columns.find((candidate) => candidate.attribute === attribute)
      return column?.nullable === true && !ignore.some((glob) => matchesName(attribute, glob))
    }

    function checkDump(dump: Dump, expression: PythonNode, place: PythonNode, filter: string): void {
      const isUpdate = updateFunction(expression) !== null
      for (const target of targetsOf(context, expression)) {
        if (!isUpdate && (target.by === null || !pattern.test(target.by))) continue
        const column = ignoredColumn(dump, target, expression)
        if (column === undefined) continue
        const given = keywordArgument(dump.call, 'exclude_none')
        const isPlain = given !== null && !keywordArgument(dump.call, 'exclude_unset')
        context.report({
          node: place,
          messageId: 'dump',
          data: { column, filter },
          suggest: [isPlain && { messageId: 'unset', fix: (fixer: RuleFixer) => fixer.replaceText(given, 'exclude_unset=True') }],
        })
        return
      }
    }

    /** `for k, v in payload.model_dump().items(): if v is not None: setattr(client, k, v)` */
    function checkLoop(node: ForStatementNode): void {
      const items = itemsOf(node.right)
      const setter = items && attributeSetter(node)
      const value = node.left.namedChildren[1]?.text
      if (!items || !setter || value === undefined || !updateFunction(node)) return
      const dump = dumpOf(context, items)
      const object = dump && !dump.dropsNone ? setter.arguments.namedChildren[0] : undefined
      const className = object ? classOfExpression(context, object) : null
      const test = className === null ? undefined : testAround(node, setter, value)
      const model = test && context.project.model(className!)
      if (!dump || !test || !model) return
      const column = ignoredColumn(dump, { model: model.name, by: null }, setter)
      if (column !== undefined) context.report({ node: test.children[0]!, messageId: 'dump', data: { column, filter: 'this test' } })
    }

    /** The first field of the payload that is a nullable column, and that nothing in the function clears. */
    function ignoredColumn({ className }: Dump, { model }: DumpTarget, place: PythonNode): string | undefined {
      const definition = functionOf(place)
      return optionalFields(context, className).find(
        (field) => isClearable(model, field) && !(definition && (mayClear(definition, field) || setsToNone(definition, field))),
      )
    }
  },
})

function assignmentIn(statement: PythonNode): AssignmentNode | null {
  const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : undefined
  return inner?.kind === 'assignment' && inner.left.kind === 'attribute' && inner.right ? inner : null
}

/** Whether the value is assigned in any case, too. */
function isUnconditional({ body }: FunctionDefinitionNode, { right, parent }: AssignmentNode, test: NoneTest): boolean {
  return right !== null && right.text === test.value.text && parent?.parent === body
}

function testAround(loop: ForStatementNode, setter: PythonNode, value: string): IfStatementNode | undefined {
  for (const node of ownCode(loop.body)) {
    if (node.kind === 'if_statement' && node.start <= setter.start && setter.end <= node.end && isNotNone(node.condition, value)) return node
  }
  return undefined
}

/** Tests the set of fields that were sent instead, where the value goes to the column as it is. */
function testingSet(input: OptionalInput, { value, test, alias }: NoneTest, { right }: AssignmentNode) {
  const { payload, name, isPydantic } = input
  if (!payload || !isPydantic || alias !== null || !right) return false
  const condition = `"${name}" in ${payload.text}.model_fields_set`
  if (right.text === value.text) return { messageId: 'test' as const, fix: (fixer: RuleFixer) => fixer.replaceText(test, condition) }
  if (right.kind === 'boolean_operator' && right.left.text === value.text) {
    return { messageId: 'test' as const, fix: (fixer: RuleFixer) => fixer.replaceText(right, `${value.text} if ${condition} else ${right.right.text}`) }
  }
  if (right.kind !== 'conditional_expression' || right.namedChildren[0]?.text !== value.text) return false
  return { messageId: 'test' as const, fix: (fixer: RuleFixer) => fixer.replaceText(test, condition) }
}
