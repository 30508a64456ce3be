import type { Term } from './term.ts'

/** Where a term stands: what its names, parameters and local variables mean. */
export interface Frame {
  /** Different for each function that is looked into, so that two calls of it make different aliases. */
  readonly id: number
  /** The file to which names are relative. */
  readonly path: string
  /** What the parameters are bound to, as far as a call says it. */
  readonly parameters: ReadonlyMap<string, Located>
  readonly receiver: Receiver | null
  /** Whether terms know their nodes: the code stands in the file at hand. */
  readonly isHere: boolean
  /** How many functions were entered to come here. */
  readonly depth: number
  definition(index: number): Term | undefined
}

/** What a method is called on. */
export interface Receiver {
  /** The name of the first parameter. */
  readonly parameter: string
  readonly class: string
  /** The class in whose body the method stands. */
  readonly owner: string
  /** It is the class itself, not an instance. */
  readonly isClass: boolean
}

/** A term with the place where it stands. */
export interface Located<Kind extends Term = Term> {
  readonly term: Kind
  readonly frame: Frame
}

/** A name with more meanings than these is unknown. */
const MAX_ALTERNATIVES = 16

/**
 * What a term can stand for: local variables, branches of `a if test else b` and parameters that the call gives are replaced. What leads back to
 * itself adds nothing: `stmt = stmt.where(...)` in a loop. `null` if there are too many, or if something unknown is among them.
 */
export function alternativesOf(start: Located): readonly Located[] | null {
  if (isFinal(start)) return [start]
  const found: Located[] = []
  const seen = new Set<Term>()
  const pending = [start]
  for (let located = pending.pop(); located; located = pending.pop()) {
    const { term, frame } = located
    if (seen.has(term)) continue
    seen.add(term)
    if (term.kind === 'local') {
      for (const index of [...term.definitions].reverse()) {
        const definition = frame.definition(index)
        if (!definition) return null
        pending.push({ term: definition, frame })
      }
    } else if (term.kind === 'choice') {
      pending.push(...[...term.options].reverse().map((option) => ({ term: option, frame })))
    } else {
      const given = term.kind === 'parameter' ? frame.parameters.get(term.name) : undefined
      if (given) pending.push(given)
      else found.push(located)
    }
    if (found.length > MAX_ALTERNATIVES) return null
  }
  return found.length === 0 ? null : found
}

function isFinal({ term, frame }: Located): boolean {
  return term.kind === 'parameter' ? !frame.parameters.has(term.name) : term.kind !== 'local' && term.kind !== 'choice'
}

/** The only thing that a term can stand for; itself where it stands for several. */
export function followed(located: Located): Located {
  if (isFinal(located)) return located
  const alternatives = alternativesOf(located)
  return alternatives?.length === 1 ? alternatives[0]! : located
}

export function at<Kind extends Term>(term: Kind, { frame }: Located): Located<Kind> {
  return { term, frame }
}

/** What `await` waits for. */
export function withoutAwait(located: Located): Located {
  let current = located
  while (current.term.kind === 'await') current = at(current.term.operand, current)
  return current
}
