import { isBroadType, namedExceptionTypes } from '@krait/python'
import type { Binding, CallNode, IdentifierNode, PythonNode, PythonRuleContext } from '@krait/python'

type Context = Pick<PythonRuleContext, 'project' | 'resolve' | 'scopes' | 'settings' | 'typeOf' | 'values'>

/** How the code looks for exceptions: it deals with them, or it passes over them without a word. */
export type Inspection = 'handled' | 'skipped'

/**
 * What is followed: the list of results or one of them. `path` leads to the result inside what an iteration gives: `[1]` behind `enumerate()` and
 * `zip(devices, results)`.
 */
interface Tracked {
  readonly node: PythonNode
  readonly isList: boolean
  readonly path: readonly number[]
  /** It is made of a part of the results, so that who gets it does not get them all. */
  readonly isPart?: boolean
  /** It is a dictionary that has a result among its values. */
  readonly isDictionary?: boolean
}

/** More uses than these are not followed; what has more is taken to be inspected. */
const MAX_USES = 500

/** What is done with an expression that holds results of `gather()`: whether some use of it looks for exceptions. Empty if none does. */
export function inspectionsOf(context: Context, node: PythonNode, isList: boolean): ReadonlySet<Inspection> {
  return new Inspector(context).run({ node, isList, path: [] })
}

/** The same for a name. */
export function inspectionsOfName(context: Context, binding: Binding, isList: boolean): ReadonlySet<Inspection> {
  return new Inspector(context).runName(binding, isList)
}

class Inspector {
  readonly #context: Context
  readonly #found = new Set<Inspection>()
  readonly #pending: Tracked[] = []
  readonly #seen = new Set<PythonNode>()

  constructor(context: Context) {
    this.#context = context
  }

  run(tracked: Tracked): ReadonlySet<Inspection> {
    this.#pending.push(tracked)
    return this.#follow()
  }

  runName(binding: Binding, isList: boolean): ReadonlySet<Inspection> {
    this.#addName(binding, isList)
    return this.#follow()
  }

  #follow(): ReadonlySet<Inspection> {
    for (let uses = 0, next = this.#pending.pop(); next; uses++, next = this.#pending.pop()) {
      if (uses > MAX_USES) return new Set(['handled'])
      if (this.#seen.has(next.node)) continue
      this.#seen.add(next.node)
      this.#use(next)
    }
    return this.#found
  }

  #use(tracked: Tracked): void {
    const { node, isList } = tracked
    const { parent } = node
    switch (parent?.kind) {
      case 'parenthesized_expression':
      case 'conditional_expression':
      case 'boolean_operator':
      case 'await':
        return this.#go(parent, tracked)
      case 'list_splat':
        return this.#use({ ...tracked, node: parent })
      case 'binary_operator':
        if (isList) this.#go(parent, tracked)
        return
      case 'tuple':
      case 'list':
      case 'set':
      case 'dictionary':
        return this.#go(parent, isList ? tracked : { ...tracked, isList: true, isPart: true, path: [] })
      case 'pair':
        if (isList) this.#go(parent, tracked)
        else if (parent.value === node) this.#go(parent, { ...tracked, isList: true, isPart: true, isDictionary: true, path: [] })
        return
      case 'return_statement':
      case 'yield':
      case 'augmented_assignment':
      case 'expression_list':
        if (isList && !tracked.isPart) this.#found.add('handled')
        return
      case 'raise_statement':
        this.#found.add('handled')
        return
      case 'named_expression':
        this.#go(parent, tracked)
        return this.#bind(parent.name, tracked)
      case 'assignment':
        if (parent.right === node) this.#assign(parent.left, tracked)
        return
      case 'subscript':
        if (parent.value === node && isList) this.#go(parent, { ...tracked, isList: parent.subscript[0]?.kind === 'slice', isPart: true })
        return
      case 'attribute':
        if (isList && parent.object === node && parent.parent?.kind === 'call' && parent.parent.function === parent) this.#method(parent.attribute.text, parent.parent, tracked)
        return
      case 'for_statement':
        if (parent.right === node) this.#iterate(parent.left, tracked)
        return
      case 'for_in_clause':
        if (parent.left !== node) this.#iterate(parent.left, tracked)
        return
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
        if (parent.body === node) this.#go(parent, { ...tracked, isList: true, path: [], isPart: true })
        return
      case 'match_statement':
        if (this.#matchesException(parent)) this.#found.add('handled')
        return
      case 'keyword_argument':
        if (parent.parent?.parent?.kind === 'call') this.#argument(parent.parent.parent, tracked)
        return
      case 'argument_list':
        if (parent.parent?.kind === 'call') this.#argument(parent.parent, tracked)
        return
      case 'call':
        // The generator expression of `f(x for x in y)`.
        if (parent.arguments === node) this.#argument(parent, tracked)
        return
      default:
    }
  }

