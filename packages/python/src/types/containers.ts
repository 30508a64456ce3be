import { UNKNOWN_TYPE, instanceOf, mapMembers, unionOf, withoutNone } from './type.ts'
import type { InstanceType, Type } from './type.ts'

/** The class of `...`, which stands for "any number" among the arguments of a tuple. */
export const ELLIPSIS_CLASS = 'types.EllipsisType'

/** The type of what iterating over a container gives. */
export function itemOf(type: Type): Type {
  return mapMembers(withoutNone(type), (member) => (member.kind === 'instance' ? itemOfInstance(member) : UNKNOWN_TYPE))
}

/** The type of the item at a known position, as in an unpacking or `pair[0]`. */
export function itemAt(type: Type, position: number): Type {
  return mapMembers(withoutNone(type), (member) => {
    if (member.kind !== 'instance') return UNKNOWN_TYPE
    const shape = member.class === 'sqlalchemy.Row' ? member.args[0] : member
    if (shape?.kind === 'instance' && shape.class === 'builtins.tuple' && !isVariadic(shape)) {
      return shape.args.at(position) ?? UNKNOWN_TYPE
    }
    if (member.class === 'sqlalchemy.Row') return position === 0 && shape ? shape : UNKNOWN_TYPE
    return itemOfInstance(member)
  })
}

/** The type of `container[key]`. @param position the key, if it is a known integer */
export function subscriptOf(type: Type, position: number | null): Type {
  return mapMembers(withoutNone(type), (member) => {
    if (member.kind !== 'instance') return UNKNOWN_TYPE
    if (MAPPINGS.has(member.class)) return member.args[1] ?? UNKNOWN_TYPE
    if (position !== null) return itemAt(member, position)
    return member.class === 'builtins.tuple' && !isVariadic(member) ? unionOf(member.args) : itemOfInstance(member)
  })
}

/** The type that `await` gives. */
export function awaitedOf(type: Type): Type {
  return mapMembers(type, (member) => {
    if (member.kind !== 'instance') return UNKNOWN_TYPE
    return AWAITABLES.has(member.class) ? (member.args[0] ?? UNKNOWN_TYPE) : UNKNOWN_TYPE
  })
}

/** What a generator function yields, by its return type. */
export function yieldedBy(type: Type): Type {
  return mapMembers(type, (member) => (member.kind === 'instance' && ITERABLES.has(member.class) ? (member.args[0] ?? UNKNOWN_TYPE) : UNKNOWN_TYPE))
}

function itemOfInstance(type: InstanceType): Type {
  if (type.class === 'builtins.tuple') return isVariadic(type) ? type.args[0]! : unionOf(type.args)
  if (type.class === 'builtins.str') return instanceOf('builtins.str')
  if (type.class === 'builtins.bytes') return instanceOf('builtins.int')
  if (type.class === 'sqlalchemy.Result') return instanceOf('sqlalchemy.Row', type.args)
  if (MAPPINGS.has(type.class) || ITERABLES.has(type.class)) return type.args[0] ?? UNKNOWN_TYPE
  return UNKNOWN_TYPE
}

/** `tuple[int, ...]`. */
function isVariadic({ args: [, second] }: InstanceType): boolean {
  return second?.kind === 'instance' && second.class === ELLIPSIS_CLASS
}

const MAPPINGS: ReadonlySet<string> = new Set([
  'builtins.dict',
  'collections.defaultdict',
  'collections.OrderedDict',
  'collections.abc.Mapping',
  'collections.abc.MutableMapping',
])

const ITERABLES: ReadonlySet<string> = new Set([
  'builtins.list',
  'builtins.set',
  'builtins.frozenset',
  'collections.deque',
  ...`Sequence MutableSequence Iterable Iterator Generator AsyncIterable AsyncIterator AsyncGenerator Collection AbstractSet MutableSet KeysView
  ValuesView Reversible`
    .split(/\s+/)
    .map((name) => `collections.abc.${name}`),
  'sqlalchemy.ScalarResult',
  'sqlalchemy.orm.Query',
  'flask_sqlalchemy.pagination.Pagination',
])

const AWAITABLES: ReadonlySet<string> = new Set(['typing.Coroutine', 'asyncio.Task', 'asyncio.Future'])
