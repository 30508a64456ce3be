import type { SuggestionDescriptor } from '@krait/core'
import { defineRule, isMigrationFile, isMigrationModule, isScriptFile, isTestFile, nameFromModule, withoutParentheses } from '@krait/python'
import type { PythonNode, PythonRuleContext } from '@krait/python'
import { packageExceptions } from '../shared/package-exceptions.ts'
import type { PackageException } from '../shared/package-exceptions.ts'

export interface NoGenericRaiseOptions {
  /** Qualified names of classes that say too little. */
  readonly types: readonly string[]
}

type MessageId = 'generic' | 'genericNear' | 'genericFar' | 'raiseInstead'
type Context = PythonRuleContext<MessageId, readonly [NoGenericRaiseOptions]>

const defaultOptions: readonly [NoGenericRaiseOptions] = [{ types: ['builtins.Exception', 'builtins.BaseException'] }]

/** A message and its suggestions name no more classes than these. */
const MAX_NAMED = 3

export const noGenericRaise = defineRule({
  name: 'no-generic-raise',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow raising Exception itself',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      generic: '`raise {{raised}}` can only be handled by catching everything. Raise a specific error: derive one from `{{type}}`.',
      genericNear: '`raise {{raised}}` can only be handled by catching everything. Raise a specific error (this package has {{classes}}).',
      genericFar: '`raise {{raised}}` can only be handled by catching everything. Raise a specific error (this application has {{classes}}).',
      raiseInstead: 'Raise `{{class}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { types: { type: 'array', items: { type: 'string' }, uniqueItems: true } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [options]) {
    if (isTestFile(context) || isScriptFile(context) || isMigrationFile(context)) return {}
    const types = new Set(options.types)
    let exceptions: readonly PackageException[] | undefined
    return {
      raise_statement(statement) {
        const [expression] = statement.namedChildren
        const raised = expression && expression !== statement.cause ? withoutParentheses(expression) : null
        const type = raised && genericType(context, raised, types)
        if (!raised || type === null || isMainBlock(statement) || isMigrationModule(context)) return
        exceptions ??= packageExceptions(context).filter(({ module, name }) => !types.has(`${module}.${name}`))
        const [first] = exceptions
        const written = writtenClass(raised)
        const shown = exceptions.slice(0, MAX_NAMED)
        context.report({
          node: statement,
          messageId: !first ? 'generic' : first.isNear ? 'genericNear' : 'genericFar',
          data: { raised: label(raised), type: type.slice(type.lastIndexOf('.') + 1), classes: shown.map(({ name }) => `\`${name}\``).join(', ') },
          suggest: shown.map((exception) => written && !isVariable(context, written) && suggest(context, written, exception)),
        })
      },
    }
  },
})

/** The class that a statement raises, if it is one of those: named, called, or behind a name that is bound to nothing else. */
function genericType(context: Context, raised: PythonNode, types: ReadonlySet<string>): string | null {
  const direct = context.resolve(raised.kind === 'call' ? raised.function : raised)
  if (direct !== null && types.has(direct)) return direct
  if (raised.kind !== 'identifier' && raised.kind !== 'attribute') return null
  const values = valuesOf(context, raised)
  const made = values?.map((value) => (value.kind === 'call' ? context.resolve(value.function) : null)) ?? []
  return made[0] && made.every((name) => name !== null && types.has(name)) ? made[0] : ofConstant(context, raised, types)
}

/** What a variable of the file is bound to; `null` if it is bound in other ways, too. */
function valuesOf({ scopes }: Context, raised: PythonNode): readonly PythonNode[] | null {
  const definitions = raised.kind === 'identifier' ? scopes.bindingOf(raised)?.definitions.filter(({ kind }) => kind !== 'delete' && kind !== 'annotation') : null
  const values = definitions?.flatMap(({ value }) => value ?? []) ?? []
  return definitions && values.length > 0 && values.length === definitions.length ? values : null
}

/** A constant, also of another module. */
function ofConstant(context: Context, raised: PythonNode, types: ReadonlySet<string>): string | null {
  if (context.resolve(raised) === null) return null
  const value = context.values.of(raised)
  return value.kind === 'call' && value.callee !== null && types.has(value.callee) ? value.callee : null
}

function isMainBlock(statement: PythonNode): boolean {
  for (let child = statement, node = statement.parent; node; child = node, node = node.parent) {
    if (node.kind !== 'if_statement' || child !== node.consequence || node.condition.kind !== 'comparison_operator') continue
    if (node.condition.namedChildren.some((operand) => operand.kind === 'identifier' && operand.text === '__name__')) return true
  }
  return false
}

function label(raised: PythonNode): string {
  if (raised.kind !== 'call') return raised.text
  return `${raised.function.text}(${raised.arguments.namedChildren.length > 0 ? '...' : ''})`
}

/** Where the class is written. */
function writtenClass(raised: PythonNode): PythonNode | null {
  const written = raised.kind === 'call' ? withoutParentheses(raised.function) : raised
  return written.kind === 'identifier' || written.kind === 'attribute' ? written : null
}

/** Whether a name holds an exception rather than a class. */
function isVariable({ project, resolve }: Context, written: PythonNode): boolean {
  const name = resolve(written)
  return name === null || project.definition(name)?.kind === 'variable'
}

function suggest(context: Context, written: PythonNode, { module, name }: PackageException): SuggestionDescriptor<MessageId> | null {
  const found = nameFromModule(context, written, module, name)
  return found && {
    messageId: 'raiseInstead',
    data: { class: name },
    fix: (fixer) => [...(found.addImport ? [found.addImport(fixer)] : []), fixer.replaceText(written, found.text)],
  }
}
