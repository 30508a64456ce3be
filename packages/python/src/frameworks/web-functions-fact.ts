import { defineFact } from '@krait/core'
import { importsFact } from '../facts/imports-fact.ts'
import type { FunctionFact, MemberFact } from '../facts/module-fact-types.ts'
import type { FileSemantics } from '../file-semantics.ts'
import { lastPart, withoutLastPart } from '../shared/dotted-name.ts'
import { importsOneOf } from '../shared/library-use.ts'
import type { Value } from '../values/value.ts'
import { REGISTERING_METHODS } from './exception-handler-fact.ts'

/** What a file may have to do with a web application, as far as its imports and the heads of its functions and methods tell. */
export interface WebFunctions {
  /** Their paths in the module, of those with a decorator that has the name of one that makes a route of Flask. */
  readonly routed: readonly string[]
  /**
   * One is given an application, a decorator may register it as a handler of exceptions, or something of a framework, or an application, is imported. A file
   * of which this is not true registers no handler: its facts would be collected for nothing.
   */
  readonly mayRegister?: true
  readonly importsFlask?: true
  readonly importsFastapi?: true
}

export const webFunctionsFact = defineFact<WebFunctions, FileSemantics>({
  name: 'python/web-functions',
  version: 2,
  collect({ sourceCode, services: file }) {
    const routed: string[] = []
    const imports = importsFact.collect({ sourceCode, services: file })
    const importsFlask = imports.some(({ module }) => /^(?:api)?flask|^quart/.test(module))
    const importsFastapi = importsOneOf(imports, 'fastapi')
    let mayRegister = imports.some(({ module, as }) => FRAMEWORKS.has(module.split('.', 1)[0]!) || APPLICATION.test(as))
    for (const [path, fact] of functionsIn(file.members)) {
      if (fact.decorators.some((decorator) => ROUTING.has(methodOf(decorator)?.method ?? ''))) routed.push(path)
      mayRegister ||= fact.parameters.some(({ name }) => APPLICATION.test(name)) || fact.decorators.some(isRegistering)
    }
    return { routed, ...(mayRegister && { mayRegister }), ...(importsFlask && { importsFlask }), ...(importsFastapi && { importsFastapi }) }
  },
})

function* functionsIn(members: Readonly<Record<string, MemberFact>>, prefix = ''): Generator<readonly [path: string, fact: FunctionFact]> {
  for (const [name, fact] of Object.entries(members)) {
    if (fact.kind === 'class') yield* functionsIn(fact.members, `${prefix}${name}.`)
    else if (fact.kind === 'function') yield [prefix + name, fact]
  }
}

/** The object and the name of the method that is called; `null` if none is. */
export function methodOf(value: Value): { readonly object: Value; readonly method: string } | null {
  if (value.kind !== 'call') return null
  const { callee } = value
  if (callee !== null) return { object: { kind: 'name', name: withoutLastPart(callee) }, method: lastPart(callee) }
  return value.function?.kind === 'attribute' ? { object: value.function.object, method: value.function.attribute } : null
}

function isRegistering(decorator: Value): boolean {
  return decorator.kind === 'call' && decorator.callee !== null && REGISTERING_METHODS.has(lastPart(decorator.callee))
}

const FRAMEWORKS: ReadonlySet<string> = new Set([
  'aiohttp',
  'apiflask',
  'blacksheep',
  'connexion',
  'django',
  'falcon',
  'fastapi',
  'flask',
  'flask_openapi3',
  'flask_restful',
  'flask_restx',
  'flask_smorest',
  'litestar',
  'ninja',
  'quart',
  'sanic',
  'starlette',
  'werkzeug',
])

/** Methods of Flask's applications and blueprints that make routes. */
export const ROUTING: ReadonlySet<string> = new Set(['delete', 'get', 'patch', 'post', 'put', 'route'])

/** How applications, routers and blueprints are called. */
export const APPLICATION = /(^|_)(app|application|api|blueprint|bp|router|server)$/i
