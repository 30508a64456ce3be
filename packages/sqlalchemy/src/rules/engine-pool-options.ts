import type { FixFunction } from '@krait/core'
import type { CallNode, DictionaryNode, PythonNode, PythonRuleContext } from '@krait/python'
import { addArgument, argument, defineRule, hasSplat, isTestFile, keywordArguments, positionalArguments, stringText, withoutParentheses } from '@krait/python'
import { importsSqlalchemy } from '../shared/library-imports.ts'

type PoolOption = 'pool_pre_ping' | 'pool_recycle'

export interface EnginePoolOptions {
  /** The options that each engine must have; if none is named, any one of the two will do. */
  readonly require: readonly PoolOption[]
}

type Context = PythonRuleContext<'stale', readonly [EnginePoolOptions]>

const defaultOptions: readonly [EnginePoolOptions] = [{ require: [] }]

const ENGINES: ReadonlySet<string> = new Set(['sqlalchemy.create_engine', 'sqlalchemy.ext.asyncio.create_async_engine', 'sqlmodel.create_engine'])
const FROM_CONFIG = 'sqlalchemy.engine_from_config'
const FLASK = 'flask_sqlalchemy.SQLAlchemy'
/** Pools that keep no connection, or the only one there is. */
const OTHER_POOLS = /\.(NullPool|StaticPool)$/

export const enginePoolOptions = defineRule({
  name: 'engine-pool-options',
  meta: {
    type: 'problem',
    docs: { description: 'Require engines to notice stale connections', preset: 'strict', severity: 'warn', since: '0.1.0' },
    messages: { stale: 'This engine hands out stale connections after a database restart. Pass {{remedy}}.' },
    schema: [
      {
        type: 'object',
        properties: { require: { type: 'array', items: { enum: ['pool_pre_ping', 'pool_recycle'] } } },
        additionalProperties: false,
      },
    ],
    fixable: 'code',
  },
  defaultOptions,
  create(context, [{ require }]) {
    if (isTestFile(context) || /(^|\/)env\.py$/.test(context.path)) return {}
    let imports: boolean | undefined
    return {
      call(node) {
        if (!(imports ??= importsSqlalchemy(context)) && !/engine|SQLAlchemy/.test(node.function.text)) return
        const name = context.resolve(node.function)
        if (name === null) return
        if (name === FLASK) checkFlask(node)
        else if (name === FROM_CONFIG ? isLiteralConfig(node) : ENGINES.has(name)) checkEngine(node)
      },
    }

    function checkEngine(call: CallNode): void {
      if (hasSplat(call) || isSqlite(context, call)) return
      const given = keywordArguments(call)
      if (given.has('creator') || given.has('async_creator') || hasOtherPool(context, given.get('poolclass') ?? null)) return
      const missing = missingOptions(given)
      if (missing.length > 0) report(call, missing, addToCall(call, given, missing))
    }

    function checkFlask(call: CallNode): void {
      const options = argument(call, 'engine_options')
      if (options?.kind !== 'dictionary') return
      const given = itemsOf(options)
      if (!given || given.has('creator') || hasOtherPool(context, given.get('poolclass') ?? null)) return
      const missing = missingOptions(given)
      if (missing.length > 0) report(call, missing, addToDictionary(options, given, missing))
    }

    function missingOptions(given: ReadonlyMap<string, PythonNode>): readonly PoolOption[] {
      const has = (option: PoolOption): boolean => {
        const value = given.get(option)
        return value !== undefined && value.kind !== 'false' && value.kind !== 'none' && value.text !== '-1'
      }
      if (require.length > 0) return require.filter((option) => !has(option))
      return has('pool_pre_ping') || has('pool_recycle') ? [] : ['pool_pre_ping', 'pool_recycle']
    }

    function report(call: CallNode, missing: readonly PoolOption[], fix: FixFunction | null): void {
      const texts = missing.map((option) => (option === 'pool_pre_ping' ? '`pool_pre_ping=True`' : '`pool_recycle=…`'))
      const remedy = require.length > 0 ? texts.join(' and ') : '`pool_pre_ping=True` (or `pool_recycle=…`)'
      context.report({ node: call, messageId: 'stale', data: { remedy }, fix })
    }
  },
})

function isLiteralConfig(call: CallNode): boolean {
  const config = argument(call, 'configuration', 0)
  if (config?.kind !== 'dictionary') return false
  const given = itemsOf(config)
  return given !== null && ![...given.keys()].some((key) => key.endsWith('pool_pre_ping') || key.endsWith('pool_recycle') || key.endsWith('poolclass'))
}

/** A URL that begins so, as a literal or a constant; `URL.create("sqlite", ...)`. */
function isSqlite(context: Context, call: CallNode): boolean {
  const given = argument(call, 'url', 0)
  if (!given) return false
  const url = withoutParentheses(given)
  const first = url.kind === 'call' ? (argument(url, 'drivername', 0) ?? url) : url
  const constant = context.constantOf(first)
  const text = typeof constant === 'string' ? constant : (stringText(first) ?? first.text.replace(/^\w*['"]+/, ''))
  return text.startsWith('sqlite')
}

/** `NullPool`, `StaticPool`, or a class that is not known. */
function hasOtherPool(context: Context, poolClass: PythonNode | null): boolean {
  if (!poolClass || poolClass.kind === 'none') return false
  const name = context.resolve(poolClass)
  return name === null || OTHER_POOLS.test(name) || !name.startsWith('sqlalchemy.')
}

/** The values of a dictionary by key; `null` if some of it can not be read. */
function itemsOf(dictionary: DictionaryNode): ReadonlyMap<string, PythonNode> | null {
  const found = new Map<string, PythonNode>()
  for (const entry of dictionary.namedChildren) {
    if (entry.kind === 'comment') continue
    const key = entry.kind === 'pair' ? stringText(entry.key) : null
    if (entry.kind !== 'pair' || key === null) return null
    found.set(key, entry.value)
  }
  return found
}

function addToCall(call: CallNode, given: ReadonlyMap<string, PythonNode>, missing: readonly PoolOption[]): FixFunction | null {
  if (!missing.includes('pool_pre_ping')) return null
  const value = given.get('pool_pre_ping')
  if (value) return (fixer) => fixer.replaceText(value, 'True')
  return positionalArguments(call).length > 0 || given.size > 0 ? addArgument(call, 'pool_pre_ping=True') : null
}

function addToDictionary(dictionary: DictionaryNode, given: ReadonlyMap<string, PythonNode>, missing: readonly PoolOption[]): FixFunction | null {
  if (!missing.includes('pool_pre_ping')) return null
  const value = given.get('pool_pre_ping')
  if (value) return (fixer) => fixer.replaceText(value, 'True')
  const last = dictionary.namedChildren.findLast(({ kind }) => kind === 'pair')
  if (last) return (fixer) => fixer.insertTextAfter(last, ', "pool_pre_ping": True')
  return (fixer) => fixer.replaceText(dictionary, '{"pool_pre_ping": True}')
}
