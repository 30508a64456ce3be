import type { FixFunction } from '@krait/core'
import type { BinaryOperatorNode, PythonNode } from '@krait/python'
import { defineRule, excerpt, isTestFile, nameFromModule, withoutParentheses } from '@krait/python'
import { ClockVariables } from '../shared/clock-variables.ts'
import type { ClockVariable } from '../shared/clock-variables.ts'
import { ORDERING, comparisons } from '../shared/operations.ts'
import type { Operation } from '../shared/operations.ts'

export const noWallClockDuration = defineRule({
  name: 'no-wall-clock-duration',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow measuring durations and timeouts with the wall clock',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      wallClock: 'Duration measured with the wall clock (`{{code}}`): clock adjustments make it wrong or negative. Use time.monotonic() for both readings.',
      useMonotonic: 'Read time.monotonic() instead',
    },
    schema: [],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || !MAY_READ.test(context.sourceCode.text)) return {}
    const clocks = new ClockVariables(context)
    const wanted = new Map<ClockVariable, boolean>()

    return {
      binary_operator(node) {
        const variable = node.operator.kind === '-' ? startOf(node) : null
        if (variable) report(node, variable)
      },
      comparison_operator(node) {
        for (const operation of comparisons(node)) {
          const variable = ORDERING.has(operation.operator) ? comparedVariable(operation) : null
          if (variable) report(node, variable)
        }
      },
    }

    /** The start of `reading - start`, the deadline of `deadline - reading`. */
    function startOf({ left, right }: BinaryOperatorNode): ClockVariable | null {
      const start = clocks.variableAt(right)
      if (start?.kind === 'reading' && isReading(left)) return start
      const deadline = clocks.variableAt(left)
      return deadline?.kind === 'deadline' && isReading(right) ? deadline : null
    }

    /** The deadline of `reading < deadline`, the start of `reading >= start + n`. */
    function comparedVariable({ left, right }: Operation): ClockVariable | null {
      return variableAgainst(left, right) ?? variableAgainst(right, left)
    }

    function variableAgainst(side: PythonNode, other: PythonNode): ClockVariable | null {
      const deadline = clocks.variableAt(side)
      if (deadline?.kind === 'deadline') return isReading(other) ? deadline : null
      const shifted = withoutLength(side)
      const start = clocks.variableAt(shifted ?? side)
      if (start?.kind !== 'reading') return null
      const otherShifted = withoutLength(other)
      return (shifted !== null || otherShifted !== null) && isReading(otherShifted ?? other) ? start : null
    }

    /** `x` of `x + n` and `x - n`; `null` for all else. */
    function withoutLength(expression: PythonNode): PythonNode | null {
      const node = withoutParentheses(expression)
      if (node.kind !== 'binary_operator') return null
      if (node.operator.kind === '+') return isReading(node.left) ? node.left : isReading(node.right) ? node.right : null
      return node.operator.kind === '-' && isReading(node.left) && !isReading(node.right) ? node.left : null
    }

    /** A call that reads the clock, or a variable that holds a reading. */
    function isReading(node: PythonNode): boolean {
      return clocks.readingAt(node) !== null || clocks.variableAt(node)?.kind === 'reading'
    }

    function report(node: PythonNode, variable: ClockVariable): void {
      if (isWanted(variable)) return
      const fix = monotonic(variable)
      context.report({
        node,
        messageId: 'wallClock',
        data: { code: excerpt(node) },
        ...(fix && variable.isLocal && { fix }),
        suggest: fix && !variable.isLocal ? [{ messageId: 'useMonotonic', fix }] : [],
      })
    }

    /** Whether the variable is used for something else than durations, so that a time stamp is what it shall be. */
    function isWanted(variable: ClockVariable): boolean {
      let answer = wanted.get(variable)
      if (answer === undefined) wanted.set(variable, (answer = variable.references.some((reference) => !isDuration(reference) && !isTested(reference))))
      return answer
    }

    function isDuration(reference: PythonNode): boolean {
      return operationAround(reference) !== null
    }

    /** The subtraction or comparison in which a reference measures a duration. */
    function operationAround(reference: PythonNode): PythonNode | null {
      let node = reference
      for (let step = 0; step < MAX_STEPS; step++) {
        const { parent } = node
        if (!parent) return null
        if (parent.kind === 'binary_operator' && parent.operator.kind === '-') {
          const other = parent.left === node ? parent.right : parent.left
          if (isReading(other) || clocks.variableAt(other)) return parent
        }
        if (parent.kind === 'comparison_operator') {
          for (const operation of comparisons(parent)) if (ORDERING.has(operation.operator) && comparedVariable(operation)) return parent
          return null
        }
        if (parent.kind !== 'parenthesized_expression' && parent.kind !== 'binary_operator') return null
        node = parent
      }
      return null
    }

    /** Replaces all readings of a duration, if all of them are `time.time()`. */
    function monotonic(variable: ClockVariable): FixFunction | null {
      const calls = new Set(variable.readings)
      for (const reference of variable.references) {
        const operation = operationAround(reference)
        if (!operation) continue
        for (const part of [operation, ...operation.descendants('call', 'identifier', 'attribute')]) {
          const reading = clocks.readingAt(part)
          const other = clocks.variableAt(part)
          if (reading) calls.add(reading)
          else if (other && other !== variable) {
            if (isWanted(other) || !other.isLocal) return null
            for (const call of other.readings) calls.add(call)
          }
        }
      }
      const functions = [...calls].map((call) => (call.kind === 'call' ? call.function : call))
      if (!functions.every((called) => context.resolve(called) === 'time.time')) return null
      const names = functions.map((called) => (called.kind === 'attribute' ? null : nameFromModule(context, called, 'time', 'monotonic')))
      if (functions.some((called, i) => called.kind !== 'attribute' && !names[i])) return null
      const addImport = names.find((name) => name?.addImport)?.addImport
      return (fixer) => [...(addImport ? [addImport(fixer)] : []), ...functions.map((called, i) => fixer.replaceText(called, names[i]?.text ?? called.text.replace(/time$/, 'monotonic')))]
    }
  },
})

const MAY_READ = /\b(time|now|utcnow)\b/
const MAX_STEPS = 6

/** Whether only the truth of a value is asked for, or whether it is `None`. */
function isTested(reference: PythonNode): boolean {
  let node = reference
  while (node.parent?.kind === 'parenthesized_expression' || node.parent?.kind === 'not_operator') node = node.parent
  const { parent } = node
  switch (parent?.kind) {
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      return parent.field('condition') === node
    case 'conditional_expression':
      return parent.namedChildren[1] === node
    case 'boolean_operator':
      return parent.left === node
    case 'comparison_operator':
      return parent.namedChildren.length === 2 && parent.namedChildren.some(({ kind }) => kind === 'none')
    default:
      return node !== reference && node.kind === 'not_operator'
  }
}
