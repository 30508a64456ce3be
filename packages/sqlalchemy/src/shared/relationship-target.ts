import type { CallNode, PythonNode, PythonServices } from '@krait/python'
import { isModelClass, lastPart, positionalArguments, stringText } from '@krait/python'

/** What names the target of a relationship, with the name. */
export interface NamedTarget {
  readonly node: PythonNode
  readonly name: string
  /** It stands in the annotation. */
  readonly isAnnotation: boolean
}

/** The target in the annotation (`Mapped["Order"]`, `list["Order"]`); `null` if there is none that can be read. */
export function annotatedTarget(type: PythonNode | null): NamedTarget | null {
  const inner = type?.kind === 'type' ? type.namedChildren[0] : type
  if (!inner) return null
  const names = [...inner.descendants('identifier', 'string'), ...(inner.kind === 'identifier' || inner.kind === 'string' ? [inner] : [])].flatMap(
    (node): NamedTarget[] => {
      const text = node.kind === 'string' ? stringText(node) : node.text
      const name = text?.match(/[\p{L}_][\p{L}\p{N}_.]*/gu)?.findLast((part) => !WRAPPERS.has(lastPart(part)))
      return name === undefined || WRAPPERS.has(lastPart(name)) ? [] : [{ node, name, isAnnotation: true }]
    },
  )
  return names.length === 1 ? names[0]! : null
}

const WRAPPERS: ReadonlySet<string> = new Set(
  `AbstractSet Collection Dict DynamicMapped FrozenSet Iterable List Mapped MutableSequence MutableSet None Optional Sequence Set Union WriteOnlyMapped
  builtins collections dict list orm sa set str int t typing`.split(/\s+/),
)

/** The target that the call names as a string or as a class. */
export function givenTarget(call: CallNode): NamedTarget | null {
  const [first] = positionalArguments(call)
  if (!first || (first.kind !== 'string' && first.kind !== 'identifier' && first.kind !== 'attribute')) return null
  const name = first.kind === 'string' ? stringText(first) : first.text
  return name !== null && /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? { node: first, name, isAnnotation: false } : null
}

/** Whether no model of the project has the name, and nothing else explains it. */
export function isNoModel(services: PythonServices, { node, name }: NamedTarget): boolean {
  const { project, scopes } = services
  if (project.modelsNamed(lastPart(name)).length > 0) return false
  if (node.kind !== 'string') {
    const resolved = services.resolve(node)
    const definition = resolved === null ? null : project.definition(resolved)
    if (definition?.kind !== 'class' || !project.ancestors(resolved!).complete) return false
    return !isModelClass(project, resolved!) && project.subclasses(resolved!).every((subclass) => !isModelClass(project, subclass.name))
  }
  // A name that the module imports under TYPE_CHECKING, say from a library.
  return scopes.module.lookup(name.split('.')[0]!) === null || scopes.module.lookup(name.split('.')[0]!) === undefined
}
