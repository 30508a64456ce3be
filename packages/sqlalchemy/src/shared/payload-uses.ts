import type { CallNode, Model, PythonNode, PythonRuleContext } from '@krait/python'
import { callsOf, calledProjectFunction, lastPart, ownCode, positionalArguments, statementsOf, withoutParentheses } from '@krait/python'
import { methodOf, targetsOf } from './loops.ts'
import { modelOfInstance } from './update-payloads.ts'

/** Where the items of a dictionary go to the attributes of a model. */
export interface PayloadUse {
  readonly model: Model
  /** A function of the project does it; its name. */
  readonly function: string | null
}

/** What becomes of a dictionary: `setattr` in a loop, `sqlmodel_update`, `.values(**d)`, `query.update(d)`, or a project function that does one of these. */
export function useOfPayload(context: PythonRuleContext, dictionary: PythonNode): PayloadUse | null {
  for (const node of placesOf(context, dictionary)) {
    const use = useAt(context, node)
    if (use) return use
  }
  return null
}

/** The expression itself, or the reads of the name to which it is assigned. */
function placesOf(context: PythonRuleContext, dictionary: PythonNode): readonly PythonNode[] {
  const { parent } = dictionary
  if (parent?.kind === 'assignment' && parent.right === dictionary && parent.left.kind === 'identifier') {
    return context.scopes.bindingOf(parent.left)?.references ?? []
  }
  return [dictionary]
}

function useAt(context: PythonRuleContext, node: PythonNode): PayloadUse | null {
  const { parent } = node
  if (parent?.kind === 'attribute' && parent.attribute.text === 'items') return useOfItems(context, parent)
  const holder = parent?.kind === 'dictionary_splat' || parent?.kind === 'keyword_argument' ? parent.parent : parent
  const call = holder?.kind === 'argument_list' ? holder.parent : null
  return call?.kind === 'call' ? useInCall(context, call) : null
}

/** `for k, v in d.items(): setattr(obj, k, v)`. */
function useOfItems(context: PythonRuleContext, items: PythonNode): PayloadUse | null {
  const loop = items.parent?.kind === 'call' ? items.parent.parent : null
  if (loop?.kind !== 'for_statement' || loop.right !== items.parent) return null
  const set = setattrIn(context, loop)
  return set && { model: set.model, function: null }
}

/** The `setattr(obj, k, v)` of a loop over the items of a dictionary, with the model of `obj`. */
export function setattrIn(context: PythonRuleContext, loop: PythonNode & { readonly kind: 'for_statement' }): { readonly call: CallNode; readonly model: Model } | null {
  const [key] = targetsOf({ node: loop, target: loop.left, iterable: loop.right, region: loop.body })
  for (const node of ownCode(loop.body)) {
    if (node.kind !== 'call' || node.function.text !== 'setattr') continue
    const [object, name] = positionalArguments(node)
    const model = object && name && name.text === key?.text ? modelOfInstance(context, object) : null
    if (model) return { call: node, model }
  }
  return null
}

function useInCall(context: PythonRuleContext, call: CallNode): PayloadUse | null {
  const called = withoutParentheses(call.function)
  const method = methodOf(call)?.text ?? ''
  if (called.kind === 'attribute') {
    if (method === 'sqlmodel_update') return asUse(modelOfInstance(context, called.object), null)
    if (method === 'values' || method === 'update') {
      const path = statementsOf(context).statementOf(called.object)?.paths[0]
      const [selected] = path?.selected ?? []
      const source = method === 'values' ? path?.target : selected && 'source' in selected ? selected.source : null
      if (source?.model) return asUse(source.model, null)
    }
  }
  const name = calledProjectFunction(context, call)
  return name !== null && setsItems(context, name) ? asUse(modelGiven(context, call), lastPart(name)) : null
}

function asUse(model: Model | null, name: string | null): PayloadUse | null {
  return model && { model, function: name }
}

/** Whether a function sets attributes by name, or hands a dictionary on to a statement. */
function setsItems({ project }: PythonRuleContext, name: string): boolean {
  return callsOf(project, name)?.calls.some(({ callee, method }) => callee === 'builtins.setattr' || callee === 'setattr' || method === 'sqlmodel_update' || method === 'values') ?? false
}

/** The model of an object that is given along. */
function modelGiven(context: PythonRuleContext, call: CallNode): Model | null {
  for (const child of call.arguments.namedChildren) {
    const value = child.kind === 'keyword_argument' ? child.value : child
    const model = value.kind === 'identifier' || value.kind === 'attribute' ? modelOfInstance(context, value) : null
    if (model) return model
  }
  return null
}