  #go(node: PythonNode, tracked: Tracked): void {
    this.#pending.push({ ...tracked, node })
  }

  #addName(binding: Binding, isList: boolean): void {
    for (const node of binding.references) this.#pending.push({ node, isList, path: [] })
  }

  #bind(target: IdentifierNode, tracked: Tracked): void {
    for (const node of this.#context.scopes.bindingOf(target)?.references ?? []) this.#go(node, tracked)
  }

  /** `a, b = results`, `first = results[0]`, `self.results = results`. */
  #assign(target: PythonNode, tracked: Tracked): void {
    if (target.kind === 'identifier') return this.#bind(target, tracked)
    if (target.kind === 'attribute' || target.kind === 'subscript') {
      if (tracked.isList && !tracked.isPart) this.#found.add('handled')
      return
    }
    if (!tracked.isList) return
    const inspections = inspectionsOfTargets(this.#context, target)
    for (const inspection of inspections ?? []) this.#found.add(inspection)
  }

  #iterate(target: PythonNode, { isList, path }: Tracked): void {
    if (!isList) return
    let inner: PythonNode | undefined = target
    for (const position of path) {
      if (!inner || inner.kind === 'identifier') break
      inner = inner.namedChildren[position]
    }
    if (inner?.kind === 'identifier') {
      // A name for the whole tuple: what is taken out of it is not followed.
      if (inner === target && path.length > 0) this.#found.add('handled')
      else this.#bind(inner, { node: inner, isList: false, path: [] })
    }
  }

  #method(name: string, call: CallNode, tracked: Tracked): void {
    if (name === 'items') this.#go(call, { ...tracked, path: [1], isDictionary: false })
    else if (name === 'values') this.#go(call, { ...tracked, isDictionary: false })
    else if (name === 'copy') this.#go(call, tracked)
    else if (name === 'pop' || name === 'get') this.#go(call, { ...tracked, isList: false, isDictionary: false })
  }

  #argument(call: CallNode, tracked: Tracked): void {
    const { node, isList, path, isDictionary = false } = tracked
    const name = this.#context.resolve(call.function) ?? ''
    const position = call.arguments.kind === 'argument_list' ? call.arguments.namedChildren.indexOf(node) : 0
    switch (name) {
      case 'builtins.isinstance':
        if (position === 0 && this.#isExceptionTest(call)) this.#found.add(isSilentSkip(call) ? 'skipped' : 'handled')
        return
      case 'builtins.type':
        this.#found.add('handled')
        return
      case 'builtins.list':
      case 'builtins.tuple':
      case 'builtins.set':
      case 'builtins.sorted':
      case 'builtins.reversed':
        return this.#go(call, tracked)
      case 'builtins.dict':
        return this.#go(call, { ...tracked, path: [] })
      case 'builtins.enumerate':
        return this.#go(call, { ...tracked, path: [1, ...path] })
      case 'builtins.zip':
        if (isList) this.#go(call, { ...tracked, path: [position, ...path] })
        return
      case 'builtins.filter':
        return this.#filter(call, tracked)
      case 'builtins.len':
      case 'builtins.sum':
      case 'builtins.any':
      case 'builtins.all':
      case 'builtins.print':
      case 'builtins.str':
      case 'builtins.repr':
        return
      default:
        if (!isDictionary && !this.#isConstructor(call, name)) this.#found.add('handled')
    }
  }

  /** `filter(is_result, results)` passes each to a function. */
  #filter(call: CallNode, tracked: Tracked): void {
    const [predicate, subject] = call.arguments.namedChildren
    if (subject !== tracked.node || !predicate) return
    if (predicate.kind === 'lambda') {
      const parameter = predicate.parameters?.namedChildren[0]
      const binding = parameter?.kind === 'identifier' ? this.#context.scopes.bindingOf(parameter) : null
      if (binding) this.#addName(binding, false)
    } else if (predicate.kind !== 'none') this.#found.add('handled')
    this.#go(call, tracked)
  }

  #isConstructor(call: CallNode, name: string): boolean {
    if (this.#context.typeOf(call.function).kind === 'class' || this.#context.project.definition(name)?.kind === 'class') return true
    if (name === '') return call.function.kind === 'identifier' && LOOKS_LIKE_CLASS.test(call.function.text)
    return this.#context.project.definition(name) === null && LOOKS_LIKE_CLASS.test(name)
  }

  #isExceptionTest(call: CallNode): boolean {
    const types = call.arguments.namedChildren[1]
    if (!types) return false
    return namedExceptionTypes(this.#context, [this.#context.values.summary(types)]).some((type) => type === null || this.#mayBeException(type))
  }

  #mayBeException(type: string): boolean {
    if (isBroadType(type)) return true
    const { names, complete } = this.#context.project.ancestors(type)
    if (names.includes('builtins.BaseException')) return true
    return !complete && !type.startsWith('builtins.') && EXCEPTION_NAME.test(type)
  }

  /** `case Exception() as error:` */
  #matchesException(statement: PythonNode): boolean {
    for (const pattern of statement.descendants('class_pattern')) {
      const name = pattern.namedChildren[0]
      const type = name ? this.#context.resolve(name) : null
      if (type !== null && this.#mayBeException(type)) return true
    }
    return false
  }
}

