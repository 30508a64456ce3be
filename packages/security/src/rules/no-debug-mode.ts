import {
  ancestorsOfClass, argument, classOfExpression, defineRule, excerpt, isTestFile, keywordArguments, stringText,
  type AssignmentNode, type CallNode, type ClassDefinitionNode, type IdentifierNode, type PythonNode, type PythonRuleContext,
} from '@krait/python'
import { isDevelopmentFile, isDevelopmentName } from '../shared/development-name.ts'
import { isNonProduction } from '../shared/non-production.ts'

const FLASK = ['flask.Flask']
/** FastAPI's class derives from Starlette's. */
const STARLETTE = ['starlette.applications.Starlette']
const APPS = [...FLASK, ...STARLETTE]
const SETTINGS = 'pydantic_settings.BaseSettings'

/** A value that decides about debugging, and the code to show for it. */
interface Switch {
  readonly value: PythonNode
  readonly code: string
}

export const noDebugMode = defineRule({
  name: 'no-debug-mode',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow debug mode that is hard-wired on',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      debug: '`{{code}}` ships tracebacks and a debugger to clients. Read it from settings, with `False` as default.',
      default:
        '`{{code}}` ships tracebacks and a debugger to clients wherever nothing overrides it. Make `False` the default, and switch it on from the environment.',
      useFalse: 'Use `False`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || isDevelopmentFile(context.path)) return {}
    return {
      call(node) {
        const on = switchesOf(node).filter(({ value }) => isTrue(context, value))
        if (on.length > 0 && isAppCall(context, node)) report(node, 'debug', on)
      },
      assignment(node) {
        if (node.parent?.kind === 'assignment') return
        const { targets, value } = chainOf(node)
        const target = targets.find(isDebugTarget)
        if (!target || !value) return
        if (target.kind === 'identifier') checkDefault(node, target, value)
        else if (isTrue(context, value) && isInstance(context, appOfTarget(target), APPS)) report(node, 'debug', [{ value, code: excerpt(node) }])
      },
    }

    /** A setting of Django, or a field of a class of settings. */
    function checkDefault(node: AssignmentNode, name: IdentifierNode, given: PythonNode): void {
      const isField = given.kind === 'call' && context.resolve(given.function) === 'pydantic.Field'
      const value = isField ? argument(given, 'default', 0) : given
      if (value && isTrue(context, value) && isSetting(context, name)) report(node, 'default', [{ value, code: excerpt(node) }])
    }

    function report(node: CallNode | AssignmentNode, messageId: 'debug' | 'default', on: readonly Switch[]): void {
      if (isInDevelopmentClass(node) || isNonProduction(context, node)) return
      const isShared = node.kind === 'assignment' && node.right?.kind === 'assignment'
      context.report({
        node,
        messageId,
        data: { code: on.map(({ code }) => code).join(', ') },
        // `a = b = True` sets more than the debug mode.
        suggest: [!isShared && { messageId: 'useFalse', fix: (fixer) => on.map(({ value }) => fixer.replaceText(value, 'False')) }],
      })
    }
  },
})

/** The arguments of a call that would switch debugging on, if it is one of an app. */
function switchesOf(call: CallNode): readonly Switch[] {
  switch (methodName(call)) {
    case 'run':
      return [namedSwitch(call, 'debug', 2), namedSwitch(call, 'use_debugger')].filter((found) => found !== null)
    case 'update':
    case 'from_mapping':
      return configSwitches(call)
    default: {
      const found = namedSwitch(call, 'debug', 0)
      return found ? [found] : []
    }
  }
}

function methodName(call: CallNode): string | null {
  return call.function.kind === 'attribute' ? call.function.attribute.text : null
}

/** By position only a literal counts: it is cheap to see, and names are passed by keyword. */
function namedSwitch(call: CallNode, name: string, position?: number): Switch | null {
  const keyword = argument(call, name)
  if (keyword) return { value: keyword, code: `${name}=${excerpt(keyword)}` }
  const value = position === undefined ? null : argument(call, null, position)
  return value?.kind === 'true' ? { value, code: excerpt(call) } : null
}

