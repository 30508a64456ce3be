import type { FixFunction, SuggestionDescriptor } from '@krait/core'
import { assignedValues, classOfExpression, defineRule, enclosingFunctionName, insertBehindLine, isTestFile, lastPart, nameFromModule, relatedPlaces, stateTriggerIndex, withoutLastPart } from '@krait/python'
import type { AssignmentNode, AttributeNode, FunctionDefinitionNode, PythonNode, PythonRuleContext, StateTrigger } from '@krait/python'
import { indentationOf } from '../shared/indent.ts'
import { leavesStatus } from '../shared/status-assignments.ts'

export interface StateMachine {
  /** The qualified name of the class. */
  readonly model: string
  readonly statusField: string
  readonly triggerFields: readonly string[]
}

export interface SetStatusOnExitOptions {
  /** Classes whose fields are not to be learnt. */
  readonly machines: readonly StateMachine[]
  /** Names of attributes that hold a status. */
  readonly statusFields: readonly string[]
  /** What states of waiting are called; a regular expression, which may begin with `(?i)`. */
  readonly waitingPattern: string
}

type MessageId = 'forgotten' | 'forgottenByOption' | 'setStatus'
type Context = PythonRuleContext<MessageId, readonly [SetStatusOnExitOptions]>

/** What must be set together with a field. */
interface Trigger {
  readonly status: string
  /** Where it was learnt; `null` for an option. */
  readonly from: StateTrigger | null
}

const defaultOptions: readonly [SetStatusOnExitOptions] = [
  {
    machines: [],
    statusFields: ['status', 'state'],
    waitingPattern: '(?i)^(pending|awaiting|waiting|requested|scheduled|processing|in_progress|queued|on_hold)',
  },
]

export const setStatusOnExit = defineRule({
  name: 'set-status-on-exit',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require the status to be set where a waiting state is left',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      forgotten:
        '`{{function}}()` clears `{{field}}`, which `{{entry}}()` set together with `{{status}} = {{state}}`, but leaves `{{status}}` as it is. ' +
        'Set `{{object}}.{{status}}` explicitly on this exit.',
      forgottenByOption: '`{{function}}()` clears `{{field}}`, but leaves `{{status}}` as it is. Set `{{object}}.{{status}}` explicitly on this exit.',
      setStatus: 'Set `{{object}}.{{status}}` to `{{state}}`',
    },
    schema: [
      {
        type: 'object',
        properties: {
          machines: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                model: { type: 'string' },
                statusField: { type: 'string' },
                triggerFields: { type: 'array', items: { type: 'string' }, minItems: 1 },
              },
              required: ['model', 'statusField', 'triggerFields'],
              additionalProperties: false,
            },
          },
          statusFields: { type: 'array', items: { type: 'string' } },
          waitingPattern: { type: 'string' },
        },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ machines, statusFields, waitingPattern }]) {
    if (isTestFile(context)) return {}
    const waiting = patternOf(waitingPattern)
    let fields: ReadonlySet<string> | undefined
    return { assignment: check }

    function check(assignment: AssignmentNode): void {
      for (const { target, value } of assignedValues(assignment)) {
        if (target.kind === 'attribute' && isEmpty(value) && triggerFields().has(target.attribute.text)) checkTarget(assignment, target)
      }
    }

    function checkTarget(assignment: AssignmentNode, { object, attribute }: AttributeNode): void {
      const field = attribute.text
      const definition = enclosingFunction(assignment)
      const owner = definition && isNamed(object) ? classOfExpression(context, object) : null
      if (!definition || owner === null || isResetOfModel(definition, object)) return
      const trigger = triggerOf(owner, field)
      const name = enclosingFunctionName(context, assignment)
      if (!trigger || isEntry(owner, field, name)) return
      if (leavesStatus(context, definition, assignment, object, trigger.status)) report(assignment, object, definition, field, trigger)
    }

    function triggerFields(): ReadonlySet<string> {
      fields ??= new Set([...context.project.ask(stateTriggerIndex, '*').fields, ...machines.flatMap((machine) => machine.triggerFields)])
      return fields
    }

    function triggerOf(owner: string, field: string): Trigger | null {
      const { names } = context.project.ancestors(owner)
      const machine = machines.find(({ model, triggerFields: own }) => names.includes(model) && own.includes(field))
      if (machine) return { status: machine.statusField, from: learnt(owner, field).find(({ status }) => status === machine.statusField) ?? null }
      const [from] = learnt(owner, field)
      return from ? { status: from.status, from } : null
    }

    /** The functions that begin to wait when they set the field. */
    function learnt(owner: string, field: string): readonly StateTrigger[] {
      return context.project.ancestors(owner).names.flatMap((name) => {
        if (!context.project.definition(name)) return []
        return context.project.ask(stateTriggerIndex, name).triggers.filter((trigger) => trigger.field === field && statusFields.includes(trigger.status) && waiting.test(trigger.state))
      })
    }

    function isEntry(owner: string, field: string, name: string): boolean {
      return learnt(owner, field).some((trigger) => trigger.function === name)
    }

    /** A constructor, or a method of the model that sets all of it back. */
    function isResetOfModel({ name, parent }: FunctionDefinitionNode, object: PythonNode): boolean {
      if (!RESETS.has(name.text)) return false
      const [first] = context.scopes.scopeOf(object).bindings.keys()
      return first === object.text && (parent?.parent?.kind === 'class_definition' || parent?.parent?.parent?.kind === 'class_definition')
    }

    function report(assignment: AssignmentNode, object: PythonNode, definition: FunctionDefinitionNode, field: string, { status, from }: Trigger): void {
      const data = {
        function: definition.name.text,
        field: `${object.text}.${field}`,
        object: object.text,
        status,
        entry: from ? lastPart(from.function) : '',
        state: from?.state ?? '',
      }
      context.report({
        node: assignment,
        messageId: from ? 'forgotten' : 'forgottenByOption',
        data,
        related: from ? relatedPlaces(context.project, [{ path: from.path, function: from.function }], `sets it together with \`${status} = ${from.state}\``) : [],
        suggest: from?.enum ? suggestStates(assignment, object, status, from.enum) : [],
      })
    }

    function suggestStates(assignment: AssignmentNode, object: PythonNode, status: string, enumName: string): SuggestionDescriptor<MessageId>[] {
      return statesOf(context, enumName).flatMap((state) => {
        const fix = waiting.test(state) ? null : setStatus(context, assignment, `${object.text}.${status}`, enumName, state)
        return fix ? [{ messageId: 'setStatus' as const, data: { object: object.text, status, state }, fix }] : []
      })
    }
  },
})

