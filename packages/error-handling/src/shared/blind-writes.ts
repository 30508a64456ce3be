import {
  argument,
  calledProjectFunction,
  callFact,
  callLabel,
  commitPath,
  effectsOfCall,
  externalCall,
  externalEffectPath,
  hasWords,
  isAtomicFunction,
  keywordArguments,
  lastNameOf,
  lastPart,
  ownCode,
  positionalArguments,
  splitWords,
  stringText,
  transactionBlock,
  withoutLastPart,
  withoutParentheses,
  writePath,
} from '@krait/python'
import type { CallFact, CallNode, CallPath, EffectContext, PathStep, PythonNode } from '@krait/python'
import { namesIn } from './attempts.ts'
import { carriesKey, isKeyName, isMadeInside } from './repetition-keys.ts'

/** How a write that is repeated does harm: another row, another request, another change of a number. */
export type Harm = 'row' | 'request' | 'change'

/** A write that does more when it is repeated. */
export interface BlindWrite {
  readonly harm: Harm
  /** As the message names it: `session.add(Payment(...))`. */
  readonly label: string
  readonly node: PythonNode
  /** It takes effect by a commit. */
  readonly needsCommit: boolean
}

export interface Repeated {
  /** The code whose writes are looked for. */
  readonly root: PythonNode
  /** The code that runs again for each attempt: what is made in it is new each time. */
  readonly inside: PythonNode
  /** Names of further arguments and headers that carry a key. */
  readonly keys: readonly string[]
}

/** Calls are followed so deep into functions of the same file. */
const MAX_DEPTH = 4

/** The first write in the repeated code that is blind, and takes effect there; `null` if there is none. */
export function blindWrite(context: EffectContext, repeated: Repeated): BlindWrite | null {
  const parts = partsOf(context, repeated.root)
  const commits = parts.some((part) => committed(context, part))
  for (const part of parts) {
    const inside = part === repeated.root ? repeated.inside : part
    for (const write of writesIn(context, { ...repeated, root: part, inside })) if (!write.needsCommit || commits) return write
  }
  return null
}

/** The repeated code, and the functions of this file that it calls. */
function partsOf(context: EffectContext, root: PythonNode): readonly PythonNode[] {
  const parts: PythonNode[] = [root]
  let level: readonly PythonNode[] = parts
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: PythonNode[] = []
    for (const part of level) {
      for (const node of ownCode(part)) {
        const body = node.kind === 'call' ? bodyInFile(context, node) : null
        if (body && !parts.includes(body) && !next.includes(body)) next.push(body)
      }
    }
    parts.push(...next)
    level = next
  }
  return parts
}

function bodyInFile(context: EffectContext, call: CallNode): PythonNode | null {
  const { function: name, summary } = effectsOfCall(context, call)
  if (name === null || !summary || Object.keys(summary.effects).length === 0) return null
  const last = name.slice(name.lastIndexOf('.') + 1)
  for (const definition of context.scopes.module.node.descendants('function_definition')) {
    if (definition.name.text === last && context.resolve(definition) === name) return definition
  }
  return null
}

/** Whether code commits: by a call, at the end of a block, or as a function that is a transaction. */
function committed(context: EffectContext, part: PythonNode): boolean {
  if (part.kind === 'function_definition' && isAtomicFunction(context, part)) return true
  for (const node of ownCode(part)) {
    if (node.kind === 'call' && commitPath(context, node)) return true
    if (node.kind === 'with_item' && transactionBlock(context, node)) return true
  }
  return false
}

function* writesIn(context: EffectContext, repeated: Repeated): Generator<BlindWrite> {
  for (const node of ownCode(repeated.root)) {
    const write = node.kind === 'call' ? ofCall(context, node, repeated) : ofAssignment(context, node, repeated)
    if (write) yield write
  }
}

function ofCall(context: EffectContext, call: CallNode, repeated: Repeated): BlindWrite | null {
  const called = withoutParentheses(call.function)
  const method = called.kind === 'attribute' ? called.attribute.text : ''
  if (calledProjectFunction(context, call) !== null) return ofOtherFile(context, call, repeated)
  if (ADDING.has(method)) return added(context, call, repeated)
  if (EXECUTING.has(method)) return executed(context, call, repeated)
  if (method === 'update') return updated(context, call)
  if (CREATING.has(method) && called.kind === 'attribute' && lastNameOf(called.object) === 'objects') return created(context, call, repeated)
  return sent(context, call, repeated)
}

