import type { Binding, Definition, PythonNode, PythonRuleContext } from '@krait/python'
import { ormSessionOf, ownCode, statementsOf } from '@krait/python'
import { targetsOf } from './loops.ts'
import type { Loop } from './loops.ts'

/**
 * How an expression in a loop depends on it: on its variable (`loop`); not at all (`invariant`); on something else that changes from round to round
 * (`varies`); or it uses a session that is opened anew in each round (`own-session`).
 */
export type LoopDependence = 'loop' | 'invariant' | 'varies' | 'own-session'

/** Calls that give something else each time. */
const CHANGING: ReadonlySet<string> = new Set('choice get_nowait getrandbits next now pop popleft popitem randint random read readline recv time today utcnow uuid4'.split(' '))

export function dependenceOf(context: PythonRuleContext, expression: PythonNode, loop: Loop): LoopDependence {
  const targets = new Set(targetsOf(loop).map((target) => context.scopes.bindingOf(target)))
  const seen = new Set<Binding>()
  const pending = [expression]
  let dependsOnLoop = false
  let varies = false
  for (let node = pending.pop(); node; node = pending.pop()) {
    for (const part of ownCode(node)) {
      if (part.kind === 'call' && CHANGING.has(lastName(part.function))) varies = true
      const binding = part.kind === 'identifier' ? context.scopes.bindingOf(part) : null
      if (!binding || seen.has(binding)) continue
      seen.add(binding)
      if (targets.has(binding)) {
        dependsOnLoop = true
        continue
      }
      for (const definition of binding.definitions) {
        if (!isWithin(definition, loop.region)) continue
        if (definition.kind === 'with' && ormSessionOf(context, definition.name)) return 'own-session'
        const values = valuesOf(definition)
        if (values === null) varies = true
        else pending.push(...values)
        if (definition.value?.kind === 'call' && ormSessionOf(context, definition.value)) return 'own-session'
        if (definition.value && !statementsOf(context).statementOf(definition.value)) varies = true
      }
    }
  }
  return dependsOnLoop ? 'loop' : varies ? 'varies' : 'invariant'
}

function lastName(called: PythonNode): string {
  return called.kind === 'attribute' ? called.attribute.text : called.text
}

function isWithin({ name }: Definition, region: PythonNode): boolean {
  return region.start <= name.start && name.end <= region.end
}

/** What the value of a definition is made of; `null` if that is not known. */
function valuesOf({ kind, value, node }: Definition): readonly PythonNode[] | null {
  if (value) return [value]
  if (kind === 'import' || kind === 'annotation' || kind === 'delete') return []
  if (node.kind === 'for_statement' || node.kind === 'for_in_clause') return node.namedChildren.filter(({ fieldName }) => fieldName === 'right')
  if (kind === 'match') {
    const subject = node.closest('match_statement')?.namedChildren[0]
    return subject ? [subject] : null
  }
  if (node.kind === 'as_pattern' || node.kind === 'assignment' || node.kind === 'augmented_assignment') return node.namedChildren
  return null
}
