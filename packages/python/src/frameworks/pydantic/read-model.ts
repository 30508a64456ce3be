import type { MemberFact } from '../../facts/module-fact-types.ts'
import type { PythonProject } from '../../project/python-project.ts'
import { constantWithDefaults } from '../../shared/setting-constant.ts'
import { typeOfAnnotation } from '../../types/annotations.ts'
import { UNKNOWN_TYPE } from '../../types/type.ts'
import { argumentOf, isCallOf } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import { pydanticKind } from './model-classes.ts'
import type { PydanticConfig, PydanticField, PydanticModel, PydanticValidator } from './model.ts'
import { readConfig } from './read-config.ts'
import type { WrittenClass } from './read-config.ts'
import { readValidators } from './read-validators.ts'

const FIELD_FUNCTIONS = ['pydantic.Field', 'sqlmodel.Field'] as const
/** What stands in a class body without being a field. */
const NO_FIELDS = ['pydantic.PrivateAttr', 'sqlmodel.Relationship', 'pydantic.computed_field'] as const
const VALIDATOR_CLASSES: readonly string[] = ['BeforeValidator', 'AfterValidator', 'WrapValidator', 'PlainValidator'].map((name) => `pydantic.${name}`)

/** Reads a Pydantic class; `null` for any other class. Looks at the class and its bases alone. */
export function readPydanticModel(project: PythonProject, qualifiedName: string): PydanticModel | null {
  const kind = pydanticKind(project, qualifiedName)
  const definition = kind === null ? null : project.definition(qualifiedName)
  if (kind === null || definition?.kind !== 'class') return null
  const { names, complete } = project.ancestors(definition.name)
  const classes = names.flatMap((name) => {
    const found = project.definition(name)
    return found?.kind === 'class' ? [found] : []
  })
  const config = readConfig(project, classes)
  const validators = readValidators(project, classes)
  const fields = readFields(project, classes, config, validators, kind === 'settings')
  return { name: definition.name, path: definition.path, kind, fields, validators, config, closed: complete }
}

function readFields(
  project: PythonProject,
  classes: readonly WrittenClass[],
  config: PydanticConfig,
  validators: readonly PydanticValidator[],
  isSettings: boolean,
): readonly PydanticField[] {
  const fields = new Map<string, PydanticField>()
  for (const written of [...classes].reverse()) {
    for (const [name, member] of Object.entries(written.fact.members)) {
      const field = readField(project, written, name, member, fields.get(name))
      if (field) fields.set(name, field)
      // A name that is no field any more, such as a class variable or a method in place of it.
      else if (member.kind !== 'variable' || member.annotation) fields.delete(name)
    }
  }
  return [...fields.values()].map((field) => ({
    ...field,
    validators: [...field.validators, ...validators.filter(({ fields: names }) => names.includes(field.name) || names.includes('*')).map(({ name }) => name)],
    environment: isSettings ? environmentOf(field, config) : null,
  }))
}

function readField(project: PythonProject, written: WrittenClass, name: string, member: MemberFact, inherited?: PydanticField): PydanticField | null {
  const { name: owner, path } = written
  if (member.kind !== 'variable' || name.startsWith('_') || name === 'model_config') return null
  const value = member.value && project.value(member.value, path)
  if (isCallOf(value, ...NO_FIELDS)) return null
  const annotation = member.annotation ? project.value(member.annotation, path) : (inherited?.annotation ?? null)
  if (!member.annotation && !inherited) return null
  if (annotation && isClassVariable(annotation)) return null
  const { calls, metadata } = annotation ? annotatedWith(project, annotation) : { calls: [], metadata: [] }
  const call = isCallOf(value, ...FIELD_FUNCTIONS) ? value : null
  const options = Object.assign({}, ...calls.map(({ keywords }) => keywords), call?.keywords) as Record<string, Value>
  const inMetadata = calls.map((field) => argumentOf(field, 'default', 0)).find((found) => found !== null)
  const given = call ? argumentOf(call, 'default', 0) : (value ?? inMetadata ?? null)
  const byDefault = given?.kind === 'literal' && given.type === 'ellipsis' ? null : given
  const hasFactory = 'default_factory' in options
  return {
    name,
    annotation,
    type: annotation ? typeOfAnnotation(annotation, project) : UNKNOWN_TYPE,
    isRequired: byDefault === null && !hasFactory && !member.rebound,
    default: byDefault,
    hasFactory,
    alias: aliasOf(project, options),
    options,
    validators: metadata.flatMap((item) => validatorIn(item)),
    environment: null,
    owner,
  }
}

/** The metadata of `Annotated`, through aliases, and the calls of `Field` in it. */
function annotatedWith(project: PythonProject, annotation: Value): { readonly calls: readonly CallValue[]; readonly metadata: readonly Value[] } {
  const metadata: Value[] = []
  let current: Value | null = annotation
  for (let step = 0; step < MAX_STEPS && current; step++) {
    if (current.kind === 'name') current = project.valueOf(current.name)
    else if (current.kind === 'subscript' && current.object.kind === 'name' && current.object.name === 'typing.Annotated') {
      metadata.unshift(...current.index.slice(1))
      current = current.index[0] ?? null
    } else break
  }
  return { metadata, calls: metadata.filter((item) => isCallOf(item, ...FIELD_FUNCTIONS)) }
}

/** Longer chains of aliases are not followed. */
const MAX_STEPS = 10

function validatorIn(item: Value): string[] {
  if (!isCallOf(item, ...VALIDATOR_CLASSES)) return []
  const given = argumentOf(item, 'func', 0)
  return given?.kind === 'name' ? [given.name] : ['<lambda>']
}

function aliasOf(project: PythonProject, options: Readonly<Record<string, Value>>): string | null {
  const given = options['validation_alias'] ?? options['alias']
  if (!given || isCallOf(given, 'pydantic.AliasChoices', 'pydantic.AliasPath', 'pydantic.aliases.AliasChoices', 'pydantic.aliases.AliasPath')) return null
  const alias = constantWithDefaults(project, given)
  return typeof alias === 'string' ? alias : null
}

/** An alias takes the place of the prefixed name; so does `env=` of Pydantic 1. */
function environmentOf({ name, alias, options }: PydanticField, { envPrefix }: PydanticConfig): readonly string[] | null {
  const given = options['env'] ?? options['validation_alias'] ?? options['alias']
  if (!given) return envPrefix === null ? null : [`${envPrefix}${name}`.toUpperCase()]
  if (alias !== null) return [alias.toUpperCase()]
  const names = given.kind === 'list' || given.kind === 'tuple' ? given.items : given.kind === 'call' ? given.arguments : [given]
  const texts = names.flatMap((item) => (item.kind === 'literal' && typeof item.value === 'string' ? [item.value.toUpperCase()] : []))
  return texts.length === 0 || texts.length < names.length ? null : texts
}

function isClassVariable(annotation: Value): boolean {
  const name = annotation.kind === 'subscript' ? annotation.object : annotation
  return name.kind === 'name' && name.name === 'typing.ClassVar'
}
