import type { CallNode, IdentifierNode, PythonNode } from '@krait/python'
import {
  calledProjectFunction,
  changedParametersFact,
  classOf,
  defineRule,
  GENERATIVE_METHODS,
  hasSplat,
  keywordArguments,
  lastPart,
  positionalArguments,
  statementsOf,
  withoutLastPart,
  withoutParentheses,
} from '@krait/python'
import { libraryName } from '../shared/library-name.ts'
import { oneLine } from '../shared/one-line.ts'

const BEGINNINGS: ReadonlySet<string> = new Set(['delete', 'insert', 'select', 'update'])
const STATEMENT_CLASSES: ReadonlySet<string> = new Set(
  ['CompoundSelect', 'Delete', 'Insert', 'Select', 'Update', 'orm.Query', 'sql.Select', 'sql.expression.Select'].map((name) => `sqlalchemy.${name}`),
)
/** A look at the text spares most arguments the search for what they are. */
const STATEMENT_TYPE = /Select|Query|Update|Delete|Insert|Statement/
const MADE = /\b(?:select|insert|update|delete|query|where|filter|filter_by|join|options|statement|stmt)\b|_(?:statement|query|stmt)\b/
const CONDITIONS: ReadonlySet<string> = new Set(['filter', 'filter_by', 'having', 'where'])

