import type { Located } from '@krait/python'
import { at, followed } from '@krait/python'

/** Deeper expressions are not searched. */
const MAX_TERMS = 300

/** Whether some part of an expression of a statement is what a test looks for; variables are followed. */
export function hasTerm(start: Located, test: (part: Located) => boolean): boolean {
  const pending = [start]
  for (let next = pending.pop(), count = 0; next && count < MAX_TERMS; next = pending.pop(), count++) {
    const located = followed(next)
    if (test(located)) return true
    const { term } = located
    switch (term.kind) {
      case 'call':
        pending.push(at(term.function, located), ...term.arguments.map((part) => at(part, located)), ...term.keywords.map(([, part]) => at(part, located)))
        break
      case 'attribute':
      case 'subscript':
        pending.push(at(term.object, located))
        break
      case 'operator':
        pending.push(...term.operands.map((part) => at(part, located)))
        break
      case 'choice':
        pending.push(...term.options.map((part) => at(part, located)))
        break
      case 'items':
        pending.push(...term.items.map((part) => at(part, located)))
        break
      default:
    }
  }
  return false
}
