import { defineIndex, rememberOnce } from '@krait/core'
import type { KeptReader } from '@krait/core'
import { moduleFact } from '../facts/module-fact.ts'
import type { PythonProject } from '../project/python-project.ts'
import { Projects } from '../project/projects.ts'
import { aliasUserIndex } from './alias-users.ts'
import type { AliasUser } from './alias-users.ts'
import type { TemporalColumn } from './columns.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import { NAIVE_LOCAL, UNKNOWN_KIND, UTC_ZONE, aware } from './kind.ts'
import type { Kind, TextKind } from './kind.ts'
import { KindEvaluator } from './kind-evaluator.ts'
import { isTimestamp } from './texts.ts'
import { textWritesIndex } from './text-writes-index.ts'
import { kindSettings } from './settings.ts'
import type { KindSettings } from './settings.ts'

/** A question as text: its topic, the file from which names are seen, the qualified name, and for some an attribute. */
export type KindQuestion = string

export interface KindAnswer {
  readonly kind: Kind
  /** The function is a coroutine function. */
  readonly isAsync?: boolean
  readonly column?: TemporalColumn
  readonly write?: TextWritePlace
  readonly user?: AliasUser
}

/** Where text made from a datetime is given to a column. */
export interface TextWritePlace {
  readonly path: string
  /** Its place among the writes of the file, see `textWriteLinesFact`. */
  readonly number: number
  readonly method: TextKind['method']
}

class KindIndex {
  readonly #projects: Projects
  readonly #settings: KindSettings
  readonly #reader: KeptReader
  readonly #evaluators = new Map<PythonProject, KindEvaluator>()
  readonly #djangoNow: () => Kind

  constructor(reader: KeptReader) {
    this.#reader = reader
    this.#projects = new Projects(reader)
    this.#settings = kindSettings(reader.settings())
    this.#djangoNow = rememberOnce(reader, () => (usesDjangoZones(reader) ? aware(UTC_ZONE) : NAIVE_LOCAL))
  }

  answer(question: KindQuestion): KindAnswer {
    const [topic, path, name, attribute] = question.split('\n') as [string, string, string, string]
    if (topic === 'django') return { kind: this.#djangoNow() }
    const evaluator = this.#evaluatorOf(path)
    switch (topic) {
      case 'value':
        return { kind: evaluator.valueOf(name) }
      case 'attribute':
        return { kind: evaluator.attribute(name, attribute) }
      case 'class-attribute':
        return { kind: evaluator.classAttribute(name, attribute) }
      case 'filled':
        return { kind: evaluator.filledResult(name, attribute) }
      case 'text-write': {
        const write = this.#textWrite(evaluator.project, name, attribute)
        return { kind: UNKNOWN_KIND, ...(write && { write }) }
      }
      case 'alias-user': {
        const user = this.#reader.ask(aliasUserIndex, name)
        return { kind: UNKNOWN_KIND, ...(user && { user }) }
      }
      case 'column': {
        const column = evaluator.column(name, attribute)
        return { kind: column?.kind ?? UNKNOWN_KIND, ...(column && { column }) }
      }
      default:
        return evaluator.resultOf(name) ?? { kind: UNKNOWN_KIND }
    }
  }

  /** The first place of the project where a column is given text made from a datetime. @param owner the class in whose body the column stands */
  #textWrite(project: PythonProject, owner: string, attribute: string): TextWritePlace | null {
    for (const { path, number, write } of this.#reader.ask(textWritesIndex, attribute)) {
      const { kind, target } = this.#evaluatorOf(path).write(write.value, write.target, path, write.function)
      if (kind.kind !== 'text' || !isTimestamp(kind)) continue
      const wanted = write.to === 'class' ? 'class' : 'instance'
      const isTarget = membersOf(withoutNone(target)).some((type) => type.kind === wanted && project.ancestors(type.class).names.includes(owner))
      if (isTarget) return { path, number, method: kind.method }
    }
    return null
  }

  #evaluatorOf(path: string): KindEvaluator {
    const project = this.#projects.of(path)
    let evaluator = this.#evaluators.get(project)
    if (!evaluator) {
      this.#evaluators.set(project, (evaluator = new KindEvaluator(project, this.#settings, this.#djangoNow)))
    }
    return evaluator
  }
}

/** Django's `timezone.now()` is naive where the settings say `USE_TZ = False`. */
function usesDjangoZones(reader: KeptReader): boolean {
  return !reader.files().some((path) => {
    if (!/(^|\/)settings(\.py|\/[^/]+\.py)$/.test(path)) return false
    const member = reader.fact(moduleFact, path)?.members['USE_TZ']
    return member?.kind === 'variable' && member.value?.kind === 'literal' && member.value.value === false
  })
}

/** The kinds of values, attributes and results across the project. */
export const kindIndex = defineIndex<KindIndex, KindQuestion, KindAnswer>({
  name: 'python/kinds',
  version: 2,
  logsAnswers: true,
  build: (reader) => new KindIndex(reader),
  ask: (index, question) => index.answer(question),
})