const ADDING: ReadonlySet<string> = new Set(['add', 'add_all', 'bulk_save_objects', 'bulk_insert_mappings'])
const EXECUTING: ReadonlySet<string> = new Set(['execute', 'exec', 'scalar', 'scalars'])
const CREATING: ReadonlySet<string> = new Set(['create', 'acreate', 'bulk_create', 'abulk_create'])

function added(context: EffectContext, call: CallNode, repeated: Repeated): BlindWrite | null {
  if (!writePath(context, call)) return null
  const given = positionalArguments(call).at(-1)
  const constructor = given ? constructorIn(context, given, repeated.inside) : null
  if (!constructor || carriesKey(context, constructor, repeated) || isAskedBefore(constructor.function, call, repeated.inside)) return null
  const { text } = constructor.function
  return { harm: 'row', label: `${callLabel(call).slice(0, -2)}(${text}(...))`, node: call, needsCommit: true }
}

/** The call that constructs an object in the repeated code: the expression itself, an item of a list, or what a name is bound to there. */
function constructorIn(context: EffectContext, expression: PythonNode, root: PythonNode): CallNode | null {
  const pending = [expression]
  for (let steps = 0, node = pending.pop(); node && steps < 50; steps++, node = pending.pop()) {
    const inner = withoutParentheses(node)
    if (inner.kind === 'call') {
      if (isClass(context, inner.function)) return inner
    } else if (inner.kind === 'list' || inner.kind === 'tuple') pending.push(...inner.namedChildren)
    else if (inner.kind === 'list_comprehension' || inner.kind === 'generator_expression') pending.push(inner.body)
    else if (inner.kind === 'identifier') {
      for (const { value } of context.scopes.bindingOf(inner)?.definitions ?? []) if (value && root.contains(value)) pending.push(value as PythonNode)
    }
  }
  return null
}

function isClass(context: EffectContext, called: PythonNode): boolean {
  const name = context.resolve(called)
  const definition = name === null ? null : context.project.definition(name)
  return definition ? definition.kind === 'class' : /^_?\p{Lu}/u.test(lastNameOf(called) ?? '')
}

/** A test in the repeated code whether there is such a row already: a mention of the model in another call before the write. */
function isAskedBefore(model: PythonNode, write: PythonNode, root: PythonNode): boolean {
  for (const node of ownCode(root)) {
    if (node.start >= write.start) return false
    if (node.kind !== 'call' || node.function.text === model.text || node.contains(write)) continue
    if (node.function.text.startsWith(`${model.text}.objects.`) || namesIn(node.arguments).has(model.text)) return ASKING.test(node.text)
  }
  return false
}

const ASKING = /\b(select|query|get|exists|filter|filter_by|scalar|first|one_or_none|find)\b/

function executed(context: EffectContext, call: CallNode, repeated: Repeated): BlindWrite | null {
  const [statement, ...rows] = positionalArguments(call)
  if (!statement || !writePath(context, call)) return null
  const calls = partsOfStatement(context, statement).flatMap((part) => [...ownCode(part)].filter((node) => node.kind === 'call'))
  const named = (names: ReadonlySet<string>) => calls.find((node) => names.has(lastNameOf(withoutParentheses(node.function)) ?? ''))
  const update = named(UPDATE)
  if (update) return calls.some((node) => readsColumn(node)) ? { harm: 'change', label: shortened(call, update), node: call, needsCommit: true } : null
  const insert = named(INSERT)
  const isSafe = !insert || named(UPSERTS) !== undefined || calls.some((node) => carriesKey(context, node, repeated)) || rows.some((row) => carriesKey(context, row, repeated))
  const model = insert && positionalArguments(insert)[0]
  if (isSafe || calls.some(ignores) || (model && isAskedBefore(model, call, repeated.inside))) return null
  return { harm: 'row', label: shortened(call, insert), node: call, needsCommit: true }
}

const INSERT: ReadonlySet<string> = new Set(['insert'])
const UPDATE: ReadonlySet<string> = new Set(['update'])
const UPSERTS: ReadonlySet<string> = new Set(['on_conflict_do_nothing', 'on_conflict_do_update', 'on_duplicate_key_update'])

