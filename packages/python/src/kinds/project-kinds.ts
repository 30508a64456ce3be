import type { Settings } from '@krait/core'
import type { PythonProject } from '../project/python-project.ts'
import { matchesEntry, withoutLastPart } from '../shared/dotted-name.ts'
import { membersOf, withoutNone } from '../types/type.ts'
import type { Type } from '../types/type.ts'
import type { AliasUser } from './alias-users.ts'
import type { TemporalColumn } from './columns.ts'
import { UNKNOWN_KIND, joinKinds } from './kind.ts'
import type { Kind } from './kind.ts'
import { kindIndex } from './kind-index.ts'
import type { KindAnswer, TextWritePlace } from './kind-index.ts'
import { textWriteLinesFact } from './text-writes.ts'
import { libraryValue } from './library-calls.ts'
import type { FunctionResult, KindProject } from './reading.ts'
import { kindSettings } from './settings.ts'
import type { KindSettings } from './settings.ts'
import { temporalColumnsIndex } from './temporal-columns.ts'
import { temporalNamesIndex } from './temporal-names.ts'
import { NAMED_ZONES } from './zones.ts'

/** The kinds of what other code defines, as one file asks for them. */
export class ProjectKinds implements KindProject {
  readonly #project: PythonProject
  readonly #settings: KindSettings
  readonly #typeOfName: (name: string) => Type
  readonly #answers = new Map<string, KindAnswer>()
  readonly #temporal = new Map<string, boolean>()
  readonly #columnNames = new Map<string, boolean>()

  constructor(project: PythonProject, settings: Settings, typeOfName: (name: string) => Type) {
    this.#project = project
    this.#settings = kindSettings(settings)
    this.#typeOfName = typeOfName
  }

  get settings(): KindSettings {
    return this.#settings
  }

  /** Whether the project defines something under a name that may be a date or time. */
  isTemporalName(name: string): boolean {
    let answer = this.#temporal.get(name)
    if (answer === undefined) this.#temporal.set(name, (answer = this.#project.ask(temporalNamesIndex, name)))
    return answer
  }

  get djangoNow(): Kind {
    return this.#ask('django').kind
  }

  isNormalizer(name: string): boolean {
    return this.#settings.normalizers.some((entry) => matchesEntry(name, entry))
  }

  typeOfName(name: string): Type {
    return this.#typeOfName(name)
  }

  methodOf(className: string, method: string): string | null {
    const member = this.#project.member(className, method)
    return member?.fact.kind === 'function' ? `${member.owner}.${method}` : null
  }

  resultOf(name: string): FunctionResult | null {
    const definition = this.#project.definition(name)
    if (definition?.kind !== 'function' && definition?.kind !== 'variable') return null
    if (definition.kind === 'variable' && definition.fact.value?.kind !== 'lambda' && definition.fact.value?.kind !== 'call') return null
    const { kind, isAsync = false } = this.#ask('result', definition.path, definition.name)
    return { kind, isAsync }
  }

  valueOf(name: string): Kind {
    const known = libraryValue(name)
    if (known) return known
    const zone = Object.hasOwn(NAMED_ZONES, name) ? NAMED_ZONES[name] : undefined
    if (zone) return { kind: 'zone', zone }
    const definition = this.#project.definition(name)
    if (definition && definition.kind !== 'variable') return UNKNOWN_KIND
    const path = definition?.path ?? this.#pathOfObject(name)
    return path === null ? UNKNOWN_KIND : this.#ask('value', path, name).kind
  }

  /** The file of the project that defines the object whose attribute the name is; `null` for names of libraries. */
  #pathOfObject(name: string): string | null {
    for (let owner = withoutLastPart(name); owner !== ''; owner = withoutLastPart(owner)) {
      const definition = this.#project.definition(owner)
      if (definition) return definition.kind === 'variable' || definition.kind === 'class' ? definition.path : null
    }
    return null
  }

  /** The kind of an attribute of a value of a type. */
  attributeOf(type: Type, attribute: string): Kind {
    return joinKinds(membersOf(withoutNone(type)).map((member) => {
      if (member.kind !== 'instance' && member.kind !== 'class') return UNKNOWN_KIND
      const definition = this.#project.definition(member.class)
      if (definition?.kind !== 'class') return UNKNOWN_KIND
      return this.#ask(member.kind === 'instance' ? 'attribute' : 'class-attribute', definition.path, definition.name, attribute).kind
    }))
  }

  /** The kind with which an attribute of the object was filled that a function returns. */
  filledResult(name: string, attribute: string): Kind {
    const definition = this.#project.definition(name)
    return definition?.kind === 'function' ? this.#ask('filled', definition.path, definition.name, attribute).kind : UNKNOWN_KIND
  }

  /** Whether some model has a column of this name that may hold dates and times: asked before anything that costs more. */
  isColumnName(attribute: string): boolean {
    let answer = this.#columnNames.get(attribute)
    if (answer === undefined) this.#columnNames.set(attribute, (answer = this.#project.ask(temporalColumnsIndex, attribute)))
    return answer
  }

  /** The column that an attribute of a class is; `null` if it is none. */
  column(className: string, attribute: string): TemporalColumn | null {
    const definition = this.#project.definition(className)
    return definition?.kind === 'class' ? (this.#ask('column', definition.path, definition.name, attribute).column ?? null) : null
  }

  /** The first attribute of a class whose annotation is the alias: `created_at: Mapped[created]`; `null` if there is none. */
  aliasUser(alias: string): AliasUser | null {
    const definition = this.#project.definition(alias)
    return definition?.kind === 'variable' ? (this.#ask('alias-user', definition.path, definition.name).user ?? null) : null
  }

  /** Where the project first gives a column text made from a datetime; `null` if it does not. @param owner the class in whose body the column stands */
  textWrite(owner: string, attribute: string): (TextWritePlace & { readonly line: number }) | null {
    const definition = this.#project.definition(owner)
    const write = definition?.kind === 'class' ? this.#ask('text-write', definition.path, definition.name, attribute).write : undefined
    return write ? { ...write, line: this.#project.fact(textWriteLinesFact, write.path)![write.number]! } : null
  }

  #ask(...parts: readonly string[]): KindAnswer {
    const question = parts.join('\n')
    let answer = this.#answers.get(question)
    if (!answer) this.#answers.set(question, (answer = this.#project.ask(kindIndex, question)))
    return answer
  }
}