const RESETS: ReadonlySet<string> = new Set(['__init__', 'clear', 'reset'])

/** `order`, `self.order`: what is written the same is the same object. */
function isNamed(object: PythonNode): boolean {
  let node = object
  while (node.kind === 'attribute') node = node.object
  return node.kind === 'identifier'
}

function isEmpty(value: PythonNode): boolean {
  return value.kind === 'none' || value.kind === 'false' || (value.kind === 'string' && value.text.length === 2)
}

function enclosingFunction(node: PythonNode): FunctionDefinitionNode | null {
  const definition = node.closest('function_definition', 'lambda')
  return definition?.kind === 'function_definition' ? definition : null
}

/** JavaScript has no `(?i)`. */
function patternOf(pattern: string): RegExp {
  return pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'iu') : new RegExp(pattern, 'u')
}

/** The members of an enum of the project. */
function statesOf({ project }: Context, enumName: string): readonly string[] {
  const definition = project.definition(enumName)
  if (definition?.kind !== 'class') return []
  return Object.entries(definition.fact.members).flatMap(([name, member]) => (member.kind === 'variable' && !name.startsWith('_') ? [name] : []))
}

/** Sets the status on a line of its own behind an assignment. */
function setStatus(context: Context, assignment: AssignmentNode, target: string, enumName: string, state: string): FixFunction | null {
  const definition = context.project.definition(enumName)
  const statement = assignment.parent
  if (!definition || statement?.kind !== 'expression_statement' || statement.nextSibling?.kind === ';') return null
  const module = withoutLastPart(definition.name)
  const indentation = indentationOf(context.sourceCode, statement)
  const isHere = module === context.moduleName
  const written = isHere ? { text: lastPart(definition.name), addImport: null } : nameFromModule(context, assignment, module, lastPart(definition.name))
  if (indentation === null || !written) return null
  const line = `${context.sourceCode.lineBreak}${indentation}${target} = ${written.text}.${state}`
  return (fixer) => [...(written.addImport ? [written.addImport(fixer)] : []), insertBehindLine(context.sourceCode, fixer, statement, line)]
}
