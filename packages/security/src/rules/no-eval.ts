import {
  argument, defineRule, excerpt, hasSplat, importedText, isTestFile, matchesGlobs, withoutParentheses,
  type CallNode, type PythonNode, type PythonRuleContext,
} from '@krait/python'
import type { FixFunction } from '@krait/core'

type Evaluator = 'eval' | 'exec'

const EVALUATORS: Readonly<Record<string, Evaluator>> = { 'builtins.eval': 'eval', 'builtins.exec': 'exec' }

/** Build and documentation settings run on a developer's machine, and reading them with `exec` is their idiom. */
const BUILD_FILES = ['**/setup.py', '**/conf.py']

export const noEval = defineRule({
  name: 'no-eval',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow eval and exec',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      eval: '`{{call}}`{{alias}} runs arbitrary code. Parse with `ast.parse({{argument}}, mode="eval")` and evaluate the node types you allow, or use `ast.literal_eval` for literals.',
      compiled: '`{{call}}`{{alias}} runs arbitrary code, and even nodes that were checked before can hang the worker (`9**9**9`). Evaluate the node types you allow yourself.',
      exec: '`{{call}}`{{alias}} runs arbitrary code. Choose among functions by name, or import the module that holds the code.',
      passEval: '`{{call}}` runs arbitrary code: it gets `{{name}}`{{alias}}. Pass `ast.literal_eval` for literals, or a function that evaluates the node types you allow.',
      passExec: '`{{call}}` runs arbitrary code: it gets `{{name}}`{{alias}}. Pass a function that chooses among functions by name.',
      useLiteralEval: 'Use `ast.literal_eval`, which takes literals only',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    if (isTestFile(context) || matchesGlobs(context.path, BUILD_FILES)) return {}
    return {
      call(node) {
        const called = evaluatorOf(context, node.function)
        if (called) reportCall(node, called)
        else reportArgument(node)
      },
    }

    function reportCall(node: CallNode, evaluator: Evaluator): void {
      const code = argument(node, null, 0)
      const isTree = evaluator === 'eval' && code !== null && isCompiled(context, code)
      const fix = evaluator === 'eval' && code && !isTree ? literalEval(context, node) : null
      context.report({
        node,
        messageId: isTree ? 'compiled' : evaluator,
        data: { call: excerpt(node), alias: aliasOf(node.function, evaluator), argument: code ? excerpt(code) : 'text' },
        suggest: [fix && { messageId: 'useLiteralEval', fix }],
      })
    }

    function reportArgument(node: CallNode): void {
      if (node.arguments.kind !== 'argument_list') return
      for (const child of node.arguments.namedChildren) {
        const value = child.kind === 'keyword_argument' ? child.value : child
        const evaluator = evaluatorOf(context, value)
        if (!evaluator) continue
        const data = { call: excerpt(node), name: value.text, alias: aliasOf(value, evaluator) }
        context.report({ node, messageId: evaluator === 'eval' ? 'passEval' : 'passExec', data })
        return
      }
    }
  },
})

/** The builtin that an expression stands for. */
function evaluatorOf(context: PythonRuleContext, node: PythonNode): Evaluator | null {
  const named = withoutParentheses(node)
  if (named.kind !== 'identifier' && named.kind !== 'attribute') return null
  const spelt = named.kind === 'identifier' ? named.text : named.attribute.text
  if (spelt !== 'eval' && spelt !== 'exec' && !mayBeAlias(context, named)) return null
  const name = context.resolve(named)
  return name !== null && Object.hasOwn(EVALUATORS, name) ? EVALUATORS[name]! : null
}

/** Whether the name may stand for something of another name: it is imported, or bound to a name. Most names are not, and need not be resolved. */
function mayBeAlias({ scopes }: PythonRuleContext, named: PythonNode): boolean {
  let root = named
  while (root.kind === 'attribute') root = root.object
  if (root.kind !== 'identifier') return false
  const binding = scopes.bindingOf(root)
  if (!binding) return root === named && !scopes.isBuiltin(root)
  return binding.definitions.some(
    ({ kind, value }) => kind === 'import' || (root === named && (value?.kind === 'identifier' || value?.kind === 'attribute')),
  )
}

/** Whether the code is what `compile` made, directly or by a name that stands for nothing else. */
function isCompiled(context: PythonRuleContext, code: PythonNode): boolean {
  const isCall = (node: PythonNode | null) => node?.kind === 'call' && context.resolve(node.function) === 'builtins.compile'
  if (code.kind !== 'identifier') return isCall(code)
  const definitions = context.scopes.bindingOf(code)?.definitions ?? []
  return definitions.length > 0 && definitions.every(({ value }) => isCall(value))
}

/** Says what an alias is. */
function aliasOf(node: PythonNode, evaluator: Evaluator): string {
  const { text } = withoutParentheses(node)
  return text === evaluator || text.endsWith(`.${evaluator}`) ? '' : ` (\`${text}\` is \`${evaluator}\`)`
}

/** `eval(x)` without namespaces becomes `ast.literal_eval(x)`. */
function literalEval(context: PythonRuleContext, call: CallNode): FixFunction | null {
  if (call.arguments.namedChildren.length !== 1 || hasSplat(call)) return null
  const imported = importedText(context, call, 'ast.literal_eval')
  if (!imported) return null
  const { text, addImport } = imported
  return (fixer) => [...(addImport ? [addImport(fixer)] : []), fixer.replaceText(call.function, text)]
}