export const noDiscardedStatement = defineRule({
  name: 'no-discarded-statement',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow changing or building a statement without using the result',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      condition: '`{{statement}}.{{method}}()` returns a new statement that is thrown away, so the condition is never applied. Write `{{statement}} = {{statement}}.{{method}}(...)`.',
      change: '`{{statement}}.{{method}}()` returns a new statement that is thrown away, so the change is never applied. Write `{{statement}} = {{statement}}.{{method}}(...)`.',
      unexecuted: 'This `{{kind}}` is built and thrown away: nothing executes it. Pass it to `execute()`.',
      helper: '`{{helper}}()` returns a new statement that is thrown away, so `{{statement}}` stays as it is. Write `{{statement}} = {{helper}}(...)`.',
      assign: 'Assign it to `{{statement}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      expression_statement(node) {
        const { namedChildren: parts } = node
        const call = parts.length === 1 ? withoutParentheses(parts[0]!) : null
        if (call?.kind !== 'call') return
        const { function: called } = call
        if (called.kind === 'attribute' && GENERATIVE_METHODS.has(called.attribute.text)) checkMethod(node, call)
        else if (isBeginning(called)) checkBeginning(node, call)
        else if (call.arguments.kind === 'argument_list' && call.arguments.namedChildren.length > 0) checkHelper(node, call)
      },
    }

    function checkMethod(node: PythonNode, call: CallNode): void {
      const root = rootOf(call)
      if (!isStatement(call, root) || isInRaises(node)) return
      const begun = root.kind === 'call' ? lastPart(libraryName(context, root.function) ?? '') : ''
      if (BEGINNINGS.has(begun)) {
        report(node, 'unexecuted', { kind: begun.toUpperCase() })
        return
      }
      const statement = root.kind === 'call' ? oneLine(root) : root.text
      const method = (call.function as PythonNode & { kind: 'attribute' }).attribute.text
      const target = root.kind === 'identifier' ? root : null
      report(node, CONDITIONS.has(method) ? 'condition' : 'change', { statement, method }, target)
    }

    function checkBeginning(node: PythonNode, call: CallNode): void {
      const name = libraryName(context, call.function) ?? ''
      if (!/^(sqlalchemy|sqlmodel)\./.test(name) || !statementsOf(context).statementOf(call) || isInRaises(node)) return
      report(node, 'unexecuted', { kind: lastPart(name).toUpperCase() })
    }

    /** `only_open(stmt)`, where the function gives the changed statement back. */
    function checkHelper(node: PythonNode, call: CallNode): void {
      // Most functions get no variables at all.
      if (!call.arguments.namedChildren.some(mayHoldVariable)) return
      const given = [...positionalArguments(call), ...keywordArguments(call).values()].filter((argument) => argument.kind === 'identifier' && mayBeStatement(argument))
      if (given.length === 0 || hasSplat(call)) return
      const name = calledProjectFunction(context, call)
      const definition = name === null ? null : context.project.definition(name)
      if (definition?.kind !== 'function') return
      const key = context.project.pathInModule(definition.name, definition.path)
      const parameter = context.project.part(changedParametersFact, definition.path, key)
      if (parameter === undefined) return
      const { parameters, method, async: isAsync, decorators } = definition.fact
      if (isAsync || decorators.some((decorator) => !(decorator.kind === 'name' && /(^|\.)(static|class)method$/.test(decorator.name)))) return
      const isBound = method === 'class' || (method === 'instance' && !isClass(withoutLastPart(name!), call))
      const position = parameters.findIndex((candidate) => candidate.name === parameter) - (isBound ? 1 : 0)
      const argument = keywordArguments(call).get(parameter) ?? positionalArguments(call)[position]
      if (argument?.kind !== 'identifier' || !given.includes(argument) || !isStatement(argument, argument) || isInRaises(node)) return
      report(node, 'helper', { helper: call.function.text, statement: argument.text }, argument)
    }

    function mayHoldVariable(argument: PythonNode): boolean {
      return argument.kind === 'identifier' || argument.kind === 'dictionary_splat' || (argument.kind === 'keyword_argument' && argument.value.kind === 'identifier')
    }

    function isBeginning(called: PythonNode): boolean {
      const name = called.kind === 'attribute' ? called.attribute : called
      if (name.kind !== 'identifier') return false
      if (BEGINNINGS.has(name.text)) return true
      const definition = called === name ? context.scopes.bindingOf(name)?.onlyDefinition : null
      return definition?.node.kind === 'aliased_import' && BEGINNINGS.has(lastPart(definition.node.name.text))
    }

    /** A statement that is known, or a parameter that is annotated as one. */
    function isStatement(node: PythonNode, root: PythonNode): boolean {
      if (statementsOf(context).statementOf(node)) return true
      if (root.kind !== 'identifier' || !isParameter(root)) return false
      const className = classOf(context.typeOf(root))
      return className !== null && STATEMENT_CLASSES.has(className)
    }

    /** By its definitions alone. */
    function mayBeStatement(name: IdentifierNode): boolean {
      const definitions = context.scopes.bindingOf(name)?.definitions ?? []
      return definitions.some(({ kind, value, annotation }) => {
        if (kind === 'parameter') return annotation !== null && STATEMENT_TYPE.test(annotation.text)
        return value?.kind === 'call' && MADE.test(value.text)
      })
    }

    function isParameter(name: IdentifierNode): boolean {
      return context.scopes.bindingOf(name)?.definitions.some(({ kind, annotation }) => kind === 'parameter' && annotation !== null) ?? false
    }

    function isClass(owner: string, { function: called }: CallNode): boolean {
      return called.kind === 'attribute' && context.resolve(called.object) === owner
    }

    /** `with pytest.raises(...)`: it is built for its error. */
    function isInRaises(node: PythonNode): boolean {
      for (let around = node.closest('with_statement'); around; around = around.parent?.closest('with_statement') ?? null) {
        for (const call of around.namedChildren[0]?.descendants('call') ?? []) if (context.resolvesTo(call.function, RAISES)) return true
      }
      return false
    }

    function report(
      node: PythonNode,
      messageId: 'change' | 'condition' | 'helper' | 'unexecuted',
      data: Readonly<Record<string, string>>,
      target: IdentifierNode | null = null,
    ): void {
      context.report({
        node,
        messageId,
        data,
        suggest: [target && { messageId: 'assign', data: { statement: target.text }, fix: (fixer) => fixer.insertTextBefore(node, `${target.text} = `) }],
      })
    }
  },
})

const RAISES: ReadonlySet<string> = new Set(['pytest.raises', 'pytest.warns'])

/** What a chain of methods of statements begins with. */
function rootOf(call: CallNode): PythonNode {
  let node: PythonNode = call
  while (node.kind === 'call' && node.function.kind === 'attribute' && GENERATIVE_METHODS.has(node.function.attribute.text)) {
    node = withoutParentheses(node.function.object)
  }
  return node
}
