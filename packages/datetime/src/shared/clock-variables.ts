import type { AttributeNode, ClassDefinitionNode, Definition, IdentifierNode, PythonNode, PythonProject, PythonRuleContext } from '@krait/python'
import { classBehind, classOfAnnotation, classOfValue, fieldClassKind, membersOf, withoutLastPart, withoutParentheses } from '@krait/python'
import { attributeReadersFact } from '../facts/attribute-readers.ts'
import type { AttributeReader } from '../facts/attribute-readers.ts'
import { attributeReadsFact } from '../facts/attribute-reads.ts'
import { onlyValueOf } from './values.ts'

/** A local or an attribute of `self` that always holds a reading of the clock, or a reading plus some length of time. */
export interface ClockVariable {
  readonly kind: 'reading' | 'deadline'
  /** The calls that read the clock for it. */
  readonly readings: readonly PythonNode[]
  /** All that reads it. */
  readonly references: readonly PythonNode[]
  readonly isLocal: boolean
}

const READINGS: ReadonlySet<string> = new Set(['time.time', 'datetime.datetime.now', 'datetime.datetime.utcnow', 'django.utils.timezone.now'])
const NAMES = /(^|\.)(time|now|utcnow)$/

/** Finds the clock variables of a file, each once. */
export class ClockVariables {
  readonly #context: PythonRuleContext
  readonly #locals = new Map<number, ClockVariable | null>()
  readonly #attributes = new Map<string, ClockVariable | null>()

  constructor(context: PythonRuleContext) {
    this.#context = context
  }

