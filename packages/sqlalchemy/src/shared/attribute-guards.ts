import type { PythonNode, PythonServices } from '@krait/python'
import { isCaughtAround } from './caught-errors.ts'
import { stringText } from '@krait/python'

const RAISED: ReadonlySet<string> = new Set(['builtins.AttributeError'])
const EXPECTING: ReadonlySet<string> = new Set(['contextlib.suppress', 'pytest.raises'])

/**
 * Whether the code reckons with an attribute that is not there: it asks `hasattr(x, "name")` or narrows `x` by `isinstance` in the same function, or handles
 * `AttributeError`.
 */
export function isAttributeGuarded(services: PythonServices, object: PythonNode, attribute: string): boolean {
  if (isCaughtAround(services, object, RAISED) || isExpected(services, object)) return true
  const around = services.scopes.scopeOf(object).function?.node ?? services.scopes.module.node
  if (!/\b(?:hasattr|isinstance|case)\b/.test(around.text)) return false
  const { text } = object
  for (const node of around.descendants('call', 'match_statement')) {
    if (node.kind === 'match_statement') {
      if (node.fieldAll('subject').some((subject) => subject.text === text)) return true
      continue
    }
    const name = node.function.text
    if (name !== 'hasattr' && name !== 'isinstance') continue
    const [tested, second] = node.arguments.namedChildren
    if (tested?.text === text && (name === 'isinstance' || stringText(second) === attribute)) return true
  }
  return false
}

/** `with suppress(AttributeError)`, `with pytest.raises(AttributeError)`. */
function isExpected(services: PythonServices, node: PythonNode): boolean {
  for (let around = node.closest('with_statement'); around; around = around.parent?.closest('with_statement') ?? null) {
    for (const call of around.namedChildren[0]?.descendants('call') ?? []) {
      if (services.resolvesTo(call.function, EXPECTING) && call.arguments.namedChildren.some((given) => services.resolvesTo(given, RAISED))) return true
    }
  }
  return false
}
