import type { Fix, RuleFixer } from '@krait/core'
import type { CallNode, PythonNode } from '@krait/python'
import { defineRule, lastPart, nameFromModule, positionalArguments, stringText, withoutParentheses } from '@krait/python'
import { CollectionPaths } from '../shared/collection-paths.ts'
import type { CollectionPath } from '../shared/collection-paths.ts'

const MUTATING: ReadonlySet<string> = new Set(
  'add append clear difference_update discard extend insert pop popitem remove reverse setdefault sort update'.split(' '),
)
const MUTABLE: ReadonlySet<string> = new Set(['sqlalchemy.ext.mutable.MutableDict', 'sqlalchemy.ext.mutable.MutableList'])
/** What makes a new collection. */
const NEW: ReadonlySet<string> = new Set(['call', 'dictionary', 'dictionary_comprehension', 'list', 'list_comprehension'])
const FLUSHING: ReadonlySet<string> = new Set(['commit', 'flush'])

export const noInplaceJsonMutation = defineRule({
  name: 'no-inplace-json-mutation',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow changing the value of a JSON or array column in place',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      list: 'In-place change of `{{value}}` is not saved: `{{column}}` is a plain `{{type}}` column. Assign a new value (`{{value}} = [*{{value}}, …]`), use `MutableList`, or call `flag_modified`.',
      dict: 'In-place change of `{{value}}` is not saved: `{{column}}` is a plain `{{type}}` column. Assign a new value (`{{value}} = {**{{value}}, …}`), use `MutableDict`, or call `flag_modified`.',
      nested: 'This change inside of `{{value}}` is not saved: `{{mutable}}` sees only changes of its own items. Assign the item anew, or call `flag_modified`.',
      copied: 'This change inside of `{{value}}` is not saved: the copy that is assigned back is shallow, so that the old value has changed with it. Use `copy.deepcopy`, or call `flag_modified`.',
      assign: 'Assign a new value',
      flag: 'Call `flag_modified`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const paths = new CollectionPaths(context)

    return {
      call(node) {
        const { function: called } = node
        if (called.kind !== 'attribute' || !MUTATING.has(called.attribute.text) || isChangedInside(node)) return
        // Most such calls are on plain variables.
        if (called.object.kind === 'identifier' && !mayBeAlias(called.object)) return
        check(node, called.object, node)
      },
      assignment(node) {
        for (const target of targetsOf(node.left)) if (target.kind === 'subscript') check(node, target.value, node)
      },
      augmented_assignment(node) {
        if (node.left.kind === 'subscript') check(node, node.left.value, node)
        else if (node.left.kind === 'attribute' && /^(?:\+|\||&|-|\*)=$/.test(node.operator.kind)) checkAugmented(node, node.left)
        else if (node.left.kind === 'identifier' && /^(?:\+|\|)=$/.test(node.operator.kind) && mayBeAlias(node.left)) check(node, node.left, node)
      },
      delete_statement(node) {
        for (const target of node.namedChildren.flatMap(targetsOf)) if (target.kind === 'subscript') check(node, target.value, node)
      },
    }

    function mayBeAlias(name: PythonNode): boolean {
      return context.scopes.bindingOf(name)?.definitions.some(({ kind, value }) => value !== null || kind === 'for') ?? false
    }

    function check(node: PythonNode, changed: PythonNode, place: PythonNode): void {
      const path = paths.of(changed)
      if (!path) return
      const { column, depth, isCopy } = path
      const isMutable = column.mutable !== undefined
      if ((isMutable || isCopy) && depth === 0) return
      if (isMutable && !MUTABLE.has(column.mutable!)) return
      if (isCopy ? !isAssignedBack(path, place) || isFlagged(path, place) : isSaved(path, place)) return
      if ((isCopy || isMutable) && hasNewItem(changed, place)) return
      if (!isNew(path, place) && !isPending(path, place) && !isExpunged(path, place)) report(node, path, isMutable ? 'nested' : isCopy ? 'copied' : null)
    }

    /** `obj.c += v` gives back the same object. */
    function checkAugmented(node: PythonNode, attribute: PythonNode & { kind: 'attribute' }): void {
      const column = paths.columnOf(attribute)
      if (!column || column.mutable !== undefined) return
      const path: CollectionPath = { attribute, column, depth: 0, isCopy: false, variable: null }
      if (!isSaved(path, node) && !isNew(path, node) && !isPending(path, node) && !isExpunged(path, node)) report(node, path, null)
    }

    /** Whether the object leaves the session, so that it is only a value that is passed on. */
    function isExpunged({ attribute }: CollectionPath, place: PythonNode): boolean {
      const flow = context.flow(place)
      for (const call of flow.node.descendants('call')) {
        if (call.function.kind !== 'attribute' || context.flow(call) !== flow) continue
        const method = call.function.attribute.text
        const isOut = method === 'expunge_all' || (method === 'expunge' && positionalArguments(call).some((object) => object.text === attribute.object.text))
        if (isOut && (flow.canReach(place, call) || flow.dominates(call, place))) return true
      }
      return false
    }

    /** Whether some code behind it makes SQLAlchemy see the change. */
    function isSaved(path: CollectionPath, place: PythonNode): boolean {
      return isFlagged(path, place) || assignments(path, place).some((value) => !isSame(value, path))
    }

    function isFlagged({ attribute, column }: CollectionPath, place: PythonNode): boolean {
      const isNamed = callsBehind(place, 'flag_modified').some((call) => {
        const [object, key] = positionalArguments(call)
        return object !== undefined && isSameObject(object, attribute.object) && stringText(key) === column.attribute
      })
      // What a `MutableDict` offers for it.
      return isNamed || (column.mutable !== undefined && callsBehind(place, 'changed').some((call) => call.function.text === `${attribute.text}.changed`))
    }

    function isAssignedBack(path: CollectionPath, place: PythonNode): boolean {
      return assignments(path, place).some((value) => value.kind === 'identifier' && value.text === path.variable?.text)
    }

    /** `copy[k] = list(...)` before `copy[k].append(...)`: the old value does not have this item. What a `MutableDict` is given so is still to be written. */
    function hasNewItem(changed: PythonNode, place: PythonNode): boolean {
      let item = changed
      while (item.kind === 'subscript' && item.value.kind === 'subscript') item = item.value
      if (item.kind !== 'subscript') return false
      const flow = context.flow(place)
      for (const assignment of flow.node.descendants('assignment')) {
        if (assignment.left.text !== item.text || !assignment.right || assignment === place || context.flow(assignment) !== flow) continue
        if (NEW.has(assignment.right.kind) && flow.dominates(assignment, place) && !isWrittenBetween(assignment, place)) return true
      }
      return false
    }

    /** Whether the value was assigned here before, and is not written yet: what happens inside of it is written with it. */
    function isPending(path: CollectionPath, place: PythonNode): boolean {
      if (path.isCopy || path.variable) return false
      const flow = context.flow(place)
      for (const assignment of flow.node.descendants('assignment')) {
        if (assignment === place || assignment.left.text !== path.attribute.text || !assignment.right || context.flow(assignment) !== flow) continue
        if (isOnSameObject(assignment.left, path.attribute) && !isSame(assignment.right, path) && flow.dominates(assignment, place) && !isWrittenBetween(assignment, place)) return true
      }
      return false
    }

    function isWrittenBetween(from: PythonNode, to: PythonNode): boolean {
      const flow = context.flow(to)
      for (const call of flow.node.descendants('call')) {
        const isWrite = call.function.kind === 'attribute' && FLUSHING.has(call.function.attribute.text) && context.flow(call) === flow
        if (isWrite && flow.canReach(from, call) && flow.canReach(call, to)) return true
      }
      return false
    }

    /** What is assigned to `obj.c` later. */
    function assignments({ attribute, column }: CollectionPath, place: PythonNode): readonly PythonNode[] {
      const found: PythonNode[] = []
      const flow = context.flow(place)
      for (const assignment of flow.node.descendants('assignment')) {
        if (assignment === place || assignment.left.text !== attribute.text || !assignment.right || context.flow(assignment) !== flow) continue
        if (isOnSameObject(assignment.left, attribute) && flow.canReach(place, assignment)) found.push(assignment.right)
      }
      for (const call of callsBehind(place, 'setattr')) {
        const [object, name, value] = positionalArguments(call)
        if (object && isSameObject(object, attribute.object) && stringText(name) === column.attribute && value) found.push(value)
      }
      return found
    }

    function isOnSameObject(target: PythonNode, attribute: PythonNode & { kind: 'attribute' }): boolean {
      return target.kind === 'attribute' && isSameObject(target.object, attribute.object)
    }

    /** Whether two expressions are the same variable with the same value: a later loop over other objects gives it another one. */
    function isSameObject(one: PythonNode, other: PythonNode): boolean {
      if (one.text !== other.text) return false
      if (one.kind !== 'identifier' || other.kind !== 'identifier') return true
      const known = new Set(context.flow(other).definitionsOf(other).definitions.map(({ index }) => index))
      return known.size === 0 || context.flow(one).definitionsOf(one).definitions.some(({ index }) => known.has(index))
    }

    /** Whether a value is the object that the column has already. */
    function isSame(value: PythonNode, { attribute, variable }: CollectionPath): boolean {
      const inner = withoutParentheses(value)
      if (inner.text === attribute.text || inner.text === variable?.text) return true
      const alias = inner.kind === 'identifier' ? paths.of(inner) : null
      return alias !== null && alias.depth === 0 && !alias.isCopy && alias.attribute.text === attribute.text
    }

    function callsBehind(place: PythonNode, name: string): readonly CallNode[] {
      const flow = context.flow(place)
      const found: CallNode[] = []
      for (const call of flow.node.descendants('call')) {
        if (lastPart(call.function.text) === name && context.flow(call) === flow && flow.canReach(place, call)) found.push(call)
      }
      return found
    }

    /** Whether the object was made here and nothing has written it yet. */
    function isNew({ attribute }: CollectionPath, place: PythonNode): boolean {
      const { object } = attribute
      if (object.kind !== 'identifier') return false
      const flow = context.flow(place)
      const around = flow.node
      if (around.kind === 'function_definition' && around.name.text === '__init__' && around.parameters.namedChildren[0]?.text === object.text) return true
      const { definitions, elsewhere } = flow.definitionsOf(object)
      if (elsewhere || definitions.length === 0) return false
      return definitions.every(({ value, node: definition }) => {
        const made = value && withoutParentheses(value)
        if (made?.kind !== 'call' || context.typeOf(made.function).kind !== 'class') return false
        return !isWrittenBetween(definition, place)
      })
    }

    function report(node: PythonNode, path: CollectionPath, kind: 'copied' | 'nested' | null): void {
      const { attribute, column } = path
      const value = attribute.text
      const isList = isListChange(node, column.family === 'array')
      const statement = statementOf(node)
      const newValue = kind === null && path.depth === 0 && !path.variable ? newValueOf(node, value) : null
      const flag = nameFromModule(context, node, 'sqlalchemy.orm.attributes', 'flag_modified')
      const data = { value, column: column.attribute, type: lastPart(column.type ?? ''), mutable: lastPart(column.mutable ?? '') }
      context.report({
        node,
        messageId: kind ?? (isList ? 'list' : 'dict'),
        data,
        suggest: [
          newValue !== null && statement && { messageId: 'assign', fix: (fixer) => fixer.replaceText(statement, `${value} = ${newValue}`) },
          statement && flag && {
            messageId: 'flag',
            fix: (fixer) => flagAfter(fixer, statement, `${flag.text}(${attribute.object.text}, "${column.attribute}")`, flag.addImport),
          },
        ],
      })
    }
  },
})

