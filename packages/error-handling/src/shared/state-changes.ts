import { positionalArguments, withoutParentheses } from '@krait/python'
import type { AssignmentNode, AugmentedAssignmentNode, CallNode, DeleteStatementNode, PythonNode, PythonServices } from '@krait/python'
import { changeOfContextVariable, resetOfContextVariable } from './context-variables.ts'
import { changeOfLock } from './locks.ts'
import { sharedPlace } from './shared-places.ts'
import type { SharedPlace } from './shared-places.ts'

/**
 * What a node does to a shared place, to a lock or to a context variable. A change undoes another one if the names that the one sets and the other
 * undoes have one in common.
 */
export interface StateChange {
  readonly kind: 'state' | 'lock' | 'context-variable'
  readonly node: PythonNode
  /** As it is written: `self._busy`, `_active`, `lock`. */
  readonly text: string
  /** The shared place; `null` for locks and context variables. */
  readonly place: SharedPlace | null
  readonly sets: readonly string[]
  readonly undoes: readonly string[]
  /** The key of the place, if it gets another value as a whole. */
  readonly rebinds: string | null
}

type Effect = Pick<StateChange, 'sets' | 'undoes' | 'rebinds'>

/** The methods that undo something. */
export const UNDOING_METHODS: ReadonlySet<string> = new Set(['discard', 'pop', 'release', 'remove', 'reset'])

/** What a node changes; `null` for nodes that change nothing that is shared. */
export function stateChange(context: PythonServices, node: PythonNode): StateChange | null {
  switch (node.kind) {
    case 'assignment':
      return changeOfAssignment(context, node)
    case 'augmented_assignment':
      return changeOfCount(context, node)
    case 'delete_statement':
      return changeOfDeletion(context, node)
    case 'call':
      return changeOfCall(context, node)
    default:
      return null
  }
}

/** Whether `other` takes `change` back. */
export function isUndoneBy(change: StateChange, other: StateChange): boolean {
  return other.undoes.some((name) => change.sets.includes(name))
}

/** Whether `other` makes the change once more. */
export function isSameChange(other: StateChange, change: StateChange): boolean {
  return other.sets.some((name) => change.sets.includes(name)) && !isUndoneBy(change, other)
}

function changeOfAssignment(context: PythonServices, assignment: AssignmentNode): StateChange | null {
  const value = assignedValue(assignment)
  if (!value) return null
  if (value.kind === 'call') {
    const change = changeOfContextVariable(context, assignment, value)
    if (change) return change
  }
  const place = sharedPlace(context, assignment.left)
  if (!place) return null
  const { key, element } = place
  if (value.kind === 'none') return change(assignment, place, { undoes: [`${key}=*`], rebinds: key })
  const sets = [`${key}=*`, ...(element ? [`in ${key}`] : [])]
  if (value.kind !== 'true' && value.kind !== 'false') return change(assignment, place, { sets, rebinds: key })
  return change(assignment, place, { sets: [...sets, `${key}=${value.kind}`], undoes: [`${key}=${value.kind === 'true' ? 'false' : 'true'}`], rebinds: key })
}

/** `a = b = True` gives both the same. */
function assignedValue(assignment: AssignmentNode): PythonNode | null {
  let value: PythonNode | null = assignment.right
  while (value?.kind === 'assignment') value = value.right
  return value && withoutParentheses(value)
}

function changeOfCount(context: PythonServices, assignment: AugmentedAssignmentNode): StateChange | null {
  const { left, operator, right } = assignment
  if (operator.kind !== '+=' && operator.kind !== '-=') return null
  const place = sharedPlace(context, left)
  if (!place) return null
  const opposite = operator.kind === '+=' ? '-=' : '+='
  return change(assignment, place, { sets: [`${place.key}${operator.kind}${right.text}`], undoes: [`${place.key}${opposite}${right.text}`] })
}

function changeOfDeletion(context: PythonServices, statement: DeleteStatementNode): StateChange | null {
  const [target] = statement.namedChildren
  const place = target?.kind === 'subscript' ? sharedPlace(context, target) : null
  return place && change(statement, place, { undoes: [`in ${place.key}`] })
}

function changeOfCall(context: PythonServices, call: CallNode): StateChange | null {
  if (call.function?.kind !== 'attribute') return null
  const method = call.function.attribute.text
  const object = withoutParentheses(call.function.object)
  if (method === 'acquire' || method === 'release') return changeOfLock(context, call, object, method)
  if (method === 'reset') return resetOfContextVariable(context, call, object)
  const effectOf = Object.hasOwn(CONTAINER_METHODS, method) ? CONTAINER_METHODS[method] : undefined
  const place = effectOf ? sharedPlace(context, object) : null
  const effect = place && effectOf!(place.key, positionalArguments(call)[0]?.text ?? null)
  return effect && change(call, place, effect)
}

/** What methods of containers do, by the key of the container and the text of their first argument. */
const CONTAINER_METHODS: Readonly<Record<string, (key: string, item: string | null) => Partial<Effect> | null>> = {
  add: (key, item) => item === null ? null : { sets: [`${key}.add(${item})`] },
  append: (key, item) => item === null ? null : { sets: [`${key}.append(${item})`, `${key}.append()`] },
  clear: (key) => ({ rebinds: key }),
  discard: (key, item) => item === null ? null : { undoes: [`${key}.add(${item})`] },
  pop: (key, item) => ({ undoes: [item === null ? `${key}.append()` : `in ${key}[${item}]`] }),
  remove: (key, item) => item === null ? null : { undoes: [`${key}.add(${item})`, `${key}.append(${item})`] },
}

function change(node: PythonNode, place: SharedPlace, { sets = [], undoes = [], rebinds = null }: Partial<Effect>): StateChange {
  return { kind: 'state', node, text: place.text, place, sets, undoes, rebinds }
}
