import type {
  AssignmentNode, CallNode, ClassDefinitionNode, DefaultParameterNode, FieldClassKind, FunctionDefinitionNode, LambdaNode, PairNode, PythonNode,
  PythonServices, TypedDefaultParameterNode,
} from '@krait/python'
import { fieldClassKind, isClockReading, lastPart, stringText } from '@krait/python'

/** What the value of an expression that runs at import becomes. */
export type ImportTimePlace = ParameterPlace | FieldPlace | ServerDefaultPlace | ConstantPlace

/** The default value of a parameter. */
export interface ParameterPlace {
  readonly kind: 'parameter'
  readonly parameter: DefaultParameterNode | TypedDefaultParameterNode
  readonly function: FunctionDefinitionNode | LambdaNode
}

/** Part of the declaration of a field. */
export interface FieldPlace {
  readonly kind: 'field'
  /** The class of which it is a field; `null` for a table or an alias of a type. */
  readonly class: ClassDefinitionNode | null
  readonly classKind: FieldClassKind | null
  /** The argument of a call such as `Column(default=...)`, or the assignment; `null` if the expression stands in an annotation without such a call. */
  readonly slot: ArgumentSlot | AssignmentSlot | null
  /** The keyword (or the key of a dict) in whose value it stands. */
  readonly keyword: string | null
}

export interface ArgumentSlot {
  readonly kind: 'argument'
  readonly factory: FieldFactory
  readonly call: CallNode
  /** The argument, or the entry of a dict in it: `{"onupdate": ...}`. */
  readonly argument: PythonNode
}

export interface AssignmentSlot {
  readonly kind: 'assignment'
  readonly assignment: AssignmentNode
}

/** The default that a database gets. */
export interface ServerDefaultPlace {
  readonly kind: 'server-default'
  readonly keyword: string
}

/** A variable of a module or class. */
export interface ConstantPlace {
  readonly kind: 'constant'
  readonly assignment: AssignmentNode
}

export type FieldFactory = 'column' | 'pydantic' | 'dataclass' | 'attrs'

const FIELD_FACTORIES: Readonly<Record<string, FieldFactory>> = {
  'sqlalchemy.Column': 'column',
  'sqlalchemy.orm.mapped_column': 'column',
  'flask_sqlalchemy.SQLAlchemy().Column': 'column',
  'flask_sqlalchemy.SQLAlchemy().mapped_column': 'column',
  'pydantic.Field': 'pydantic',
  'pydantic.PrivateAttr': 'pydantic',
  'sqlmodel.Field': 'pydantic',
  'dataclasses.field': 'dataclass',
  'attrs.field': 'attrs',
  'attr.field': 'attrs',
  'attr.ib': 'attrs',
  'attr.attrib': 'attrs',
}

const SERVER_DEFAULTS: ReadonlySet<string> = new Set(['server_default', 'server_onupdate'])

/** Arguments that are shown to people and decide nothing. */
const DOCUMENTATION: ReadonlySet<string> = new Set(['comment', 'description', 'doc', 'example', 'examples', 'json_schema_extra', 'title'])

/** The argument by which an expression becomes a default of the database; `null` if it does not. */
export function serverDefaultAround(expression: PythonNode): ServerDefaultPlace | null {
  for (let node = expression.parent; node && node.kind !== 'block'; node = node.parent) {
    const name = node.kind === 'keyword_argument' ? node.name.text : node.kind === 'pair' ? stringText(node.key) : null
    if (name !== null && SERVER_DEFAULTS.has(name)) return { kind: 'server-default', keyword: name }
  }
  return null
}

