import type { PythonProject, Statement } from '@krait/python'
import { lastPart } from '@krait/python'

type Term = Statement['steps'][number]['call']['term']['arguments'][number]

/** Loader options that decide how a relationship is loaded, so that reading it runs no query of its own. */
const DECIDING: ReadonlySet<string> = new Set(
  'joinedload selectinload subqueryload immediateload contains_eager raiseload noload joinedload_all subqueryload_all'.split(' '),
)
/** Those that only lead to others. */
const LEADING: ReadonlySet<string> = new Set(['defaultload', 'lazyload'])
/** Those that have nothing to do with relationships. */
const OTHERS: ReadonlySet<string> = new Set('load_only defer undefer undefer_group with_expression with_loader_criteria set_shard_id'.split(' '))

export interface LoaderOption {
  readonly loader: string
  /** The attributes that lead to the relationship: `author.team`. */
  readonly path: string
}

/** The loader options of a statement; `null` if some of them are not known, or speak of all relationships. */
export function loaderOptions(project: PythonProject, { steps }: Statement): readonly LoaderOption[] | null {
  const found: LoaderOption[] = []
  for (const { name, call } of steps) {
    if (name !== 'options') continue
    if (call.term.open) return null
    for (const argument of call.term.arguments) if (!addOption(found, argument, '', (term) => nameOf(project, term, call.frame.path))) return null
  }
  return found
}

/** As `loaderOptions`, for the terms of `session.get(..., options=[...])`. */
export function optionsOfTerms(project: PythonProject, terms: readonly Term[], path: string): readonly LoaderOption[] | null {
  const found: LoaderOption[] = []
  for (const term of terms) if (!addOption(found, term, '', (part) => nameOf(project, part, path))) return null
  return found
}

/** Reads a chain such as `joinedload(Post.author).selectinload(Author.teams)`; says whether all of it is known. */
function addOption(found: LoaderOption[], start: Term, prefix: string, name: (term: Term) => string | null): boolean {
  const links: (Term & { readonly kind: 'call' })[] = []
  for (let term: Term = start; ; ) {
    if (term.kind !== 'call' || term.open) return false
    links.push(term)
    if (term.function.kind !== 'attribute' || term.function.object.kind !== 'call') break
    term = term.function.object
  }
  let path = prefix
  for (const link of links.reverse()) {
    const loader = name(link.function)
    if (loader === null) return false
    if (loader === 'Load') continue
    if (loader === 'options') {
      for (const inner of link.arguments) if (!addOption(found, inner, path, name)) return false
      continue
    }
    if (OTHERS.has(loader)) continue
    if (!DECIDING.has(loader) && !LEADING.has(loader)) return false
    for (const argument of link.arguments) {
      const attribute = attributeOf(argument, name)
      if (attribute === null) return false
      path = path === '' ? attribute : `${path}.${attribute}`
      found.push({ loader, path })
    }
  }
  return true
}

/** `author` of `Post.author`, also of `Post.author.and_(...)` and `Post.author.of_type(...)`. */
function attributeOf(term: Term, name: (term: Term) => string | null): string | null {
  if (term.kind === 'call' && term.function.kind === 'attribute' && (term.function.attribute === 'and_' || term.function.attribute === 'of_type')) {
    return attributeOf(term.function.object, name)
  }
  if (term.kind === 'call') return null
  const found = name(term)
  return found === null || found === '*' ? null : found
}

/** The last part of a name, as it is defined. */
function nameOf(project: PythonProject, term: Term, path: string): string | null {
  if (term.kind === 'attribute') return term.attribute
  if (term.kind !== 'name') return null
  return lastPart(project.resolveName(term.name, path) ?? term.name).replace(/^:/, '')
}
