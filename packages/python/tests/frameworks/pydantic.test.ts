import { pydanticKind, showType } from '@krait/python'
import type { PydanticModel } from '@krait/python'
import { describe, expect, test } from 'vitest'
import { MemoryProject } from '../helpers/memory-project.ts'

type Files = Readonly<Record<string, string>>

const HEAD = `
from enum import Enum
from typing import Annotated, Any, ClassVar, Generic, Optional, TypeVar
from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Extra, Field, PrivateAttr, RootModel
from pydantic import computed_field, field_validator, model_validator, root_validator, validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlmodel import Field as SqlField, Relationship, SQLModel
`

function model(text: string, name = 'M', files: Files = {}): PydanticModel | null {
  return new MemoryProject({ 'app/main.py': HEAD + text, 'app/__init__.py': '', ...files }).open('app/main.py').services.project.pydanticModel(`app.main.${name}`)
}

function field(text: string, name = 'x'): PydanticModel['fields'][number] {
  const found = model(`class M(BaseModel):\n${text}`)!.fields.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no field ${name}`)
  return found
}

describe('what is a Pydantic class', () => {
  test.each<[text: string, kind: PydanticModel['kind'] | null]>([
    ['class M(BaseModel): ...', 'model'],
    ['class Base(BaseModel): ...\nclass M(Base): ...', 'model'],
    ['T = TypeVar("T")\nclass M(BaseModel, Generic[T]): ...', 'model'],
    ['class Page(BaseModel): ...\nclass M(Page[int]): ...', 'model'],
    ['class M(RootModel[list[int]]): ...', 'model'],
    ['class M(BaseSettings): ...', 'settings'],
    ['import pydantic\nclass M(pydantic.v1.BaseSettings): ...', 'settings'],
    ['class M(SQLModel): ...', 'model'],
    ['class M(SQLModel, table=True): ...', 'table'],
    ['class M: ...', null],
    ['class M(Unknown): ...', null],
    ['M = BaseModel', null],
    ['def M(): ...', null],
  ])('%j', (text, kind) => {
    const { project } = new MemoryProject({ 'main.py': HEAD + text }).open('main.py').services
    expect(pydanticKind(project, 'main.M')).toBe(kind)
    expect(project.pydanticModel('main.M')?.kind ?? null).toBe(kind)
  })

  test('of other modules', () => {
    const files = { 'app/base.py': 'from pydantic import BaseModel, ConfigDict\nclass Base(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n    id: int\n' }
    expect(model('from app.base import Base as Model\nclass M(Model):\n    x: str', 'M', files)).toMatchObject({
      path: 'app/main.py',
      closed: true,
      config: { fromAttributes: true },
      fields: [{ name: 'id', owner: 'app.base.Base' }, { name: 'x', owner: 'app.main.M' }],
    })
  })
})

describe('fields', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['required', '    x: int', { isRequired: true, default: null, hasFactory: false }],
    ['with a default', '    x: int = 5', { isRequired: false, default: { value: 5 } }],
    ['that may be None', '    x: Optional[int]', { isRequired: true }],
    ['with None', '    x: int | None = None', { isRequired: false, default: { type: 'none' } }],
    ['with Field and a default', '    x: int = Field(5, gt=0)', { isRequired: false, default: { value: 5 }, options: { gt: { value: 0 } } }],
    ['with Field and default=', '    x: int = Field(default=5)', { isRequired: false, default: { value: 5 } }],
    ['with Field alone', '    x: int = Field(gt=0)', { isRequired: true, default: null }],
    ['with dots', '    x: int = Field(..., gt=0)', { isRequired: true, default: null }],
    ['with dots alone', '    x: int = ...', { isRequired: true, default: null }],
    ['with a factory', '    x: list[int] = Field(default_factory=list)', { isRequired: false, default: null, hasFactory: true }],
    ['with an alias', '    x: int = Field(alias="theX")', { alias: 'theX', isRequired: true }],
    ['with an alias for input', '    x: int = Field(alias="a", validation_alias="b")', { alias: 'b' }],
    ['with several aliases', '    x: int = Field(validation_alias=AliasChoices("a", "b"))', { alias: null }],
    ['in Annotated', '    x: Annotated[int, Field(gt=0, alias="y")] = 3', { alias: 'y', isRequired: false, default: { value: 3 } }],
    ['in Annotated without a default', '    x: Annotated[int, Field(gt=0)]', { isRequired: true, options: { gt: { value: 0 } } }],
    ['in Annotated with a default of its own', '    x: Annotated[int, Field(default=3)]', { isRequired: false, default: { value: 3 } }],
    ['of an annotation in a string', '    x: "int"', { isRequired: true }],
  ])('%s', (_, text, expected) => {
    expect(field(text)).toMatchObject(expected)
  })

  test.each([
    ['int', 'int'],
    ['Optional[list["Inner"]]', 'list[app.main.Inner] | None'],
    ['Annotated[Inner, Field(gt=0)]', 'app.main.Inner'],
    ['Alias', 'app.main.Inner'],
    ['dict[str, Any]', 'dict[str, unknown]'],
  ])('of type %s', (annotation, type) => {
    const found = model(`class Inner(BaseModel): ...\nAlias = Annotated[Inner, 1]\nclass M(BaseModel):\n    x: ${annotation}\n`)!
    expect(showType(found.fields[0]!.type)).toBe(type)
  })

  test('what is no field', () => {
    const found = model(`
class M(BaseModel):
    model_config = ConfigDict()
    KIND: ClassVar[str] = "x"
    LIMIT: ClassVar = 3
    _private: int = 1
    secret: int = PrivateAttr(5)
    plain = 3
    class Config: ...
    class Inner(BaseModel): ...
    def method(self): ...
    @property
    def both(self) -> int: ...
    x: int
`)!
    expect(found.fields.map(({ name }) => name)).toEqual(['x'])
  })

  test('those of bases, and what takes their place', () => {
    const found = model(`
class Mixin:
    mixed: int
class Base(BaseModel):
    id: int
    name: str = "x"
    gone: int
class M(Base, Mixin):
    name: Annotated[str, Field(max_length=3)]
    id = 7
    gone: ClassVar[int] = 3
    own: bool
`)!
    expect(found.fields.map(({ name, isRequired, owner }) => [name, isRequired, owner])).toEqual([
      ['mixed', true, 'app.main.Mixin'],
      ['id', false, 'app.main.M'],
      ['name', true, 'app.main.M'],
      ['own', true, 'app.main.M'],
    ])
    expect(showType(found.fields[1]!.type)).toBe('int')
  })

  test('a SQLModel has no relationships', () => {
    const found = model('class M(SQLModel, table=True):\n    id: int | None = SqlField(default=None, primary_key=True)\n    team: "M" = Relationship()\n')!
    expect(found).toMatchObject({ kind: 'table', fields: [{ name: 'id', isRequired: false }] })
  })
})

describe('configuration', () => {
  test.each<[what: string, text: string, expected: object]>([
    ['nothing', 'class M(BaseModel): ...', { fromAttributes: false, extra: 'ignore', frozen: false }],
    ['ConfigDict', 'class M(BaseModel):\n    model_config = ConfigDict(from_attributes=True, extra="forbid")', { fromAttributes: true, extra: 'forbid' }],
    ['a dict', 'class M(BaseModel):\n    model_config = {"from_attributes": True, "frozen": True}', { fromAttributes: true, frozen: true }],
    ['a class', 'class M(BaseModel):\n    class Config:\n        orm_mode = True\n        extra = Extra.allow', { fromAttributes: true, extra: 'allow' }],
    ['a class that derives', 'class Base(BaseModel):\n    class Config:\n        orm_mode = True\nclass M(BaseModel):\n    class Config(Base.Config):\n        extra = "forbid"', { fromAttributes: true, extra: 'forbid' }],
    ['keywords', 'class M(BaseModel, from_attributes=True, extra="allow"): ...', { fromAttributes: true, extra: 'allow' }],
    ['of a base', 'class Base(BaseModel):\n    model_config = ConfigDict(from_attributes=True, extra="forbid")\nclass M(Base):\n    model_config = ConfigDict(extra="allow")', { fromAttributes: true, extra: 'allow' }],
    ['turned off', 'class Base(BaseModel, from_attributes=True): ...\nclass M(Base):\n    model_config = ConfigDict(from_attributes=False)', { fromAttributes: false }],
    ['by name', 'CONFIG = ConfigDict(from_attributes=True)\nclass M(BaseModel):\n    model_config = CONFIG', { fromAttributes: true }],
    ['by parts', 'A = ConfigDict(from_attributes=True)\nclass M(BaseModel):\n    model_config = A | {"extra": "allow"}', { fromAttributes: true, extra: 'allow' }],
    ['a constant', 'ON = True\nclass M(BaseModel):\n    model_config = ConfigDict(from_attributes=ON)', { fromAttributes: true }],
    ['not known', 'class M(BaseModel):\n    model_config = make()', { fromAttributes: null, extra: null }],
    ['partly not known', 'class M(BaseModel):\n    model_config = ConfigDict(**base, extra="allow")', { fromAttributes: null, extra: 'allow' }],
    ['a value that is not known', 'class M(BaseModel):\n    model_config = ConfigDict(from_attributes=flag())', { fromAttributes: null }],
  ])('%s', (_, text, expected) => {
    expect(model(text)!.config).toMatchObject(expected)
  })
})

describe('validators', () => {
  const TEXT = `
def positive(v): ...
class Base(BaseModel):
    id: int
    @field_validator("*")
    @classmethod
    def any_field(cls, v): ...
class M(Base):
    x: Annotated[int, AfterValidator(positive)] = 1
    y: int
    @field_validator("y", "id", mode="before")
    @classmethod
    def check_y(cls, v): ...
    @validator("x", pre=True)
    def old(cls, v): ...
    @model_validator(mode="after")
    def whole(self): ...
    @root_validator
    def root(cls, values): ...
    @computed_field
    @property
    def shown(self) -> int: ...
`
  test('of the class', () => {
    expect(model(TEXT)!.validators).toEqual([
      { name: 'check_y', kind: 'field', mode: 'before', fields: ['y', 'id'], owner: 'app.main.M' },
      { name: 'old', kind: 'field', mode: 'before', fields: ['x'], owner: 'app.main.M' },
      { name: 'whole', kind: 'model', mode: 'after', fields: [], owner: 'app.main.M' },
      { name: 'root', kind: 'model', mode: 'after', fields: [], owner: 'app.main.M' },
      { name: 'any_field', kind: 'field', mode: 'after', fields: ['*'], owner: 'app.main.Base' },
    ])
  })

  test('of its fields', () => {
    expect(Object.fromEntries(model(TEXT)!.fields.map(({ name, validators }) => [name, validators]))).toEqual({
      id: ['check_y', 'any_field'],
      x: ['app.main.positive', 'old', 'any_field'],
      y: ['check_y', 'any_field'],
    })
  })

  test('one that a subclass takes away', () => {
    const found = model('class Base(BaseModel):\n    x: int\n    @field_validator("x")\n    def check(cls, v): ...\nclass M(Base):\n    def check(self): ...\n')!
    expect(found.validators).toEqual([])
  })
})

describe('settings', () => {
  test.each<[what: string, text: string, environment: readonly string[] | null]>([
    ['plain', 'class M(BaseSettings):\n    api_key: str', ['API_KEY']],
    ['with a prefix', 'class M(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_", env_file=".env")\n    api_key: str', ['APP_API_KEY']],
    ['with an old prefix', 'class M(BaseSettings):\n    api_key: str\n    class Config:\n        env_prefix = "app_"', ['APP_API_KEY']],
    ['with an alias', 'class M(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    api_key: str = Field(alias="KEY")', ['KEY']],
    ['with several aliases', 'class M(BaseSettings):\n    api_key: str = Field(validation_alias=AliasChoices("a", "b"))', ['A', 'B']],
    ['with env', 'class M(BaseSettings):\n    api_key: str = Field(..., env=["K1", "K2"])', ['K1', 'K2']],
    ['with a prefix that is not known', 'class M(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=find())\n    api_key: str', null],
  ])('%s', (_, text, environment) => {
    const found = model(text)!
    expect(found.kind).toBe('settings')
    expect(found.fields[0]!.environment).toEqual(environment)
  })
})

test('a default that is a constant of another name', () => {
  const found = model('LIMIT = 5\nclass M(BaseModel):\n    x: int = LIMIT\n    y: int = settings.size\n')!
  expect(found.fields).toMatchObject([
    { name: 'x', isRequired: false, default: { kind: 'name', name: 'app.main.LIMIT' } },
    { name: 'y', isRequired: false },
  ])
})