/** `insert(X).prefix_with("OR IGNORE")` */
function ignores(call: CallNode): boolean {
  return lastNameOf(call.function) === 'prefix_with' && /IGNORE/i.test(call.arguments.text)
}

/** The statement, with everything that a name for it is bound to. */
function partsOfStatement(context: EffectContext, statement: PythonNode): readonly PythonNode[] {
  const parts: PythonNode[] = [statement]
  for (const node of ownCode(statement)) {
    if (node.kind !== 'identifier') continue
    for (const { value } of context.scopes.bindingOf(node)?.definitions ?? []) if (value) parts.push(value as PythonNode)
  }
  return parts
}

/** `.values(n=Model.n + 1)`, `.update({Model.n: Model.n + 1})`, `.update(n=F("n") + 1)` */
function readsColumn(call: CallNode): boolean {
  for (const [column, value] of keywordArguments(call)) if (mentionsColumn(value, column)) return true
  for (const given of positionalArguments(call)) {
    if (given.kind !== 'dictionary') continue
    for (const pair of given.namedChildren) {
      if (pair.kind === 'pair' && mentionsColumn(pair.value, stringText(pair.key) ?? lastNameOf(pair.key) ?? '')) return true
    }
  }
  return false
}

function mentionsColumn(value: PythonNode, column: string): boolean {
  if (value.kind !== 'binary_operator') return false
  for (const node of ownCode(value)) {
    if (node.kind === 'attribute' && node.attribute.text === column) return true
    if (node.kind === 'call' && lastNameOf(node.function) === 'F' && stringText(positionalArguments(node)[0]) === column) return true
  }
  return false
}

function updated(context: EffectContext, call: CallNode): BlindWrite | null {
  if (!writePath(context, call) || !readsColumn(call)) return null
  return { harm: 'change', label: callLabel(call), node: call, needsCommit: !isDjango(call) || isInTransaction(context, call) }
}

function created(context: EffectContext, call: CallNode, repeated: Repeated): BlindWrite | null {
  if (!writePath(context, call) || carriesKey(context, call, repeated) || keywordArguments(call).has('ignore_conflicts')) return null
  const model = call.function.kind === 'attribute' && call.function.object.kind === 'attribute' ? call.function.object.object : null
  if (model && isAskedBefore(model, call, repeated.inside)) return null
  return { harm: 'row', label: `${callLabel(call).slice(0, -2)}(...)`, node: call, needsCommit: isInTransaction(context, call) }
}

function isDjango(call: CallNode): boolean {
  return /\.objects\b/.test(call.function.text)
}

/** Django commits each statement that stands in no transaction. */
function isInTransaction(context: EffectContext, node: PythonNode): boolean {
  for (let around = node.parent; around; around = around.parent) {
    if (around.kind === 'with_statement' && [...around.descendants('with_item')].some((item) => !item.contains(node) && transactionBlock(context, item))) return true
    if (around.kind === 'function_definition') return isAtomicFunction(context, around)
  }
  return false
}

function sent(context: EffectContext, call: CallNode, repeated: Repeated): BlindWrite | null {
  const called = withoutParentheses(call.function)
  const method = lastNameOf(called) ?? ''
  const isPost = method === 'post' || (method === 'request' && stringText(argument(call, 'method', 0))?.toUpperCase() === 'POST')
  if (!isPost && !QUEUEING.has(method) && method !== 'create') return null
  if (!externalEffectPath(context, call)) return null
  const kind = externalCall(context, call)?.kind ?? null
  if (method === 'create' && kind !== 'payment') return null
  if (QUEUEING.has(method) && (kind === 'mail' || kind === 'messaging' || hasWords(called.text, MAIL_WORDS))) return null
  if (carriesKey(context, call, repeated)) return null
  return { harm: 'request', label: `${callLabel(call).slice(0, -2)}(${call.arguments.namedChildren.length > 0 ? '...' : ''})`, node: call, needsCommit: false }
}

const QUEUEING: ReadonlySet<string> = new Set(
  `apply_async basic_publish delay enqueue enqueue_job produce publish publish_batch put_events put_record put_records send send_and_wait send_message
  send_message_batch send_task send_with_options`.split(/\s+/),
)
const MAIL_WORDS = ['bot', 'email', 'mail', 'mailer', 'ses', 'slack', 'smtp', 'telegram']

