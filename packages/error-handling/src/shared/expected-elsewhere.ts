import { enclosingFunctionName, exceptionFamily, lastPart, ownCode, semanticsOf, stringText } from '@krait/python'
import type { CallNode, FunctionDefinitionNode, PythonServices } from '@krait/python'

/**
 * Whether somebody is there for an exception that comes up at a call: a handler further out in the function, or the function itself, which documents it,
 * raises it, or has a decorator that is told of it; or somebody further up.
 */
export function isExpectedElsewhere(context: PythonServices, call: CallNode, exception: string): boolean {
  const caller = enclosingFunctionName(context, call)
  const guard = semanticsOf(call.tree).guards.around(call.index)
  if (guard !== undefined && context.project.isCaught(exception, caller, guard)) return true
  const family = new Set(exceptionFamily(context.project, exception))
  const definition = call.closest('function_definition')
  if (definition && (documents(definition, family) || raises(context, definition, exception) || isDecoratedFor(context, definition, family))) return true
  return context.project.isExpected(exception, caller)
}

/** Whether the docstring names the exception or a project class that it derives from. */
function documents({ body }: FunctionDefinitionNode, family: ReadonlySet<string>): boolean {
  const [first] = body.namedChildren
  const docstring = first?.kind === 'expression_statement' ? stringText(first.namedChildren[0]) : null
  if (docstring === null) return false
  const words = new Set(docstring.match(/[\p{L}\p{N}_]+/gu))
  return [...family].some((name) => words.has(lastPart(name)))
}

function raises({ values }: PythonServices, definition: FunctionDefinitionNode, exception: string): boolean {
  for (const node of ownCode(definition.body)) {
    const raised = node.kind === 'raise_statement' ? node.namedChildren[0] : undefined
    if (!raised) continue
    const value = values.of(raised)
    if ((value.kind === 'call' ? value.callee : value.kind === 'name' ? value.name : null) === exception) return true
  }
  return false
}

/** `@shared_task(autoretry_for=(GatewayTimeout,))`: what a decorator is told about. */
function isDecoratedFor(context: PythonServices, { parent }: FunctionDefinitionNode, family: ReadonlySet<string>): boolean {
  if (parent?.kind !== 'decorated_definition') return false
  for (const decorator of parent.namedChildren) {
    if (decorator.kind !== 'decorator') continue
    for (const node of decorator.descendants('identifier', 'attribute')) if (family.has(context.resolve(node) ?? '')) return true
  }
  return false
}
