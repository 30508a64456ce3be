import { catchingBy, caughtTypes, enclosingDefinition, isBroadType, lastPart, namedExceptionTypes, withoutParentheses } from '@krait/python'
import type { ExceptClauseNode, ExceptionContext, ExceptionType, PythonNode, PythonRuleContext, TryStatementNode } from '@krait/python'

export const OPERATIONAL_ERROR = 'sqlalchemy.exc.OperationalError'
const SIMILAR: ReadonlySet<string> = new Set(['InterfaceError', 'OperationalError'])

/** Whether a handler of a type catches the error of a lost connection; the drivers have such errors of their own. */
export function catchesLostConnection(context: ExceptionContext, type: ExceptionType): boolean {
  if (type === null) return false
  if (isBroadType(type) || SIMILAR.has(lastPart(type))) return true
  const catching = catchingBy(context.project, [type], OPERATIONAL_ERROR)
  return catching === 'by-name' || catching === 'broadly'
}

/** The handler of a `try` that gets the error of a lost connection; `null` if there is none. */
export function handlerOfLostConnection(context: ExceptionContext, { namedChildren }: TryStatementNode): ExceptClauseNode | null {
  for (const clause of namedChildren) {
    if (clause.kind === 'except_clause' && caughtTypes(context, clause).some((type) => catchesLostConnection(context, type))) return clause
  }
  return null
}

/** Whether, between a place and something around it, the error of a lost connection is caught so that the loop goes on. */
export function isCaughtInside(context: PythonRuleContext, place: PythonNode, loop: PythonNode): boolean {
  const flow = context.flow(enclosingDefinition(place) ?? (context.sourceCode.ast as PythonNode))
  const around = flow.loopOf(loop)
  for (let child = place, node = place.parent; node && node !== loop; child = node, node = node.parent) {
    if (node.kind === 'with_statement' && child === node.body && isSuppressing(context, node)) return true
    if (node.kind !== 'try_statement' || child !== node.body) continue
    const handler = handlerOfLostConnection(context, node)
    if (handler && around && flow.canReachNextRound(flow.pointsInRole('except', handler), around, { exceptions: 'none' })) return true
  }
  return false
}

/** `with suppress(SQLAlchemyError):` */
function isSuppressing(context: PythonRuleContext, statement: PythonNode): boolean {
  const items = statement.namedChildren.find(({ kind }) => kind === 'with_clause')?.namedChildren ?? []
  return items.some((item) => {
    const manager = item.kind === 'with_item' ? withoutParentheses(item.value) : item
    if (manager.kind !== 'call' || !context.resolvesTo(manager.function, ['contextlib.suppress'])) return false
    const made = context.values.of(manager)
    return made.kind === 'call' && namedExceptionTypes(context, made.arguments).some((type) => catchesLostConnection(context, type))
  })
}
