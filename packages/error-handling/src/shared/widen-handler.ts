import { caughtTypes, nameFromModule } from '@krait/python'
import type { ExceptClauseNode, PythonNode, PythonRuleContext } from '@krait/python'
import type { Fix, FixFunction, RuleFixer } from '@krait/core'

type Context = Pick<PythonRuleContext, 'project' | 'scopes' | 'settings' | 'sourceCode' | 'resolve' | 'values' | 'moduleName'>

/** How code writes the name of a class, with the import that this needs. */
interface WrittenClass {
  readonly text: string
  readonly addImport: ((fixer: RuleFixer) => Fix) | null
}

/** Lets an `except` clause catch further classes, too. `null` where the classes cannot be named there. */
export function catchToo(context: Context, clause: ExceptClauseNode, classes: readonly string[]): FixFunction | null {
  const written = classes.map((name) => writtenAt(context, clause, name))
  const types = typesOf(clause)
  const last = types.at(-1)
  if (!last || written.includes(null)) return null
  const added = (written as readonly WrittenClass[]).map(({ text }) => `, ${text}`).join('')
  const edit = types.length > 1 ? behind(last) : widened(context, last)
  return edit && ((fixer) => [...importsOf(written, fixer), edit(fixer, added)])
}

/** Lets an `except` clause catch a class instead of all those in it that derive from it. `null` if a later clause of the `try` would never be asked. */
export function catchInstead(context: Context, clause: ExceptClauseNode, base: string): FixFunction | null {
  const written = writtenAt(context, clause, base)
  const types = typesOf(clause)
  const [only] = types
  if (!written || !only || hidesLater(context, clause, base) || context.sourceCode.commentsIn([only.start, types.at(-1)!.end]).length > 0) return null
  const classes = types.length > 1 ? types : only.kind === 'tuple' ? only.namedChildren : [withoutParentheses(only)]
  const kept = classes.filter((type) => !derivesFrom(context, type, base))
  if (kept.length === classes.length || kept.some(({ kind }) => kind !== 'identifier' && kind !== 'attribute')) return null
  const names = [...kept.map(({ text }) => text), written.text]
  const text = names.length === 1 ? names[0]! : `(${names.join(', ')})`
  return (fixer) => [...importsOf([written], fixer), fixer.replaceTextRange([only.start, types.at(-1)!.end], text)]
}

function hidesLater(context: Context, clause: ExceptClauseNode, base: string): boolean {
  const clauses = clause.parent?.namedChildren.filter((child) => child.kind === 'except_clause' && child.start > clause.start) ?? []
  return clauses.some((later) => caughtTypes(context, later as ExceptClauseNode).some((type) => type !== null && context.project.isSubclassOf(type, [base])))
}

/** The types of a clause as they are written: one, which may be a tuple, or several without parentheses around them. */
function typesOf(clause: ExceptClauseNode): readonly PythonNode[] {
  return clause.value.map((value) => (value.kind === 'as_pattern' ? (value.namedChildren[0] ?? value) : value))
}

type Addition = (fixer: RuleFixer, added: string) => Fix

function widened(context: Context, type: PythonNode): Addition | null {
  switch (type.kind) {
    case 'tuple':
    case 'parenthesized_expression': {
      const last = type.namedChildren.findLast(({ kind }) => kind !== 'comment')
      return last ? behind(last) : null
    }
    case 'identifier':
    case 'attribute': {
      const name = context.resolve(type)
      const definition = name === null ? null : context.project.definition(name)
      const isTuple = definition !== null && definition.kind !== 'class'
      return (fixer, added) => fixer.replaceText(type, `(${isTuple ? '*' : ''}${type.text}${added})`)
    }
    default:
      return null
  }
}

function behind(node: PythonNode): Addition {
  return (fixer, added) => fixer.insertTextAfter(node, added)
}

function withoutParentheses(type: PythonNode): PythonNode {
  return type.kind === 'parenthesized_expression' ? (type.namedChildren[0] ?? type) : type
}

function derivesFrom(context: Context, type: PythonNode, base: string): boolean {
  const name = context.resolve(type)
  return name !== null && context.project.isSubclassOf(name, [base]) === true
}

function writtenAt(context: Context, node: PythonNode, name: string): WrittenClass | null {
  const definition = context.project.definition(name)
  if (!definition) return null
  const module = context.project.moduleName(definition.path)
  const [outer, ...inner] = definition.name.slice(module === '' ? 0 : module.length + 1).split('.')
  const found = module === context.moduleName ? ownName(context, node, outer!) : nameFromModule(context, node, module, outer!)
  return found && { text: [found.text, ...inner].join('.'), addImport: found.addImport }
}

/** A class of the same module. */
function ownName({ scopes }: Context, node: PythonNode, name: string): WrittenClass | null {
  const binding = scopes.module.bindings.get(name)
  return binding && scopes.scopeOf(node).lookup(name) === binding ? { text: name, addImport: null } : null
}

function importsOf(written: readonly (WrittenClass | null)[], fixer: RuleFixer): Fix[] {
  return written.flatMap((name) => (name?.addImport ? [name.addImport(fixer)] : []))
}