/** `obj.c.setdefault(k, []).append(v)` is one change. */
function isChangedInside(call: CallNode): boolean {
  if (call.function.kind !== 'attribute' || call.function.attribute.text !== 'setdefault') return false
  const { parent } = call
  const around = parent?.parent
  if (parent?.kind === 'attribute') return around?.kind === 'call' && around.function === parent && MUTATING.has(parent.attribute.text)
  return parent?.kind === 'subscript' && parent.value === call && (around?.kind === 'assignment' || around?.kind === 'augmented_assignment') && around.left === parent
}

const LIST_METHODS: ReadonlySet<string> = new Set(['append', 'extend', 'insert', 'remove', 'reverse', 'sort'])

function isListChange(node: PythonNode, isArray: boolean): boolean {
  if (node.kind === 'call' && node.function.kind === 'attribute') return LIST_METHODS.has(node.function.attribute.text) || isArray
  if (node.kind === 'augmented_assignment' && node.left.kind === 'attribute') return node.operator.kind === '+='
  return isArray
}

function targetsOf(target: PythonNode): readonly PythonNode[] {
  return target.kind === 'pattern_list' || target.kind === 'tuple_pattern' || target.kind === 'expression_list' ? target.namedChildren : [target]
}

/** The statement that consists of the change alone. */
function statementOf(node: PythonNode): PythonNode | null {
  if (node.kind === 'delete_statement') return node
  return node.parent?.kind === 'expression_statement' ? node.parent : null
}

