import type { ClassDefinitionNode } from '../generated/nodes.ts'
import { modelClassKind } from '../frameworks/sqlalchemy/model-classes.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import { ancestorsOfClass } from './class-ancestors.ts'
import { keywordArguments } from './calls.ts'

/** What turns the attributes of a class body into the fields of its objects. */
export type FieldClassKind = 'sqlalchemy' | 'sqlmodel' | 'pydantic' | 'dataclass' | 'attrs' | 'django'

const DATACLASS_DECORATORS: ReadonlySet<string> = new Set(['dataclasses.dataclass', 'pydantic.dataclasses.dataclass', 'sqlalchemy.orm.mapped_as_dataclass'])
const ATTRS_DECORATORS: ReadonlySet<string> = new Set([
  'attrs.define',
  'attrs.frozen',
  'attrs.mutable',
  'attr.define',
  'attr.frozen',
  'attr.mutable',
  'attr.dataclass',
])
/** These take annotated attributes for fields only with `auto_attribs=True`. */
const EXPLICIT_ATTRS_DECORATORS: ReadonlySet<string> = new Set(['attr.s', 'attr.attrs', 'attr.attributes'])

/** Classes whose subclasses have fields, the more particular ones first. */
const BASES: readonly (readonly [base: string, kind: FieldClassKind])[] = [
  ['sqlmodel.SQLModel', 'sqlmodel'],
  ['pydantic.BaseModel', 'pydantic'],
  ['sqlalchemy.orm.MappedAsDataclass', 'dataclass'],
  ['django.db.models.Model', 'django'],
  ['django.db.models.base.Model', 'django'],
  ['django.contrib.gis.db.models.Model', 'django'],
  ['django.forms.Form', 'django'],
  ['django.forms.ModelForm', 'django'],
  ['rest_framework.serializers.Serializer', 'django'],
  ['rest_framework.serializers.ModelSerializer', 'django'],
]

/** What makes the attributes of a class fields; `null` for a class without fields, and where it is not known. */
export function fieldClassKind(context: PythonServices, definition: ClassDefinitionNode): FieldClassKind | null {
  const decorated = kindByDecorators(context, definition)
  if (decorated) return decorated
  const { names } = ancestorsOfClass(context, definition)
  const base = BASES.find(([name]) => names.includes(name))
  if (base) return base[1]
  const name = context.resolve(definition)
  return name !== null && modelClassKind(context.project, name) !== null ? 'sqlalchemy' : null
}

function kindByDecorators(context: PythonServices, definition: ClassDefinitionNode): FieldClassKind | null {
  if (definition.parent?.kind !== 'decorated_definition') return null
  for (const decorator of definition.parent.namedChildren) {
    if (decorator.kind !== 'decorator') continue
    const expression = decorator.namedChildren[0]
    const name = context.resolve(expression?.kind === 'call' ? expression.function : expression)
    if (name === null) continue
    if (DATACLASS_DECORATORS.has(name)) return 'dataclass'
    if (ATTRS_DECORATORS.has(name)) return 'attrs'
    if (EXPLICIT_ATTRS_DECORATORS.has(name) && hasAutoAttribs(expression)) return 'attrs'
  }
  return null
}

function hasAutoAttribs(decorator: PythonNode | undefined): boolean {
  return decorator?.kind === 'call' && keywordArguments(decorator).get('auto_attribs')?.kind === 'true'
}
