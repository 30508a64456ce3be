import type { PythonNode, PythonRuleContext } from '@krait/python'
import { defineRule, isFlaskObject, isTestFile, matchesGlobs, ormSessionOf, withoutParentheses } from '@krait/python'

export interface NoCommitInRepositoryOptions {
  /** Names of classes, as globs. */
  readonly classes: readonly string[]
  /** Paths of modules, as globs. */
  readonly modules: readonly string[]
}

type MessageId = 'commits' | 'rollsBack' | 'flush'
type Context = PythonRuleContext<MessageId, readonly [NoCommitInRepositoryOptions]>

const defaultOptions: readonly [NoCommitInRepositoryOptions] = [
  { classes: ['*Repository', '*Repo', '*DAO', '*Dao'], modules: ['**/repositories/**', '**/repository.py', '**/*_repository.py', '**/dao/**'] },
]

/** Classes whose purpose is to end transactions. */
const UNITS_OF_WORK: readonly string[] = ['*UnitOfWork', '*UoW']

export const noCommitInRepository = defineRule({
  name: 'no-commit-in-repository',
  meta: {
    type: 'suggestion',
    docs: { description: 'Disallow repositories to end transactions', preset: 'strict', severity: 'warn', since: '0.1.0' },
    messages: {
      commits: '`{{function}}` commits; leave the transaction to the calling service and use `flush()` here.',
      rollsBack: '`{{function}}` rolls back; leave the transaction to the calling service and let the error out here.',
      flush: 'Use `flush()`',
    },
    schema: [
      {
        type: 'object',
        properties: { classes: { type: 'array', items: { type: 'string' } }, modules: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ classes, modules }]) {
    if (isTestFile(context)) return {}
    const isRepositoryModule = matchesGlobs(context.path, modules)
    return {
      call(node) {
        const called = node.function
        if (called.kind !== 'attribute') return
        const { text } = called.attribute
        if (text !== 'commit' && text !== 'rollback') return
        const definition = node.closest('function_definition')
        const owner = node.closest('class_definition')
        if (!definition || (owner && matchesGlobs(owner.name.text, UNITS_OF_WORK))) return
        if (!isRepositoryModule && !(owner && matchesGlobs(owner.name.text, classes))) return
        const session = ormSessionOf(context, called.object)
        if (!session || session.isConnection || !isGiven(context, called.object)) return
        context.report({
          node: called.attribute,
          messageId: text === 'commit' ? 'commits' : 'rollsBack',
          data: { function: owner ? `${owner.name.text}.${definition.name.text}` : definition.name.text },
          suggest: [text === 'commit' && { messageId: 'flush', fix: (fixer) => fixer.replaceText(called.attribute, 'flush') }],
        })
      },
    }
  },
})

/** An attribute of the object, a parameter, or a session that all share; not one that the function has opened. */
function isGiven(context: Context, expression: PythonNode): boolean {
  let node = withoutParentheses(expression)
  if (isShared(context, node)) return true
  const value = node.kind === 'identifier' ? context.scopes.bindingOf(node)?.onlyDefinition?.value : null
  if (value) node = withoutParentheses(value)
  if (isShared(context, node)) return true
  if (node.kind === 'attribute') return rootOf(node).text === 'self' || rootOf(node).text === 'cls'
  return node.kind === 'identifier' && context.scopes.bindingOf(node)?.onlyDefinition?.kind === 'parameter'
}

/** A `scoped_session`, what a call of it gives, or Flask-SQLAlchemy's `db.session`. */
function isShared(context: Context, node: PythonNode): boolean {
  if (node.kind === 'call') return node.arguments.namedChildren.length === 0 && isShared(context, withoutParentheses(node.function))
  if (ormSessionOf(context, node)?.isRegistry) return true
  const owner = node.kind === 'attribute' && node.attribute.text === 'session' ? context.resolve(node.object) : null
  return owner !== null && isFlaskObject(context.project, owner)
}

function rootOf(attribute: PythonNode): PythonNode {
  let node = attribute
  while (node.kind === 'attribute') node = node.object
  return node
}
