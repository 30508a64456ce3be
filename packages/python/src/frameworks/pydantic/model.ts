import type { Type } from '../../types/type.ts'
import type { Value } from '../../values/value.ts'

/** What is known of a Pydantic class, as JSON. Names are canonical, also those in values. */
export interface PydanticModel {
  readonly name: string
  readonly path: string
  /** `table`: a SQLModel that is mapped to a table, which does not validate. */
  readonly kind: 'model' | 'settings' | 'table'
  /** In the order in which Pydantic has them: those of bases first. */
  readonly fields: readonly PydanticField[]
  /** Validators of the class and of its bases, those in `Annotated` aside. */
  readonly validators: readonly PydanticValidator[]
  readonly config: PydanticConfig
  /** Every base is known: what is not listed does not exist. */
  readonly closed: boolean
}

export interface PydanticField {
  readonly name: string
  /** As written, with metadata; `null` for a field that takes its annotation from its value. */
  readonly annotation: Value | null
  readonly type: Type
  /** There is no default; a field that may be `None` needs one too. */
  readonly isRequired: boolean
  /** `null` if there is none, or a factory makes it. */
  readonly default: Value | null
  readonly hasFactory: boolean
  /** The name under which it is read from input, if it is another one; `null` also if it is not known. */
  readonly alias: string | null
  /** The keyword arguments of `Field(...)`. */
  readonly options: Readonly<Record<string, Value>>
  /** The validators that look at it alone: methods by name, functions in `Annotated` by qualified name. */
  readonly validators: readonly string[]
  /** In a settings class: the environment variables it is read from, in upper case; `null` if they are not known. */
  readonly environment: readonly string[] | null
  /** The class in whose body it stands. */
  readonly owner: string
}

export interface PydanticValidator {
  /** The name of the method. */
  readonly name: string
  readonly kind: 'field' | 'model'
  readonly mode: 'before' | 'after' | 'wrap' | 'plain' | null
  /** The fields it is for; `*` for all. Empty for the model. */
  readonly fields: readonly string[]
  readonly owner: string
}

/** What `model_config`, `class Config` and the keywords of the class say together; the nearest wins. `null`: not known. */
export interface PydanticConfig {
  /** Objects can be read by their attributes: `from_attributes`, or `orm_mode`. */
  readonly fromAttributes: boolean | null
  readonly extra: 'allow' | 'ignore' | 'forbid' | null
  /** Of a settings class. */
  readonly envPrefix: string | null
  readonly frozen: boolean | null
  /** All that is set, by the name as written. */
  readonly options: Readonly<Record<string, Value>>
}
