import {
  ancestorsOfClass,
  appObjectOf,
  argument,
  defineRule,
  excerpt,
  type AliasedImportNode,
  type CallNode,
  type DottedNameNode,
  type ImportFromStatementNode,
  type PythonNode,
} from '@krait/python'
import { isOutOfScope } from '../shared/scope.ts'

const BASE_HTTP_MIDDLEWARE = 'starlette.middleware.base.BaseHTTPMiddleware'
const MIDDLEWARE = 'starlette.middleware.Middleware'

export const noBaseHttpMiddleware = defineRule({
  name: 'no-base-http-middleware',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow BaseHTTPMiddleware and `@app.middleware("http")`, which run the endpoint in another task',
      preset: 'strict',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      subclass:
        "'{{name}}' extends BaseHTTPMiddleware, which runs the endpoint in another task (lost context variables, cancelled background tasks). " +
        'Write it as a pure ASGI class: async def __call__(self, scope, receive, send).',
      use:
        "'{{use}}' wraps the endpoint in BaseHTTPMiddleware, which runs it in another task (lost context variables, cancelled background tasks). " +
        'Write a pure ASGI class instead: async def __call__(self, scope, receive, send).',
      import:
        "'BaseHTTPMiddleware' is imported, which runs the endpoint in another task (lost context variables, cancelled background tasks). " +
        'Write a pure ASGI class instead: async def __call__(self, scope, receive, send).',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isOutOfScope(context)) return {}
    const imports: ImportFromStatementNode[] = []
    let isUsed = false

    return {
      class_definition(node) {
        if (node.superclasses && ancestorsOfClass(context, node).names.includes(BASE_HTTP_MIDDLEWARE)) {
          report(node, 'subclass', { name: node.name.text })
        }
      },
      call(node) {
        const { function: callee } = node
        const name = callee.kind === 'attribute' ? callee.attribute.text : callee.kind === 'identifier' ? callee.text : ''
        if (CLASS_NAME.test(name)) checkConstruction(node)
        else if (callee.kind !== 'attribute') return
        else if (name === 'middleware') checkMiddlewareMethod(node, callee.object)
        else if (name === 'add_middleware') checkAddedClass(node, 'middleware_class')
      },
      import_from_statement(node) {
        imports.push(node)
      },
      'module:exit'() {
        if (!isUsed) for (const statement of imports) checkImport(statement)
      },
    }

    /** `@app.middleware("http")`, and the same without a decorator: `app.middleware("http")(add_header)`. */
    function checkMiddlewareMethod(call: CallNode, app: PythonNode): void {
      const type = argument(call, 'middleware_type', 0)
      if (!type || context.constantOf(type) !== 'http' || appObjectOf(context, app)?.role !== 'app') return
      const use = call.parent?.kind === 'decorator' ? call.parent : call
      report(use, 'use', { use: excerpt(use) })
    }

    function checkAddedClass(call: CallNode, keyword: string): void {
      if (isBaseClass(argument(call, keyword, 0))) report(call, 'use', { use: `${excerpt(call.function)}(BaseHTTPMiddleware, ...)` })
    }

    /** `Middleware(BaseHTTPMiddleware, ...)` and `BaseHTTPMiddleware(app, ...)`. */
    function checkConstruction(call: CallNode): void {
      const name = context.resolve(call.function)
      if (name === MIDDLEWARE) checkAddedClass(call, 'cls')
      else if (name === BASE_HTTP_MIDDLEWARE) report(call, 'use', { use: `${excerpt(call.function)}(...)` })
    }

    function isBaseClass(node: PythonNode | null): boolean {
      return context.resolve(node) === BASE_HTTP_MIDDLEWARE
    }

    function checkImport(statement: ImportFromStatementNode): void {
      if (statement.name.some(bringsBaseClass)) context.report({ node: statement, messageId: 'import' })
    }

    /** The name counts as it is bound here: it may be imported from a module of the project, under another name. */
    function bringsBaseClass(imported: AliasedImportNode | DottedNameNode): boolean {
      const bound = imported.kind === 'aliased_import' ? imported.alias : imported.namedChildren[0]
      if (!bound || !CLASS_NAME.test(bound.text) || !isBaseClass(bound)) return false
      const definition = context.scopes.bindingOf(bound)?.definitions.find(({ node }) => node === imported)
      return !definition?.typeChecking
    }

    function report(node: PythonNode, messageId: 'subclass' | 'use', data: Readonly<Record<string, string>>): void {
      isUsed = true
      context.report({ node, messageId, data })
    }
  },
})

/** Names that are looked up: resolving every name that is called or imported would cost more than it finds. */
const CLASS_NAME = /^_*\p{Lu}/u
