import { defineRule, flaskViewIndex, isTestFile, lastPart, routeNode, withoutLastPart, withoutParentheses } from '@krait/python'
import type { CallNode, ExceptionHandler, IdentifierNode, PythonNode, PythonProject, PythonRuleContext, Router } from '@krait/python'

type Context = PythonRuleContext<'missing', readonly []>

export const requireCatchAllHandler = defineRule({
  name: 'require-catch-all-handler',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require a handler for unexpected exceptions in web applications',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      missing:
        '`{{app}}` has no handler for unexpected exceptions: they bypass your error format. ' +
        'Register one for `Exception` that logs the exception and returns a generic 500 payload.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context)) return {}
    return {
      call(node) {
        const name = context.resolve(node.function)
        if (name === null || !APPLICATIONS.has(name) || isOpen(node)) return
        const isServing = name === FLASK ? servesFlask(context, node) : servesRoutes(context, node)
        if (!isServing || context.project.exceptionHandlers().some((handler) => mayCatchAll(context, node, handler))) return
        context.report({ node, messageId: 'missing', data: { app: boundName(node)?.text ?? `${node.function.text}()` } })
      },
    }
  },
})

const FLASK = 'flask.Flask'
const APPLICATIONS: ReadonlySet<string> = new Set(['fastapi.FastAPI', 'starlette.applications.Starlette', FLASK])

/** There may be arguments that can not be seen, handlers among them. */
function isOpen(call: CallNode): boolean {
  return call.arguments.namedChildren.some(({ kind }) => kind === 'dictionary_splat')
}

/** `app` of `app = FastAPI()`, also of `self.app = FastAPI()`. */
function boundName(call: CallNode): PythonNode | null {
  let node: PythonNode = call
  while (node.parent?.kind === 'parenthesized_expression') node = node.parent
  return node.parent?.kind === 'assignment' && node.parent.right === node ? node.parent.left : null
}

/** Whether a FastAPI or Starlette application has routes, or includes or mounts something. */
function servesRoutes(context: Context, call: CallNode): boolean {
  const app = context.project.routers().find(({ role, site }) => role === 'app' && site !== null && madeAt(context, site) === call)
  return app !== undefined && (app.routes.length > 0 || app.includes.length > 0 || 'routes' in app.options) && !isHandedToUnknown(context.project, app)
}

function madeAt(context: Context, site: string): PythonNode | null {
  const node = routeNode(context, site)
  return node && withoutParentheses(node)
}

/** Whether code that is not known could register a handler: a function without a name, or one of a library that is called so. */
function isHandedToUnknown(project: PythonProject, { handedTo }: Router): boolean {
  return handedTo.some((name) => name === '' || (!isOfProject(project, name) && /exception|error/i.test(lastPart(name))))
}

function isOfProject(project: PythonProject, name: string): boolean {
  return name.includes('<locals>') || project.definition(name) !== null || project.definition(withoutLastPart(name)) !== null
}

/** Methods by which a Flask application gets something to serve. */
const SERVING: ReadonlySet<string> = new Set(['add_url_rule', 'delete', 'get', 'patch', 'post', 'put', 'register_blueprint', 'route'])

/** Libraries that answer the exceptions of their views themselves. */
const ANSWERING = /^flask_(?:restful|restx|smorest)\.|^connexion\./

/** Whether a Flask application has views or blueprints: here, or in the project if other code gets it. */
function servesFlask(context: Context, call: CallNode): boolean {
  const name = boundName(call)
  const binding = name?.kind === 'identifier' ? context.scopes.bindingOf(name) : null
  const references = binding?.references ?? []
  if (references.some((reference) => ANSWERING.test(receiverOf(context, reference) ?? ''))) return false
  const isUsed = references.some(({ parent }) => parent?.kind === 'attribute' && SERVING.has(parent.attribute.text))
  return isUsed || context.project.ask(flaskViewIndex, 'all').length > 0
}

/** The function that a name is given to. */
function receiverOf(context: Context, reference: IdentifierNode): string | null {
  const list = reference.parent?.kind === 'keyword_argument' ? reference.parent.parent : reference.parent
  return list?.kind === 'argument_list' && list.parent?.kind === 'call' ? context.resolve(list.parent.function) : null
}

const CATCHING_ALL: ReadonlySet<string> = new Set(['builtins.BaseException', 'builtins.Exception'])
/** Flask turns what nobody handles into the first, which derives from the second. */
const SERVER_ERRORS: ReadonlySet<string> = new Set(['werkzeug.exceptions.InternalServerError', 'werkzeug.exceptions.HTTPException'])

/** Whether a handler is, or may be, for all that an application does not expect. One that is registered on another application is not. */
function mayCatchAll(context: Context, call: CallNode, handler: ExceptionHandler): boolean {
  const { by, classes, statuses, on, path, application } = handler
  if (application !== undefined && (path !== context.path || application !== call.start)) return false
  if (by === 'dependency' || (on !== null && isOtherApplication(context, call, on))) return false
  const isFlask = context.resolve(call.function) === FLASK
  return handler.isOpen === true || handler.isOfLibrary === true || statuses.includes(500) || classes.some((name) => CATCHING_ALL.has(name) || (isFlask && SERVER_ERRORS.has(name)))
}

/** Whether a name is bound to another application than the one that the call makes. */
function isOtherApplication(context: Context, call: CallNode, name: string): boolean {
  const own = boundName(call)
  if (own && context.resolve(own) === name) return false
  const value = context.project.valueOf(name)
  return value?.kind === 'call' && value.callee !== null && APPLICATIONS.has(value.callee)
}