/** `app.config.update(DEBUG=True)` or `app.config.update({"DEBUG": True})`. */
function configSwitches(call: CallNode): readonly Switch[] {
  const found: Switch[] = []
  const keyword = keywordArguments(call).get('DEBUG')
  if (keyword) found.push({ value: keyword, code: `DEBUG=${excerpt(keyword)}` })
  const mapping = argument(call, null, 0)
  for (const entry of mapping?.kind === 'dictionary' ? mapping.namedChildren : []) {
    if (entry.kind === 'pair' && stringText(entry.key) === 'DEBUG') found.push({ value: entry.value, code: excerpt(entry) })
  }
  return found
}

function isAppCall(context: PythonRuleContext, { function: called }: CallNode): boolean {
  if (called.kind === 'attribute') {
    const { object, attribute } = called
    if (attribute.text === 'run') return isInstance(context, object, FLASK)
    if (attribute.text === 'update' || attribute.text === 'from_mapping') return isInstance(context, appOfConfig(object), APPS)
    if (attribute.text === '__init__') return isSuperOfApp(context, object)
  }
  const name = context.resolve(called)
  return name !== null && context.project.isSubclassOf(name, STARLETTE) === true
}

/** `super().__init__(debug=True)` in a class that derives from an app's. */
function isSuperOfApp(context: PythonRuleContext, object: PythonNode): boolean {
  if (object.kind !== 'call' || context.resolve(object.function) !== 'builtins.super') return false
  const enclosing = object.closest('class_definition')
  return enclosing !== null && ancestorsOfClass(context, enclosing).names.some((name) => STARLETTE.includes(name))
}

/** The app of `app.debug` and `app.config["DEBUG"]`. */
function appOfTarget(target: PythonNode): PythonNode | null {
  if (target.kind === 'subscript') return appOfConfig(target.value)
  return target.kind === 'attribute' ? target.object : null
}

function appOfConfig(config: PythonNode): PythonNode | null {
  return config.kind === 'attribute' && config.attribute.text === 'config' ? config.object : null
}

function isInstance(context: PythonRuleContext, node: PythonNode | null, classes: readonly string[]): boolean {
  if (!node) return false
  if (context.resolve(node) === 'flask.current_app') return classes.includes('flask.Flask')
  const className = classOfExpression(context, node)
  return className !== null && context.project.isSubclassOf(className, classes) === true
}

/** All that `a = b = value` assigns to, and the value. */
function chainOf(assignment: AssignmentNode): { readonly targets: readonly PythonNode[]; readonly value: PythonNode | null } {
  const targets: PythonNode[] = []
  let value: PythonNode | null = assignment
  for (; value?.kind === 'assignment'; value = value.right) targets.push(value.left)
  return { targets, value }
}

/** `debug`, `DEBUG`, `app.debug` or `app.config["DEBUG"]`. */
function isDebugTarget(target: PythonNode): boolean {
  switch (target.kind) {
    case 'identifier':
      return target.end - target.start === 'debug'.length && target.text.toLowerCase() === 'debug'
    case 'attribute':
      return target.attribute.text === 'debug'
    case 'subscript':
      return appOfConfig(target.value) !== null && stringText(target.subscript[0]) === 'DEBUG'
    default:
      return false
  }
}

/** Whether the value is the constant `True`, also by a name. */
function isTrue(context: PythonRuleContext, value: PythonNode): boolean {
  switch (value.kind) {
    case 'true':
      return true
    case 'false':
    case 'none':
    case 'string':
    case 'integer':
    case 'call':
      return false
    default:
      return context.constantOf(value) === true
  }
}

function isSetting(context: PythonRuleContext, name: IdentifierNode): boolean {
  const scope = context.scopes.scopeOf(name)
  if (scope.kind === 'class') return ancestorsOfClass(context, scope.node as ClassDefinitionNode).names.includes(SETTINGS)
  return scope.kind === 'module' && name.text === 'DEBUG' && isDjangoSettings(context.path) && !isSetLater(context, name)
}

function isDjangoSettings(path: string): boolean {
  const [file, ...folders] = path.split('/').reverse()
  return file === 'settings.py' || folders.includes('settings')
}

/** Whether an assignment that always follows decides instead. */
function isSetLater({ scopes }: PythonRuleContext, name: IdentifierNode): boolean {
  const definitions = scopes.bindingOf(name)?.definitions ?? []
  return definitions.some((definition) => definition.name.start > name.start && definition.kind === 'assignment' && !definition.conditional)
}

function isInDevelopmentClass(node: PythonNode): boolean {
  for (let around = node.closest('class_definition'); around; around = around.closest('class_definition')) {
    if (isDevelopmentName(around.name.text)) return true
  }
  return false
}