  /** The call that reads the clock, if an expression is one. */
  readingAt(expression: PythonNode): PythonNode | null {
    let node = withoutParentheses(expression)
    if (node.kind === 'named_expression') node = withoutParentheses(node.value)
    if (node.kind !== 'call' || !this.#mayBeClock(node.function)) return null
    return READINGS.has(this.#context.resolve(node.function) ?? '') ? node : null
  }

  /** Whether something is called like a clock, or imported under another name. */
  #mayBeClock(called: PythonNode): boolean {
    if (NAMES.test(called.text)) return true
    return called.kind === 'identifier' && this.#context.scopes.bindingOf(called)?.onlyDefinition?.kind === 'import'
  }

  /** The variable that an expression reads; `null` if it is none. */
  variableAt(expression: PythonNode): ClockVariable | null {
    const node = withoutParentheses(expression)
    if (node.kind === 'identifier') return this.#localAt(node)
    return node.kind === 'attribute' && node.object.kind === 'identifier' && node.object.text === 'self' ? this.#attributeAt(node) : null
  }

  #localAt(node: IdentifierNode): ClockVariable | null {
    const binding = this.#context.scopes.bindingOf(node)
    if (binding?.scope.kind !== 'function') return null
    let variable = this.#locals.get(binding.index)
    if (variable === undefined) {
      const definitions = binding.definitions.filter(({ kind }) => kind !== 'annotation')
      const values = definitions.map(({ kind, value, node: statement }) => ((kind === 'assignment' && isAlone(statement)) || kind === 'walrus' ? value : null))
      const made = variableOf(values.map((value) => value && this.#valueAt(value)))
      variable = made && { ...made, references: [...binding.references, ...walruses(definitions)], isLocal: true }
      this.#locals.set(binding.index, variable)
    }
    return variable
  }

  #attributeAt(node: AttributeNode): ClockVariable | null {
    const owner = classAround(node)
    if (!owner) return null
    const name = node.attribute.text
    const key = `${owner.index} ${name}`
    let variable = this.#attributes.get(key)
    if (variable === undefined) this.#attributes.set(key, (variable = this.#findAttribute(owner, name)))
    return variable
  }

  #findAttribute(owner: ClassDefinitionNode, name: string): ClockVariable | null {
    if (fieldClassKind(this.#context, owner) !== null) return null
    const values: (ClockValue | null)[] = []
    const references: PythonNode[] = []
    for (const attribute of owner.descendants('attribute')) {
      if (attribute.attribute.text !== name || attribute.object.text !== 'self') continue
      const { parent } = attribute
      if (parent?.kind === 'assignment' && parent.left === attribute) {
        if (parent.right?.kind === 'none' || !parent.right) continue
        values.push(this.#valueAt(parent.right))
      } else if (attribute.fieldName === 'left' && parent?.kind === 'augmented_assignment') values.push(null)
      else references.push(attribute)
    }
    const made = variableOf(values)
    return made && !this.#isReadElsewhere(owner, name) ? { ...made, references, isLocal: false } : null
  }

  #isReadElsewhere(owner: ClassDefinitionNode, name: string): boolean {
    const { path, project } = this.#context
    const className = this.#context.resolve(owner)
    if (className === null) return true
    const isOwner = (type: string): boolean => type === className || project.ancestors(type).names.includes(className)
    for (const node of (owner.tree.node(0) as PythonNode).descendants('attribute')) {
      if (node.attribute.text !== name || (node.object.text === 'self' && owner.contains(node))) continue
      if (membersOf(this.#context.typeOf(node.object)).some((type) => type.kind === 'instance' && isOwner(type.class))) return true
    }
    for (const [file, names] of project.facts(attributeReadsFact)) {
      if (file === path || !names.includes(name)) continue
      for (const reader of project.part(attributeReadersFact, file, name) ?? []) {
        const type = classOfReader(project, file, reader)
        if (type !== null && isOwner(type)) return true
      }
    }
    return false
  }

  /** What a value is: a reading, or one with a length of time added. */
  #valueAt(expression: PythonNode): ClockValue | null {
    const node = withoutParentheses(expression)
    const reading = this.readingAt(node) ?? this.#readingOfLocal(node)
    if (reading) return { kind: 'reading', reading }
    if (node.kind !== 'binary_operator' || node.operator.kind !== '+') return null
    const inner = this.readingAt(node.left) ?? this.readingAt(node.right) ?? this.#readingOfLocal(withoutParentheses(node.left))
    return inner && { kind: 'deadline', reading: inner }
  }

  #readingOfLocal(node: PythonNode): PythonNode | null {
    const value = onlyValueOf(this.#context, node)
    return value && this.readingAt(value)
  }
}

/** The class of the object of which a file reads an attribute; `null` if it is not known. */
function classOfReader(project: PythonProject, file: string, { object, function: key }: AttributeReader): string | null {
  const value = project.value(object, file)
  if (value.kind === 'name') return classBehind(project, value.name)
  if (value.kind !== 'local' || !value.isParameter) return classOfValue(value, project)
  const reading = project.definition(project.nameInModule(key, file))
  if (reading?.kind !== 'function') return null
  const { method, parameters } = reading.fact
  if (method !== undefined && method !== 'static' && parameters[0]?.name === value.name) return withoutLastPart(reading.name)
  const annotation = parameters.find(({ name }) => name === value.name)?.annotation
  return annotation ? classOfAnnotation(project.value(annotation, file), project) : null
}

interface ClockValue {
  readonly kind: ClockVariable['kind']
  readonly reading: PythonNode
}

/** What assigns within an expression gives the value to that, too. */
function walruses(definitions: readonly Definition[]): readonly PythonNode[] {
  return definitions.filter(({ kind }) => kind === 'walrus').map(({ node }) => node as PythonNode)
}

/** All values must be of one kind. */
function variableOf(values: readonly (ClockValue | null)[]): Pick<ClockVariable, 'kind' | 'readings'> | null {
  const [first] = values
  if (!first || values.some((value) => value?.kind !== first.kind)) return null
  return { kind: first.kind, readings: values.map((value) => value!.reading) }
}

/** In `job.started_at = started = time.time()` the value goes to something else, too. */
function isAlone(statement: PythonNode): boolean {
  return statement.kind === 'assignment' && statement.parent?.kind !== 'assignment' && statement.right?.kind !== 'assignment' && statement.left.kind === 'identifier'
}

function classAround(node: PythonNode): ClassDefinitionNode | null {
  return node.closest('class_definition')
}
