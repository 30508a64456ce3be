import type { SuggestionDescriptor } from '@krait/core'
import { argument, callLabel, defineRule, excerpt, isCallOf, isTestFile, stringText } from '@krait/python'
import type { CallNode, DictionaryNode, PythonNode, PythonRuleContext } from '@krait/python'
import { keyText, LevelFilters } from '../shared/level-filters.ts'
import type { LevelFilter } from '../shared/level-filters.ts'
import { levelNumber, LevelNames } from '../shared/log-levels.ts'

export interface HiddenErrorLogsOptions {
  /** Names of attributes and columns that hold the level of a log row. */
  readonly levelAttributes: readonly string[]
  /** Names of the levels that tell of errors, in any case. */
  readonly errorLevels: readonly string[]
}

type MessageId = 'selects' | 'excludes' | 'disabled' | 'silenced' | 'addLevel'
type Context = PythonRuleContext<MessageId, readonly [HiddenErrorLogsOptions]>

const defaultOptions: readonly [HiddenErrorLogsOptions] = [
  {
    levelAttributes: ['level', 'log_level', 'loglevel', 'levelname', 'severity'],
    errorLevels: ['error', 'critical', 'fatal', 'severe', 'alert', 'emergency'],
  },
]

const ERROR = 40
const CRITICAL = 50

