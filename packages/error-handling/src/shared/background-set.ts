import type { Fix, FixFunction, RuleFixer } from '@krait/core'
import { insertBehindLine } from '@krait/python'
import type { PythonNode, PythonRuleContext } from '@krait/python'

type Context = Pick<PythonRuleContext, 'scopes' | 'sourceCode' | 'values'>

const NAME = 'background_tasks'

/**
 * Keeps a task in a set of the module until it is done.
 * @param statement the statement that makes the task, alone on its line
 * @param name the local name that it is bound to, `null` if it is not
 */
export function keepInSet(context: Context, statement: PythonNode, name: string | null): FixFunction | null {
  const { sourceCode, scopes } = context
  const indentation = sourceCode.text.slice(statement.start - statement.loc.start.column + 1, statement.start)
  const scope = scopes.scopeOf(statement)
  if (indentation.trim() !== '' || statement.nextSibling?.kind === ';' || (name === null && scope.lookup('task'))) return null
  const known = scopes.module.bindings.get(NAME)
  if (scope.lookup(NAME) !== (known ?? null)) return null
  const task = name ?? 'task'
  const lines = [`${NAME}.add(${task})`, `${task}.add_done_callback(${NAME}.discard)`].map((line) => sourceCode.lineBreak + indentation + line)
  return (fixer) => [
    ...(known ? [] : [defineSet(context, fixer)]),
    ...(name === null ? [fixer.insertTextBefore(statement, `${task} = `)] : []),
    insertBehindLine(sourceCode, fixer, statement, lines.join('')),
  ]
}

/** Behind the imports that open the file. */
function defineSet({ sourceCode }: Context, fixer: RuleFixer): Fix {
  const statements = sourceCode.ast.namedChildren as readonly PythonNode[]
  const body = statements.findIndex((statement, i) => !isHead(statement, i))
  const lastOfHead = statements[(body < 0 ? statements.length : body) - 1]
  const { lineBreak } = sourceCode
  const line = `${NAME} = set()`
  if (lastOfHead) return insertBehindLine(sourceCode, fixer, lastOfHead, lineBreak + lineBreak + line)
  const start = statements[0]?.start ?? 0
  return fixer.insertTextBeforeRange([start, start], line + lineBreak + lineBreak)
}

/** A docstring or an import. */
function isHead(statement: PythonNode, position: number): boolean {
  if (statement.kind === 'expression_statement') return position === 0 && statement.namedChildren[0]?.kind === 'string'
  return statement.kind === 'import_statement' || statement.kind === 'import_from_statement' || statement.kind === 'future_import_statement'
}
