import type { FixFunction } from '@krait/core'
import type { AssignmentNode, CallNode, PythonNode, PythonRuleContext } from '@krait/python'
import { excerpt, isClockReading, nameFromModule } from '@krait/python'
import type { ArgumentSlot, FieldPlace } from './import-time-place.ts'

/** How a field gets a default that is computed for each object. */
export interface CallableDefault {
  /** What to write, as a message shows it: `default=lambda: datetime.now(UTC)`. */
  readonly remedy: string
  /** The change, where it is certain to work. */
  readonly fix: FixFunction | null
}

const COLUMN_DEFAULTS: ReadonlySet<string> = new Set(['default', 'insert_default', 'onupdate'])

/** The callable to give a field instead of a value; `null` if the value is no default. */
export function callableDefault(context: PythonRuleContext, place: FieldPlace, clock: CallNode): CallableDefault | null {
  if (place.classKind === 'django') return djangoDefault(place, clock)
  if (place.slot?.kind === 'argument') return argumentDefault(context, place, place.slot)
  return place.slot && assignedDefault(context, place, place.slot.assignment, clock)
}

/** Django writes defaults into migrations, and can not write a lambda. */
function djangoDefault({ keyword }: FieldPlace, clock: CallNode): CallableDefault | null {
  if (keyword !== 'default' && keyword !== 'initial') return null
  const isWhole = clock.parent?.kind === 'keyword_argument' && clock.arguments.namedChildren.length === 0
  if (!isWhole) return { remedy: `${keyword}= with a function that returns this`, fix: null }
  return { remedy: `${keyword}=${clock.function.text}`, fix: (fixer) => fixer.replaceText(clock, clock.function.text) }
}

function argumentDefault(context: PythonRuleContext, { classKind, keyword }: FieldPlace, slot: ArgumentSlot): CallableDefault | null {
  const { argument, factory } = slot
  const value = argument.kind === 'keyword_argument' || argument.kind === 'pair' ? argument.value : argument
  const lambda = `lambda: ${value.text}`
  const shown = `lambda: ${excerpt(value)}`
  const canMove = !usesClassNames(context, value)
  if (factory === 'column' || argument.kind === 'pair') {
    if (keyword === null || !COLUMN_DEFAULTS.has(keyword)) return null
    if (classKind === 'dataclass' && keyword === 'default' && argument.kind === 'keyword_argument') {
      return { remedy: `default_factory=${shown}`, fix: canMove ? (fixer) => fixer.replaceText(argument, `default_factory=${lambda}`) : null }
    }
    return { remedy: `${keyword}=${shown}`, fix: canMove ? (fixer) => fixer.replaceText(value, lambda) : null }
  }
  const isDefault = argument.kind === 'keyword_argument' ? argument.name.text === 'default' : argument === firstArgument(slot.call)
  if (!isDefault) return null
  const name = factory === 'attrs' ? 'factory' : 'default_factory'
  return { remedy: `${name}=${shown}`, fix: canMove ? (fixer) => fixer.replaceText(argument, `${name}=${lambda}`) : null }
}

/** `at: datetime = datetime.now()` in the body of a class with fields. */
function assignedDefault(context: PythonRuleContext, { classKind }: FieldPlace, assignment: AssignmentNode, clock: CallNode): CallableDefault | null {
  const value = assignment.right
  const isPrivate = assignment.left.text.startsWith('_')
  const maker = makerOf(context, classKind, isPrivate)
  if (!value || !maker) return { remedy: `default=lambda: ${excerpt(clock)}`, fix: null }
  const [module, name, keyword] = maker
  const remedy = `${name}(${keyword}=lambda: ${excerpt(value)})`
  const made = nameFromModule(context, assignment, module, name)
  const isReading = isClockReading(context.project, context.values.summary(value))
  if (!made || !isReading || usesClassNames(context, value)) return { remedy, fix: null }
  return {
    remedy,
    fix: (fixer) => [
      fixer.replaceText(value, `${made.text}(${keyword}=lambda: ${value.text})`),
      ...(made.addImport ? [made.addImport(fixer)] : []),
    ],
  }
}

type Maker = readonly [module: string, name: string, keyword: string]

function makerOf(context: PythonRuleContext, classKind: FieldPlace['classKind'], isPrivate: boolean): Maker | null {
  switch (classKind) {
    case 'pydantic':
      return ['pydantic', isPrivate ? 'PrivateAttr' : 'Field', 'default_factory']
    case 'sqlmodel':
      return isPrivate ? ['pydantic', 'PrivateAttr', 'default_factory'] : ['sqlmodel', 'Field', 'default_factory']
    case 'dataclass':
      return ['dataclasses', 'field', 'default_factory']
    case 'attrs':
      return importsAttrs(context) ? ['attrs', 'field', 'factory'] : ['attr', 'ib', 'factory']
    default:
      return null
  }
}

/** `attrs`, and not only `attr`, the older name of the same library. */
function importsAttrs({ scopes, resolve }: PythonRuleContext): boolean {
  return [...scopes.module.bindings.values()].some(({ onlyDefinition }) => /^attrs(\.|$)/.test(resolve(onlyDefinition?.name) ?? ''))
}

function firstArgument({ arguments: list }: CallNode): PythonNode | undefined {
  return list.namedChildren[0]
}

/** A lambda in a class body does not see the names of the class. */
function usesClassNames({ scopes }: PythonRuleContext, value: PythonNode): boolean {
  return [...value.descendants('identifier'), value].some((node) => scopes.bindingOf(node)?.scope.kind === 'class')
}