/** What becomes of an expression that runs at import; `null` if it is none of what can be told. */
export function importTimePlace(context: PythonServices, expression: PythonNode): ImportTimePlace | null {
  let slot: ArgumentSlot | null = null
  let entry: PairNode | null = null
  let keyword: string | null = null
  let isAnnotated = false
  for (let child = expression, node = child.parent; node; child = node, node = node.parent) {
    switch (node.kind) {
      case 'keyword_argument':
        if (DOCUMENTATION.has(node.name.text)) return null
        keyword ??= node.name.text
        break
      case 'pair':
        entry ??= node
        keyword ??= stringText(node.key)
        break
      case 'call': {
        const factory: FieldFactory | null = child === node.arguments && !slot ? fieldFactory(context, node) : null
        if (factory) slot = { kind: 'argument', factory, call: node, argument: entry ?? argumentAround(node, expression) }
        break
      }
      case 'subscript':
        isAnnotated ||= context.resolve(node.value) === 'typing.Annotated'
        break
      case 'generic_type':
        isAnnotated ||= context.resolve(node.namedChildren[0]) === 'typing.Annotated'
        break
      case 'default_parameter':
      case 'typed_default_parameter': {
        const owner = node.closest('function_definition', 'lambda')
        if (child === node.value && owner) return { kind: 'parameter', parameter: node, function: owner }
        break
      }
      case 'assignment':
        return placeOfAssignment(context, node, child, { slot, keyword, isAnnotated })
      case 'parameters':
      case 'block':
      case 'module':
        return slot || isAnnotated ? { kind: 'field', class: null, classKind: null, slot, keyword } : null
    }
  }
  return null
}

/** The argument of a call in which an expression stands. */
function argumentAround(call: CallNode, expression: PythonNode): PythonNode {
  return call.arguments.namedChildren.find((argument) => argument.contains(expression)) ?? call.arguments
}

function fieldFactory(context: PythonServices, call: CallNode): FieldFactory | null {
  const name = context.resolve(call.function)
  if (name === null) return null
  const own = Object.hasOwn(FIELD_FACTORIES, name) ? FIELD_FACTORIES[name]! : null
  if (own !== null || (lastPart(name) !== 'Column' && lastPart(name) !== 'mapped_column')) return own
  // `db.Column`, by what the object is.
  const made = context.project.ancestors(name).names.find((ancestor) => Object.hasOwn(FIELD_FACTORIES, ancestor))
  return made === undefined ? null : FIELD_FACTORIES[made]!
}

interface Found {
  readonly slot: ArgumentSlot | null
  readonly keyword: string | null
  readonly isAnnotated: boolean
}

function placeOfAssignment(context: PythonServices, assignment: AssignmentNode, child: PythonNode, found: Found): ImportTimePlace | null {
  const { slot, keyword, isAnnotated } = found
  const owner = classAround(assignment)
  const classKind = owner && fieldClassKind(context, owner)
  const field = { kind: 'field', class: owner, classKind, slot, keyword } as const
  if (child === assignment.type) return slot || isAnnotated || classKind ? field : null
  if (slot || isAnnotated) return field
  const assignedKind = owner && (classKind ?? (isDjangoField(context, assignment) ? 'django' : null))
  if (assignedKind && isFieldAssignment(context, assignment, assignedKind)) {
    return { ...field, classKind: assignedKind, slot: { kind: 'assignment', assignment } }
  }
  return { kind: 'constant', assignment }
}

function classAround(assignment: AssignmentNode): ClassDefinitionNode | null {
  const definition = assignment.closest('class_definition', 'function_definition')
  return definition?.kind === 'class_definition' ? definition : null
}

/** Whether the assignment in a class body makes a field with a default. */
function isFieldAssignment(context: PythonServices, assignment: AssignmentNode, classKind: FieldClassKind): boolean {
  switch (classKind) {
    case 'pydantic':
    case 'sqlmodel':
    case 'dataclass':
    case 'attrs':
      return assignment.type !== null && !isClassVariable(context, assignment)
    case 'sqlalchemy':
    case 'django':
      return isMadeField(context, assignment)
  }
}

/** Whether something is made with the clock reading; the reading alone is a constant. */
function isMadeField(context: PythonServices, { right }: AssignmentNode): boolean {
  return right?.kind === 'call' && !isClockReading(context.project, context.values.summary(right))
}

/** A field of a model whose base class is that of another library. */
function isDjangoField(context: PythonServices, { right }: AssignmentNode): boolean {
  const name = right?.kind === 'call' ? context.resolve(right.function) : null
  return name !== null && /^(django\.(db\.models|forms|contrib\.postgres)|rest_framework)\..*Field$/.test(name)
}

function isClassVariable(context: PythonServices, { type }: AssignmentNode): boolean {
  const annotation = type && context.values.annotation(type)
  const name = annotation?.kind === 'subscript' ? annotation.object : annotation
  return name?.kind === 'name' && name.name === 'typing.ClassVar'
}
