import { remember } from '@krait/core'
import type { KeptReader, Tracked } from '@krait/core'
import type { AttributeOwner, ClassMember, Model, PythonProject, Value } from '@krait/python'
import { attributeOwnersIndex, instanceAttributesFact, lastPart } from '@krait/python'

/** What a model is known to have. */
export interface MemberSet {
  readonly model: Model
  /** Attributes of the class. */
  readonly names: ReadonlySet<string>
}

/** What every mapped class has by itself. */
const OWN: ReadonlySet<string> = new Set('awaitable_attrs c metadata query query_class registry'.split(' '))

/** https://docs.pydantic.dev/latest/api/base_model/ and what SQLModel adds */
const PYDANTIC: ReadonlySet<string> = new Set(
  `construct copy dict fields from_orm json parse_file parse_obj parse_raw schema schema_json sqlmodel_update update_forward_refs validate`.split(/\s+/),
)

const AUTOMAP = 'sqlalchemy.ext.automap.automap_base()'

/** Which attributes the models of a project have. */
export class ModelMembers {
  readonly #project: PythonProject
  readonly #reader: KeptReader
  readonly #sets = new Map<string, Tracked<MemberSet | null>>()

  private constructor(project: PythonProject, reader: KeptReader) {
    this.#project = project
    this.#reader = reader
  }

  /** The members as a file sees them. */
  static in(project: PythonProject): ModelMembers {
    return project.kept('sqlalchemy/model-members', (kept, reader) => new ModelMembers(kept, reader))
  }

  /** The members of a mapped class or Core table; `null` for all else. */
  of(name: string): MemberSet | null {
    return remember(this.#reader, this.#sets, name, () => this.#read(name))
  }

  /** Whether the class certainly has no attribute of this name. */
  lacks(set: MemberSet, attribute: string): boolean {
    const { model, names } = set
    if (names.has(attribute) || OWN.has(attribute) || attribute.startsWith('__') || !this.isClosed(set)) return false
    if (this.#ancestorsOf(model).some((ancestor) => this.#isSetByMethod(ancestor, attribute))) return false
    return !(attribute.startsWith('model_') || PYDANTIC.has(attribute)) || !this.#isSqlModel(model)
  }

  /** Whether it is certain that there are no other members. */
  isClosed({ model }: MemberSet): boolean {
    if (!model.closed) return false
    return this.#ancestorsOf(model).every((ancestor) => {
      const definition = ancestor === AUTOMAP ? null : this.#project.definition(ancestor)
      const members = definition?.kind === 'class' ? definition.fact.members : {}
      // SQLAlchemy-Continuum adds what nobody writes.
      return ancestor !== AUTOMAP && !Object.hasOwn(members, '__versioned__') && !Object.hasOwn(members, '__getattr__')
    })
  }

  /** Whether an instance may have it all the same: of a class that derives from the model, or (unless it is asked for assignments) because some code assigns it. */
  mayBeGiven({ model }: MemberSet, attribute: string, countsAssignments = true): boolean {
    const project = this.#project
    if (project.subclasses(model.name).some(({ name }) => this.of(name)?.names.has(attribute) ?? true)) return true
    return countsAssignments && project.ask(attributeOwnersIndex, attribute).some((owner) => this.#mayBe(model.name, owner))
  }

  /** Whether an object on which code assigns something may be an instance of a model. */
  #mayBe(model: string, { path, class: relative }: AttributeOwner): boolean {
    const project = this.#project
    const owner = relative === null ? null : project.resolveName(relative, path)
    if (owner === null) return true
    const definition = project.definition(owner)
    // Classes of libraries are no models; functions may give anything.
    if (definition?.kind !== 'class') return definition !== null || !/^[A-Z]/.test(lastPart(owner))
    return project.isSubclassOf(owner, [model]) !== false || project.isSubclassOf(model, [owner]) !== false
  }

  /** Whether the table of a class has a column of this name in the database, also for a class that derives from it and shares the table. */
  hasTableColumn({ model }: MemberSet, name: string): boolean {
    const below = this.#project.subclasses(model.name).map((subclass) => this.of(subclass.name)?.model)
    return [model, ...below].some((one) => one?.columns.some((column) => column.name === name) ?? true)
  }

  /** The member of a class that takes keywords by its own rules: `__init__`; `null` if it certainly has none. */
  initOf({ model }: MemberSet): ClassMember | null {
    for (const ancestor of this.#project.ancestors(model.name).names) {
      const definition = this.#project.definition(ancestor)
      if (definition?.kind !== 'class') continue
      for (const name of ['__init__', '__new__']) {
        if (Object.hasOwn(definition.fact.members, name)) return { owner: ancestor, path: definition.path, fact: definition.fact.members[name]! }
      }
    }
    return null
  }

  /** Other names under which the fields of a SQLModel are given: `Field(alias="class")`. */
  aliasesOf({ model }: MemberSet): ReadonlySet<string> {
    const found = new Set<string>()
    if (!this.#isSqlModel(model)) return found
    for (const { attribute } of model.columns) {
      const call = this.#valueOf(model, attribute)
      for (const keyword of ['alias', 'validation_alias']) {
        const alias = call?.kind === 'call' ? call.keywords[keyword] : undefined
        if (alias?.kind === 'literal' && typeof alias.value === 'string') found.add(alias.value)
      }
    }
    return found
  }

  /** Whether `M(attribute=...)` is refused, because a dataclass leaves it out of its `__init__`. */
  isLeftOut({ model }: MemberSet, attribute: string): boolean {
    const call = this.#isDataclass(model) ? this.#valueOf(model, attribute) : null
    const init = call?.kind === 'call' ? call.keywords['init'] : undefined
    return init?.kind === 'literal' && init.value === false
  }

  #valueOf({ name }: Model, attribute: string): Value | null {
    const project = this.#project
    const member = project.member(name, attribute)
    return member?.fact.kind === 'variable' && member.fact.value ? project.value(member.fact.value, member.path) : null
  }

  #isDataclass({ name }: Model): boolean {
    const project = this.#project
    return project.ancestors(name).names.some((ancestor) => {
      if (ancestor === 'sqlalchemy.orm.MappedAsDataclass') return true
      const definition = project.definition(ancestor)
      return definition?.kind === 'class' && definition.fact.decorators.some((decorator) => isDataclassDecorator(project.value(decorator, definition.path)))
    })
  }

  #isSqlModel({ name }: Model): boolean {
    return this.#project.ancestors(name).names.includes('sqlmodel.SQLModel')
  }

  #read(name: string): MemberSet | null {
    const model = this.#project.model(name)
    return model && { model, names: new Set([...model.columns, ...model.relationships, ...model.attributes].map(({ attribute }) => attribute)) }
  }

  #ancestorsOf({ name, kind }: Model): readonly string[] {
    return kind === 'class' ? this.#project.ancestors(name).names : []
  }

  /** Whether a method assigns it to `self`. */
  #isSetByMethod(className: string, attribute: string): boolean {
    const project = this.#project
    const definition = project.definition(className)
    if (definition?.kind !== 'class') return false
    const classPath = project.pathInModule(definition.name, definition.path)
    const attributes = project.part(instanceAttributesFact, definition.path, classPath)
    return attributes !== undefined && Object.hasOwn(attributes, attribute)
  }
}

/** `@reg.mapped_as_dataclass`, `@mapped_as_dataclass(reg)`. */
function isDataclassDecorator(decorator: Value): boolean {
  const name = decorator.kind === 'call' ? decorator.callee : decorator.kind === 'name' ? decorator.name : null
  return name !== null && lastPart(name) === 'mapped_as_dataclass'
}
