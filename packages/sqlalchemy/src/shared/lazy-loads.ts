import type { AttributeNode, Binding, Model, ModelRelationship, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { nameFromModule, ownCode } from '@krait/python'
import type { RuleFixer, Fix } from '@krait/core'
import type { LoaderOption } from './loader-options.ts'
import type { LoadedRows } from './loaded-rows.ts'
import { methodOf } from './loops.ts'

/** A relationship that is reached from an object: `author`, or `author.team`. */
export interface Reached {
  readonly relationship: ModelRelationship
  /** The model that has it. */
  readonly owner: Model
  readonly path: string
  /** Where it is read. */
  readonly node: AttributeNode
}

const LOADER = /^(joinedload|selectinload|subqueryload|immediateload|contains_eager|raiseload|noload)$/

export function isLoaded(options: readonly LoaderOption[], path: string): boolean {
  return options.some((option) => option.path === path && LOADER.test(option.loader))
}

/**
 * The relationships that an attribute chain on an object reads, as far as the ones before are there already: `x.author` of `x.author.team`, or `team` where
 * the statement has loaded the author.
 * @param isThere whether a relationship is loaded with the object
 */
export function firstUnloaded(
  project: PythonProject,
  model: Model,
  first: AttributeNode,
  isThere: (relationship: ModelRelationship, path: string) => boolean,
  prefix = '',
): Reached | null {
  let owner: Model | null = model
  let path = prefix
  for (let node: AttributeNode | null = first; node && owner; ) {
    const name: string = node.attribute.text
    const relationship: ModelRelationship | undefined = owner.relationships.find(({ attribute }) => attribute === name)
    if (!relationship) return null
    path = path === '' ? name : `${path}.${name}`
    if (!isThere(relationship, path)) return { relationship, owner, path, node }
    owner = relationship.target === null ? null : project.model(relationship.target)
    const { parent }: AttributeNode = node
    node = parent?.kind === 'attribute' && parent.object === node ? parent : null
  }
  return null
}

/** The local name that holds what a chain of relationships leads to, as `author` of `author = post.author`. */
export function nameOfReached({ scopes, project }: PythonRuleContext, model: Model, first: AttributeNode, prefix: string): { readonly binding: Binding; readonly model: Model; readonly path: string } | null {
  let owner: Model | null = model
  let path = prefix
  for (let node: AttributeNode = first; owner; ) {
    const name: string = node.attribute.text
    const target: string | null | undefined = owner.relationships.find(({ attribute }) => attribute === name)?.target
    owner = target === null || target === undefined ? null : project.model(target)
    path = path === '' ? name : `${path}.${name}`
    const { parent }: AttributeNode = node
    if (owner && parent?.kind === 'assignment' && parent.right === node && parent.left.kind === 'identifier') {
      const binding = scopes.bindingOf(parent.left)
      return binding?.onlyDefinition ? { binding, model: owner, path } : null
    }
    if (parent?.kind !== 'attribute' || parent.object !== node) return null
    node = parent
  }
  return null
}

/** The reads of attributes of an object in a name, also by other names that are given to it in the region. */
export function attributeReads(context: PythonRuleContext, binding: Binding, region: PythonNode): readonly AttributeNode[] {
  const bindings = new Set<Binding>([binding])
  const found: AttributeNode[] = []
  for (const current of bindings) {
    for (const reference of current.references) {
      if (reference.start < region.start || reference.end > region.end) continue
      const { parent } = reference
      if (parent?.kind === 'attribute' && parent.object === reference) found.push(parent)
      else if (parent?.kind === 'assignment' && parent.right === reference && parent.left.kind === 'identifier') {
        const alias = context.scopes.bindingOf(parent.left)
        if (alias?.onlyDefinition) bindings.add(alias)
      }
    }
  }
  return found.filter((attribute) => !isTarget(attribute)).sort((a, b) => a.start - b.start)
}

/** Left of `=`, or behind `del`. */
export function isTarget(attribute: PythonNode): boolean {
  const { parent } = attribute
  if (parent?.kind === 'assignment' || parent?.kind === 'augmented_assignment') return parent.left === attribute
  return parent?.kind === 'delete_statement' || parent?.kind === 'pattern_list' || parent?.kind === 'tuple_pattern'
}

/** Whether the code sets a relationship itself: then it is there. */
export function isAssigned(region: PythonNode, name: string): boolean {
  for (const node of ownCode(region, 'attribute')) if (node.attribute.text === name && isTarget(node)) return true
  return false
}

/** Whether a function has used a loader option for a relationship before: some query brings it, and the objects of a session know it then. */
export function hasLoadedBefore(context: PythonRuleContext, code: PythonNode, { owner, relationship }: Reached, loop: PythonNode): boolean {
  for (const node of ownCode(code, 'call')) {
    const given = loaderArgument(node, relationship.attribute)
    if (!given) continue
    const name = context.resolve(given.object)
    const isOther = name !== null && context.project.model(name) !== null && context.project.isSubclassOf(owner.name, [name]) === false
    if (!isOther && context.flow(loop).canReach(node, loop)) return true
  }
  return false
}

/** Whether a function has a loader option for a relationship anywhere: some query brings it, and the objects of a session know it then. */
export function mentionsLoader(code: PythonNode, name: string): boolean {
  for (const node of ownCode(code, 'call')) if (loaderArgument(node, name)) return true
  return false
}

/** `Post.author` of `joinedload(Post.author)`. */
function loaderArgument(node: PythonNode, name: string): AttributeNode | null {
  if (node.kind !== 'call' || !LOADER.test(methodOf(node)?.text ?? '')) return null
  const given = node.arguments.namedChildren.find((argument) => argument.kind === 'attribute' && argument.attribute.text === name)
  return given?.kind === 'attribute' ? given : null
}

/** The loader that fits: `selectinload` for collections, `joinedload` for single objects. */
export function loaderFor({ uselist, direction }: ModelRelationship): 'selectinload' | 'joinedload' {
  return uselist === false || (uselist === null && direction === 'many-to-one') ? 'joinedload' : 'selectinload'
}

/** Adds a loader option to the statement; `null` where it stands elsewhere, or has no name for the model. */
export function addLoader(context: PythonRuleContext, { node, source }: LoadedRows, { path, relationship }: Reached): ((fixer: RuleFixer) => Fix[]) | null {
  if (!node || source.text === null || path.includes('.')) return null
  const loader = nameFromModule(context, node, 'sqlalchemy.orm', loaderFor(relationship))
  if (!loader) return null
  const option = `.options(${loader.text}(${source.text}.${path}))`
  return (fixer) => [...(loader.addImport ? [loader.addImport(fixer)] : []), fixer.insertTextAfter(node, option)]
}

/** The line in which the statement begins; `null` where it stands in another function. */
export function lineOfStatement(context: PythonRuleContext, { statement, node }: LoadedRows): number | null {
  const first = statement.paths[0]?.steps[0]?.call
  const place = (first?.frame.isHere ? first.term.node : null) ?? node
  return place ? context.sourceCode.locationOf(place.range).start.line : null
}
