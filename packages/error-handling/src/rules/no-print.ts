import type { SuggestionDescriptor } from '@krait/core'
import { CommandLine, defineRule, isMigrationFile, isMigrationModule, isScriptFile, isTestFile, keywordArgument, lastPart, matchesGlobs, mayCallAny } from '@krait/python'
import type { CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { moduleLogger } from '../shared/log-suggestion.ts'

export interface PrintOptions {
  /** Globs of files that may print. */
  readonly allowIn: readonly string[]
  /** Qualified names of further functions that print. */
  readonly functions: readonly string[]
}

type MessageId = 'print' | 'useLogger' | 'remove'
type Context = PythonRuleContext<MessageId, readonly [PrintOptions]>

const PRINTING: readonly string[] = ['builtins.print', 'icecream.ic', 'pprint.pp', 'pprint.pprint', 'rich.print']

const defaultOptions: readonly [PrintOptions] = [{ allowIn: [], functions: [] }]

export const noPrint = defineRule({
  name: 'no-print',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow print in code that serves, outside of command lines',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      print: "`{{function}}()` in `{{path}}` bypasses logging. Use the module's `{{logger}}` (or remove this debug line).",
      useLogger: 'Log it with `{{logger}}.info()`',
      remove: 'Remove the line',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allowIn: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          functions: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ allowIn, functions }]) {
    if (isTestFile(context) || isScriptFile(context) || isMigrationFile(context) || matchesGlobs(context.path, allowIn)) return {}
    const printing = new Set([...PRINTING, ...functions])
    const names = new Set([...printing].map(lastPart))
    if (!mayCallAny(context, names)) return {}
    let commandLine: CommandLine | undefined

    return {
      call(node) {
        if (!mayPrint(node) || !printing.has(context.resolve(node.function) ?? '') || writesToFile(node)) return
        if (isLogged(node) || isMigrationModule(context) || (commandLine ??= new CommandLine(context)).contains(node)) return
        const logger = moduleLogger(context, node)
        context.report({
          node,
          messageId: 'print',
          data: { function: node.function.text, path: context.path, logger: logger ?? 'logger' },
          suggest: [logger !== null && suggestLogger(node, logger), suggestRemoval(context, node)],
        })
      },
    }

    function mayPrint({ function: called }: CallNode): boolean {
      if (called?.kind === 'attribute') return names.has(called.attribute.text)
      if (called?.kind !== 'identifier') return false
      return names.has(called.text) || context.scopes.bindingOf(called)?.onlyDefinition?.node.kind === 'aliased_import'
    }
  },
})

/** Whether the output goes to a file, or may: `print(..., file=sys.stderr)`, `pprint(..., stream=out)`, `**options`. */
function writesToFile(call: CallNode): boolean {
  if (keywordArgument(call, 'file') ?? keywordArgument(call, 'stream')) return true
  return call.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat')
}

/** Whether the function around is a flow or task of Prefect that logs what it prints. */
function isLogged(call: CallNode): boolean {
  const decorated = call.closest('function_definition')?.parent
  if (decorated?.kind !== 'decorated_definition') return false
  return decorated.namedChildren.some((decorator) => {
    const made = decorator.kind === 'decorator' ? decorator.namedChildren[0] : null
    return made?.kind === 'call' && keywordArgument(made, 'log_prints')?.value.kind === 'true'
  })
}

function suggestLogger(call: CallNode, logger: string): SuggestionDescriptor<MessageId> | null {
  const [only, ...others] = call.arguments.namedChildren
  const isPlain = call.arguments.kind === 'argument_list' && only && others.length === 0 && only.kind !== 'keyword_argument' && only.kind !== 'list_splat'
  if (!isPlain || call.parent?.kind !== 'expression_statement') return null
  return { messageId: 'useLogger', data: { logger }, fix: (fixer) => fixer.replaceText(call.function, `${logger}.info`) }
}

/** Takes the statement out with its line; one that is all there is in its block becomes `pass`. */
function suggestRemoval({ sourceCode }: Context, call: CallNode): SuggestionDescriptor<MessageId> | null {
  const statement: PythonNode | null = call.parent
  if (statement?.kind !== 'expression_statement' || statement.namedChildren.length > 1) return null
  const block = statement.parent
  if (block?.kind !== 'module' && block?.namedChildren.length === 1) return { messageId: 'remove', fix: (fixer) => fixer.replaceText(statement, 'pass') }
  const { text } = sourceCode
  const start = statement.start - statement.loc.start.column + 1
  const end = /^[ \t]*(?:\r\n|\n|\r|$)/.exec(text.slice(statement.end))
  if (text.slice(start, statement.start).trim() !== '' || !end) return null
  return { messageId: 'remove', fix: (fixer) => fixer.removeRange([start, statement.end + end[0].length]) }
}