export const noHiddenErrorLogs = defineRule({
  name: 'no-hidden-error-logs',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow log queries and logger levels that leave the errors out',
      preset: 'recommended',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      selects:
        'This feed{{of}} selects only {{levels}}: rows at ERROR never reach the dashboard. Include the error levels, or show them in a query of their own.',
      excludes: 'This feed{{of}} leaves out {{levels}}: these rows never reach the dashboard. Include the error levels, or show them in a query of their own.',
      disabled: '`{{call}}` silences the errors of every logger in the process. Disable a lower level, or set the level of the one logger that is too loud.',
      silenced: '`{{level}}` silences the errors of {{logger}}. Set a level of ERROR or below.',
      addLevel: 'Add {{level}}',
    },
    schema: [
      {
        type: 'object',
        properties: {
          levelAttributes: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          errorLevels: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ levelAttributes, errorLevels }]) {
    if (isTestFile(context)) return {}
    const names = new LevelNames(context, errorLevels)
    const filters = new LevelFilters(context, names, levelAttributes)
    let shown: ReadonlySet<string> | undefined

    return {
      call(node) {
        const name = calledName(node)
        if (name === 'setLevel') checkLevel(node)
        else if (name === 'disable') checkDisable(node)
        else if (name === 'dictConfig') checkConfigured(node)
        else checkFilter(filters.ofCall(node))
      },
      comparison_operator(node) {
        if (node.operators[0]?.kind === '!=') checkFilter(filters.ofComparison(node))
      },
      binary_operator(node) {
        if (node.operator.kind === '|') checkFilter(filters.ofAlternatives(node))
      },
      dictionary(node) {
        if (node.namedChildren.some(isVersion)) checkConfig(node)
      },
    }

    function checkFilter(filter: LevelFilter | null): void {
      if (!filter || !hidesErrors(filter) || isShownElsewhere(filter)) return
      const { node, model, selects } = filter
      const levels = selects ? filter.levels : filter.levels.filter((level) => names.isError(level))
      context.report({
        node,
        messageId: selects ? 'selects' : 'excludes',
        data: { of: model === '' ? '' : ` of \`${model}\``, levels: [...new Set(levels)].map((level) => level.toUpperCase()).join(', ') },
        suggest: [selects && suggestLevel(filter)],
      })
    }

    function hidesErrors({ levels, selects }: LevelFilter): boolean {
      const hasError = levels.some((level) => names.isError(level))
      return selects ? !hasError && new Set(levels).size > 1 : hasError
    }

    /** Whether another query of the file is for the errors of the same model. */
    function isShownElsewhere({ model }: LevelFilter): boolean {
      shown ??= shownModels()
      return shown.has(model) || shown.has('')
    }

    function shownModels(): ReadonlySet<string> {
      const models = new Set<string>()
      const { ast } = context.sourceCode
      for (const node of (ast as PythonNode).descendants('call', 'comparison_operator')) {
        const filter = node.kind === 'call' ? filters.ofCall(node) : filters.ofComparison(node)
        if (filter?.selects && filter.levels.some((level) => names.isError(level))) models.add(filter.model)
      }
      return models
    }

    function suggestLevel({ collection }: LevelFilter): SuggestionDescriptor<MessageId> | null {
      const written = collection && writtenCollection(context, collection)
      const last = written?.namedChildren.at(-1)
      const level = last && errorLike(last)
      return level ? { messageId: 'addLevel', data: { level }, fix: (fixer) => fixer.insertTextAfter(last, `, ${level}`) } : null
    }

    /** The error level, written as its neighbour is: `"ERROR"` beside `"INFO"`, `LogLevel.ERROR` beside `LogLevel.INFO`. */
    function errorLike(neighbour: PythonNode): string | null {
      const text = stringText(neighbour)
      if (text !== null) return neighbour.text.replace(text, text === text.toUpperCase() ? 'ERROR' : text === text.toLowerCase() ? 'error' : 'Error')
      const name = neighbour.kind === 'attribute' ? context.resolve(neighbour.object) : null
      if (neighbour.kind !== 'attribute' || name === null) return null
      const member = neighbour.attribute.text === neighbour.attribute.text.toUpperCase() ? 'ERROR' : 'error'
      return context.project.member(name, member) ? `${neighbour.object.text}.${member}` : null
    }

    function checkDisable(call: CallNode): void {
      if (context.resolve(call.function) !== 'logging.disable') return
      const given = argument(call, 'level', 0)
      const level = given ? levelNumber(context, given) : call.arguments.namedChildren.length === 0 ? CRITICAL : null
      if (level !== null && level >= ERROR) context.report({ node: call, messageId: 'disabled', data: { call: excerpt(call) } })
    }

    function checkLevel(call: CallNode): void {
      const given = argument(call, 'level', 0)
      if (call.function.kind !== 'attribute' || !given || (levelNumber(context, given) ?? 0) < CRITICAL) return
      const logger = ownLogger(call.function.object)
      if (logger !== null) context.report({ node: call, messageId: 'silenced', data: { level: `${callLabel(call).replace(/\(\)$/, '')}(${given.text})`, logger } })
    }

    /** The root logger, or one that is named after a module of the project, as a message calls it; `null` for all others. */
    function ownLogger(node: PythonNode): string | null {
      const value = context.values.of(node)
      if (value.kind === 'name' && value.name === 'logging.root') return 'all loggers'
      if (!isCallOf(value, 'logging.getLogger')) return null
      const [given] = value.arguments
      if (!given) return value.open || Object.keys(value.keywords).length > 0 ? null : 'all loggers'
      if (given.kind === 'name' && /(^|\.)__name__$/.test(given.name)) return 'this module'
      const name = context.values.constant(given)
      return typeof name === 'string' ? loggerNamed(name) : null
    }

    function loggerNamed(name: string): string | null {
      if (name === '' || name === 'root') return 'all loggers'
      return isOwnPackage(name) ? `\`${name}\`` : null
    }

    function isOwnPackage(name: string): boolean {
      const [top] = name.split('.')
      const { project } = context
      return project.modulePath(top!) !== null || project.files().some((path) => project.moduleName(path).startsWith(`${top!}.`))
    }

    function checkConfigured(call: CallNode): void {
      const given = context.resolve(call.function) === 'logging.config.dictConfig' ? argument(call, 'config', 0) : null
      if (given?.kind === 'dictionary' && !given.namedChildren.some(isVersion)) checkConfig(given)
    }

    /** A dictionary for `dictConfig()`. */
    function checkConfig(config: DictionaryNode): void {
      for (const pair of config.namedChildren) {
        if (pair.kind !== 'pair' || pair.value.kind !== 'dictionary') continue
        if (keyText(pair) === 'root') checkLoggerConfig('all loggers', pair.value)
        if (keyText(pair) !== 'loggers') continue
        for (const entry of pair.value.namedChildren) {
          const name = keyText(entry)
          const logger = name === null ? null : loggerNamed(name)
          if (logger !== null && entry.kind === 'pair' && entry.value.kind === 'dictionary') checkLoggerConfig(logger, entry.value)
        }
      }
    }

    function checkLoggerConfig(logger: string, config: DictionaryNode): void {
      for (const pair of config.namedChildren) {
        if (pair.kind !== 'pair' || keyText(pair) !== 'level' || (levelNumber(context, pair.value) ?? 0) < CRITICAL) continue
        context.report({ node: pair, messageId: 'silenced', data: { level: excerpt(pair), logger } })
      }
    }
  },
})

/** The entry that every dictionary for `dictConfig()` has. */
function isVersion(pair: PythonNode): boolean {
  return pair.kind === 'pair' && /^(['"])version\1$/.test(pair.key.text)
}

function calledName({ function: called }: CallNode): string {
  return called?.kind === 'attribute' ? called.attribute.text : called?.kind === 'identifier' ? called.text : ''
}

/** The display that an expression is or, in this file, is a name for. */
function writtenCollection(context: Context, expression: PythonNode): PythonNode | null {
  const value = expression.kind === 'identifier' ? context.scopes.bindingOf(expression)?.onlyDefinition?.value : expression
  return value?.kind === 'list' || value?.kind === 'tuple' || value?.kind === 'set' ? value : null
}
