import type { FixFunction } from '@krait/core'
import type { CallNode, KeywordArgumentNode, PythonNode } from '@krait/python'
import { defineRule, excerpt, lastPart, nameFromModule, partsOf, stringText, withoutParentheses } from '@krait/python'
import { libraryName } from '../shared/library-name.ts'

const CLIENT_KEYWORDS: ReadonlySet<string> = new Set(['default', 'insert_default', 'onupdate'])
const COLUMNS: ReadonlySet<string> = new Set(['sqlalchemy.Column', 'sqlalchemy.mapped_column', 'sqlalchemy.orm.mapped_column'])

/** Functions that give something else each time. */
const IMPURE =
  /^(?:datetime\.datetime\.(?:now|utcnow|today)|datetime\.date\.today|time\.time(?:_ns)?|uuid\.uuid[1-8]|os\.urandom|django\.utils\.timezone\.now|(?:secrets|random)\.[a-z]\w*)$/
const SQL_EXPRESSION = /^\s*(?:\w+\([^]*\)|current_\w+)\s*$/i

/** What makes a collection, with the function that makes an empty one. */
const DISPLAYS: Readonly<Record<string, string>> = {
  list: 'list',
  dictionary: 'dict',
  set: 'set',
  list_comprehension: 'list',
  dictionary_comprehension: 'dict',
  set_comprehension: 'set',
}

const MAKERS: ReadonlySet<string> = new Set(['builtins.list', 'builtins.dict', 'builtins.set', 'collections.defaultdict'])

export const noEvaluatedDefault = defineRule({
  name: 'no-evaluated-default',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow column defaults that are evaluated once or shared by all rows',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      once: '`{{keyword}}={{value}}` is evaluated once, when the module is imported. Pass the callable: `{{remedy}}`.',
      onceInSchema: '`{{keyword}}={{value}}` is evaluated once, when the module is imported. Let the database do it: `func.now()`, `text("...")`.',
      shared: '`{{keyword}}={{value}}` is shared by all rows; use `{{remedy}}`.',
      quoted: '`{{keyword}}={{value}}` is a quoted string; use `text({{value}})` or `func.{{function}}`.',
      replace: 'Use `{{remedy}}`',
    },
    schema: [],
    fixable: 'code',
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    return {
      keyword_argument(node) {
        const keyword = node.name.text
        const isServerSide = keyword === 'server_default'
        if (!isServerSide && !CLIENT_KEYWORDS.has(keyword)) return
        const call = node.parent?.kind === 'argument_list' ? node.parent.parent : null
        const library = call?.kind === 'call' ? libraryName(context, call.function) : null
        if (library === 'sqlmodel.Field' ? keyword !== 'default' && !isServerSide : library === null || !COLUMNS.has(library)) return
        check(node, keyword, library === 'sqlmodel.Field')
      },
    }

    function check(node: KeywordArgumentNode, keyword: string, isField: boolean): void {
      const value = withoutParentheses(node.value)
      const impure = impureCallIn(value)
      if (impure) reportOnce(node, keyword, value, isField)
      else if (keyword === 'server_default') reportQuoted(node, keyword, value)
      else if (keyword !== 'onupdate' && !isField) reportShared(node, keyword, value)
    }

    /** A call in a value that gives something else each time; what a lambda does is done later. */
    function impureCallIn(value: PythonNode): CallNode | null {
      const stack: PythonNode[] = [value]
      for (let node = stack.pop(); node; node = stack.pop()) {
        if (node.kind === 'lambda') continue
        if (node.kind === 'call' && isImpure(context.resolve(node.function))) return node
        stack.push(...node.namedChildren)
      }
      return null
    }

    function isImpure(name: string | null): boolean {
      if (name === null) return false
      if (IMPURE.test(name)) return true
      const callable = context.project.callable(name)
      const fact = callable?.kind === 'function' ? callable.function : null
      if (!fact || fact.async || fact.generator) return false
      const stack = fact.returns.map((returned) => context.project.value(returned, callable!.path))
      for (let part = stack.pop(); part; part = stack.pop()) {
        if (part.kind === 'call' && part.callee !== null && IMPURE.test(part.callee)) return true
        if (part.kind !== 'lambda') stack.push(...partsOf(part))
      }
      return false
    }

    function reportOnce(node: KeywordArgumentNode, keyword: string, value: PythonNode, isField: boolean): void {
      const data = { keyword, value: excerpt(value) }
      if (keyword === 'server_default') {
        context.report({ node, messageId: 'onceInSchema', data })
        return
      }
      const isPlain = value.kind === 'call' && value.arguments.namedChildren.length === 0
      const name = isField ? 'default_factory' : keyword
      const replacement = `${name}=${isPlain ? value.function.text : `lambda: ${value.text}`}`
      const remedy = `${name}=${isPlain ? excerpt(value.function) : `lambda: ${excerpt(value)}`}`
      context.report({
        node,
        messageId: 'once',
        data: { ...data, remedy },
        suggest: [{ messageId: 'replace', data: { remedy }, fix: (fixer) => fixer.replaceText(node, replacement) }],
      })
    }

    function reportShared(node: KeywordArgumentNode, keyword: string, value: PythonNode): void {
      const maker = value.kind === 'call' ? context.resolve(value.function) : null
      const display = DISPLAYS[value.kind] ?? (maker !== null && MAKERS.has(maker) ? lastPart(maker) : null)
      if (!display) return
      const isEmpty = value.kind === 'call' ? value.arguments.namedChildren.length === 0 : value.namedChildren.length === 0 && value.kind in DISPLAYS
      const callable = isEmpty && isBuiltin(node, display) ? display : `lambda: ${value.text}`
      const remedy = `${keyword}=${callable === display ? display : `lambda: ${excerpt(value)}`}`
      const fix: FixFunction = (fixer) => fixer.replaceText(node.value, callable)
      const isSafe = callable === display
      const data = { keyword, value: excerpt(value), remedy }
      context.report({ node, messageId: 'shared', data, fix: isSafe ? fix : null, suggest: [!isSafe && { messageId: 'replace', data: { remedy }, fix }] })
    }

    /** Whether a name still means the builtin where the argument stands. `defaultdict` needs an argument anyway. */
    function isBuiltin(node: PythonNode, name: string): boolean {
      return name !== 'defaultdict' && !context.scopes.scopeOf(node).lookup(name)
    }

    function reportQuoted(node: KeywordArgumentNode, keyword: string, value: PythonNode): void {
      const text = stringText(value)
      if (text === null || !SQL_EXPRESSION.test(text)) return
      const name = nameFromModule(context, node, 'sqlalchemy', 'text')
      const data = { keyword, value: excerpt(value), function: text.endsWith(')') ? text : `${text.toLowerCase()}()`, remedy: `${keyword}=text(${excerpt(value)})` }
      context.report({
        node,
        messageId: 'quoted',
        data,
        suggest: [
          name && {
            messageId: 'replace',
            data,
            fix: (fixer) => [...(name.addImport ? [name.addImport(fixer)] : []), fixer.replaceText(node.value, `${name.text}(${value.text})`)],
          },
        ],
      })
    }
  },
})