function ofAssignment(context: EffectContext, node: PythonNode, { inside }: Repeated): BlindWrite | null {
  const isAugmented = node.kind === 'augmented_assignment' && (node.operator.kind === '+=' || node.operator.kind === '-=')
  if (!isAugmented && node.kind !== 'assignment') return null
  const { left, right } = node
  if (left.kind !== 'attribute' || !right || (!isAugmented && (right.kind !== 'binary_operator' || !namesIn(right).has(left.text)))) return null
  return isRow(context, left.object, inside) ? { harm: 'change', label: `${left.text} ${isAugmented ? node.operator.kind : '='} ...`, node, needsCommit: true } : null
}

/** An object of a mapped class, or one that a session has given. */
function isRow(context: EffectContext, object: PythonNode, root: PythonNode): boolean {
  const type = context.typeOf(object)
  if (type.kind === 'instance') return context.project.model(type.class) !== null
  if (object.kind !== 'identifier') return false
  const definitions = context.scopes.bindingOf(object)?.definitions ?? []
  return definitions.some(({ value }) => {
    if (!value) return false
    for (const node of ownCode(value)) if (node.kind === 'call' && effectsOfCall(context, node).paths.has('database')) return true
    return isMadeInside(context, object, root) && /\.objects\./.test(value.text)
  })
}

/** What a function of another file does is known by the facts of its calls: a row or a request that is not keyed by what it is given. */
function ofOtherFile(context: EffectContext, call: CallNode, { keys }: Repeated): BlindWrite | null {
  const sending = endOf(context, externalEffectPath(context, call))
  if (sending && isBlindRequest(sending.fact) && !takesKey(context, sending.step, null, keys)) {
    return { harm: 'request', label: callLabel(call), node: call, needsCommit: false }
  }
  const writing = endOf(context, writePath(context, call))
  const model = writing && modelAdded(context, writing)
  if (!writing || !model || takesKey(context, writing.step, model, keys) || context.project.summary(writing.step.function)?.effects.query) return null
  return { harm: 'row', label: callLabel(call), node: call, needsCommit: true }
}

/** The call in another file in which a path ends. */
interface PathEnd {
  readonly step: PathStep
  readonly fact: CallFact
  /** All calls of that function. */
  readonly calls: readonly CallFact[]
}

function endOf({ project }: EffectContext, path: CallPath | null): PathEnd | null {
  const step = path?.at(-1)
  if (!step || step.path === project.path || step.call === undefined) return null
  const calls = project.part(callFact, step.path, project.pathInModule(step.function, step.path)) ?? []
  const fact = calls[step.call]
  return fact ? { step, fact, calls } : null
}

function isBlindRequest({ method, callee, first }: CallFact): boolean {
  const name = method ?? lastPart(callee ?? '')
  return name === 'post' || QUEUEING.has(name) || (name === 'request' && first === 'POST')
}

/** The class of the object that the function constructs and adds. */
function modelAdded({ project }: EffectContext, { calls, step }: PathEnd): string | null {
  for (const { method, first } of calls) {
    const made = method !== undefined && ADDING.has(method) && typeof first === 'number' ? calls[first] : undefined
    const name = made?.callee === undefined ? null : project.resolveName(made.callee, step.path)
    if (name !== null && project.definition(name)?.kind === 'class') return lastPart(name)
  }
  return null
}

/** Whether a function takes what may be a key: `idempotency_key`, `payment_id` of a `Payment`. */
function takesKey({ project }: EffectContext, { function: name }: PathStep, model: string | null, keys: readonly string[]): boolean {
  const found = project.definition(name) ?? project.member(withoutLastPart(name), lastPart(name))
  const fact = found?.fact?.kind === 'function' ? found.fact : null
  const own = model === null ? null : `${splitWords(model).join('_')}_id`
  return !fact || fact.parameters.some((parameter) => parameter.kind === 'var-keyword' || parameter.name === own || isKeyName(parameter.name, keys))
}

function shortened(call: CallNode, statement: CallNode): string {
  const [model] = positionalArguments(statement)
  return `${callLabel(call).slice(0, -2)}(${callLabel(statement).slice(0, -2)}(${model && !model.text.includes('\n') ? model.text : '...'}))`
}
