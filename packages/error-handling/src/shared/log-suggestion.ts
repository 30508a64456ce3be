import type { FixFunction, SourceCode } from '@krait/core'
import { isLogger } from '@krait/python'
import type { ExceptClauseNode, LoggerContext, PythonNode } from '@krait/python'
import { putFirst } from './handler-edit.ts'

type SuggestionContext = LoggerContext & { readonly sourceCode: SourceCode }

/** How code at a node can write a logger of its module: `logger`, or `logging.getLogger(__name__)` where only `logging` is there; `null` if neither is. */
export function moduleLogger(context: SuggestionContext, node: PythonNode): string | null {
  const scope = context.scopes.scopeOf(node)
  let imported: string | null = null
  let fallback: string | null = null
  for (const [name, binding] of context.scopes.module.bindings) {
    const definition = binding.definitions[0]
    if (!definition || definition.kind === 'function' || definition.kind === 'class' || scope.lookup(name) !== binding) continue
    if (context.resolve(definition.name) === 'logging') fallback = `${name}.getLogger(__name__)`
    else if (definition.kind === 'import' ? imported === null && isLogger(context, definition.name) : isLogger(context, definition.name)) {
      if (definition.kind !== 'import') return name
      imported = name
    }
  }
  return imported ?? fallback
}

/** The name of a logger that code at a node can use, where it is defined or imported; `null` if the module has none. */
export function moduleLoggerNode(context: SuggestionContext, node: PythonNode): PythonNode | null {
  const name = moduleLogger(context, node)
  return (name === null ? null : context.scopes.module.bindings.get(name)?.definitions[0]?.name) ?? null
}

/** Puts `logger.exception("...")` at the top of a handler, in place of a lone `pass`. */
export function logException(sourceCode: SourceCode, clause: ExceptClauseNode, logger: string, message: string): FixFunction | null {
  return putFirst(sourceCode, clause, `${logger}.exception(${JSON.stringify(message)})`)
}