/** The value with the change: `[*case.timeline, event]`. */
function newValueOf(node: PythonNode, value: string): string | null {
  if (node.kind === 'call' && node.function.kind === 'attribute') {
    const [first, ...others] = positionalArguments(node)
    if (!first || others.length > 0 || node.arguments.namedChildren.length !== 1) return null
    if (node.function.attribute.text === 'append') return `[*${value}, ${first.text}]`
    if (node.function.attribute.text === 'extend') return `[*${value}, *${first.text}]`
    return node.function.attribute.text === 'update' ? `{**${value}, **${first.text}}` : null
  }
  if (node.kind === 'assignment' && node.left.kind === 'subscript' && node.right && node.right.kind !== 'assignment') {
    const [key] = node.left.subscript
    return key && (key.kind === 'string' || key.kind === 'identifier' || key.kind === 'attribute') ? `{**${value}, ${key.text}: ${node.right.text}}` : null
  }
  return null
}

function flagAfter(fixer: RuleFixer, statement: PythonNode, call: string, addImport: ((fixer: RuleFixer) => Fix) | null): Fix[] {
  const line = statement.tree.text.lastIndexOf('\n', statement.start) + 1
  const indent = /^[ \t]*/.exec(statement.tree.text.slice(line, statement.start))?.[0] ?? ''
  return [...(addImport ? [addImport(fixer)] : []), fixer.insertTextAfter(statement, `\n${indent}${call}`)]
}