/** A class of a library that the tables do not know, by its name. */
const LOOKS_LIKE_CLASS = /(^|\.)[A-Z]\w*[a-z]\w*$/
const EXCEPTION_NAME = /(Error|Exception|Warning|Failure|Timeout|Cancelled)\w*$/

/** For `a, b = results`: the inspections if each name that is used is inspected; `null` if one is not, or if none is used. */
export function inspectionsOfTargets(context: Context, target: PythonNode): ReadonlySet<Inspection> | null {
  const found = new Set<Inspection>()
  const unchecked = uncheckedTargets(context, target, found)
  return unchecked.length > 0 || found.size === 0 ? null : found
}

/** The names of an unpacking that are read and not inspected. */
export function uncheckedTargets(context: Context, target: PythonNode, found: Set<Inspection> = new Set()): readonly string[] {
  const unchecked: string[] = []
  for (const part of target.namedChildren) {
    const isRest = part.kind === 'list_splat_pattern'
    const name = isRest ? part.namedChildren[0] : part
    if (name?.kind !== 'identifier') {
      found.add('handled')
      continue
    }
    const binding = context.scopes.bindingOf(name)
    if (!binding || binding.references.length === 0) continue
    const inspections = inspectionsOfName(context, binding, isRest)
    if (inspections.size === 0) unchecked.push(name.text)
    for (const inspection of inspections) found.add(inspection)
  }
  return unchecked
}

/** Whether a test for exceptions only leaves them out: `if not isinstance(r, Exception)` of a comprehension, or before a `continue`. */
function isSilentSkip(test: CallNode): boolean {
  let isNegated = false
  for (let child: PythonNode = test, node = test.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'parenthesized_expression':
      case 'boolean_operator':
        break
      case 'not_operator':
        isNegated = !isNegated
        break
      case 'lambda':
      case 'if_clause':
        return isNegated
      case 'if_statement':
        if (child !== node.condition) return false
        return isNegated ? node.alternative.length === 0 : node.consequence.namedChildren.every(isPassing)
      default:
        return false
    }
  }
  return false
}

function isPassing({ kind }: PythonNode): boolean {
  return kind === 'continue_statement' || kind === 'pass_statement'
}
