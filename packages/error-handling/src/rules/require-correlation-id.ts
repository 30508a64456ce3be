import { defineRule, functionKeyAt, isTestFile, lastPart, optionPattern, semanticsOf } from '@krait/python'
import type { CallNode, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { APP_CLASSES, instrumentsAllApps, RequestIds } from '../shared/request-ids.ts'
import type { GivenId } from '../shared/request-ids.ts'

export interface CorrelationIdOptions {
  /** Names, qualified or not, of further middlewares that give ids to requests. */
  readonly middlewares: readonly string[]
  /** What headers and context variables with such an id are called, in any case. */
  readonly idPattern: string
}

type Context = PythonRuleContext<'missing', readonly [CorrelationIdOptions]>

const defaultOptions: readonly [CorrelationIdOptions] = [{ middlewares: [], idPattern: '(request|correlation|trace|transaction)[-_ ]?id|traceparent' }]

export const requireCorrelationId = defineRule({
  name: 'require-correlation-id',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require web applications to give each request an id',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      missing:
        '`{{app}}` has no request/correlation id middleware, so log lines of one request cannot be joined. Add one (e.g. `CorrelationIdMiddleware`) or name yours in `middlewares`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          middlewares: { type: 'array', items: { type: 'string' }, uniqueItems: true },
          idPattern: { type: 'string', minLength: 1 },
        },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ middlewares, idPattern }]) {
    if (isTestFile(context) || EXAMPLES.test(context.path)) return {}
    let apps: AppNames | undefined
    const pattern = optionPattern(`(?i)${idPattern.replace(/^\(\?i\)/, '')}`)

    return {
      call(node) {
        if (!makesApp(context, node, (apps ??= context.project.kept('error-handling/app-names', appNames)))) return
        const given = givenTo(node)
        if (given?.id !== 'none' || instrumentsAllApps(context)) return
        context.report({ node, messageId: 'missing', data: { app: given.name } })
      },
    }

    /** The name of an application, and whether its requests get ids; `null` where it goes who knows where. */
    function givenTo(call: CallNode): { readonly name: string; readonly id: GivenId } | null {
      const file = semanticsOf(call.tree)
      const key = functionKeyAt(file, call.index)
      const ids = new RequestIds(context, middlewares, pattern)
      let node: PythonNode = call
      while (node.parent?.kind === 'parenthesized_expression') node = node.parent
      const { parent } = node
      if (parent?.kind === 'return_statement') return { name: call.function.text, id: ids.ofReturned(key, context.values.summary(call)) }
      const target = parent?.kind === 'assignment' && parent.right === node ? parent.left : parent?.kind === 'named_expression' ? parent.name : null
      if (target?.kind !== 'identifier' && target?.kind !== 'attribute') return null
      return { name: target.text, id: ids.ofPlace(file.names.nameOf(target.index) ?? `local:${target.text}`, key) }
    }
  },
})

/** Folders of code that shows something. */
const EXAMPLES = /(^|\/)(examples?|docs?|docs_src|samples?|demos?)\//

/** The classes of applications, those of the project among them, and the last parts of their names. */
interface AppNames {
  readonly classes: ReadonlySet<string>
  readonly lastParts: ReadonlySet<string>
}

function appNames(project: PythonProject): AppNames {
  const classes = new Set([...APP_CLASSES, ...APP_CLASSES.flatMap((name) => project.subclasses(name).map((subclass) => subclass.name))])
  return { classes, lastParts: new Set(Array.from(classes, lastPart)) }
}

function makesApp(context: Context, { function: called }: CallNode, { classes, lastParts }: AppNames): boolean {
  const name = called?.kind === 'attribute' ? called.attribute : called
  if (name?.kind !== 'identifier') return false
  if (!lastParts.has(name.text) && context.scopes.bindingOf(name)?.onlyDefinition?.node.kind !== 'aliased_import') return false
  return classes.has(context.resolve(called) ?? '')
}
