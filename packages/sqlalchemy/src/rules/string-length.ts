import type { ClassDefinitionNode, Model, ModelColumn, PythonNode } from '@krait/python'
import { constantTextsOf, defineRule, lastPart, matchesGlobs, MigrationScript, partsOf } from '@krait/python'
import type { CallValue, Value } from '@krait/python'
import { attributeStatement, columnNode, modelOfAssignment, modelOfClass } from '../shared/mapped-models.ts'
import type { MappedModel } from '../shared/mapped-models.ts'
import { columnValue, holdsCall } from '../shared/model-options.ts'

export interface StringLengthOptions {
  /** Columns that are left alone, as globs of `table.column`. */
  readonly ignore: readonly string[]
  /** Also look at columns whose type comes from the annotation: `Mapped[str]`. */
  readonly annotations: boolean
}

const defaultOptions: readonly [StringLengthOptions] = [{ ignore: [], annotations: true }]

const TYPES: ReadonlySet<string> = new Set(['String', 'Unicode', 'VARCHAR', 'NVARCHAR', 'AutoString'])

export const stringLength = defineRule({
  name: 'string-length',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require a length for strings',
      preset: 'needs-config',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: { unsized: '`{{column}}` is `{{type}}` without a length; write `String(n)` or `Text`.' },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' } }, annotations: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
  },
  defaultOptions,
  create(context, [{ ignore, annotations }]) {
    if (MigrationScript.of(context)) return {}
    const { project } = context

    return {
      class_definition(node) {
        const mapped = modelOfClass(context, node)
        if (mapped) checkModel(mapped)
        else if (/\b(?:Column|mapped_column|Mapped|Field|str)\b/.test(node.body.text)) checkBase(node)
      },
      assignment(node) {
        const mapped = modelOfAssignment(context, node)
        if (mapped) checkModel(mapped)
      },
    }

    function checkModel(mapped: MappedModel): void {
      const { model } = mapped
      for (const column of model.columns) {
        if (model.kind === 'class' && column.owner !== model.name) continue
        check(columnNode(mapped, column.attribute, column.name), model, column, model.table ?? lastPart(model.name))
      }
    }

    /** The columns of a mixin or abstract class, as one of the models has them. */
    function checkBase(node: ClassDefinitionNode): void {
      const name = context.resolve(node)
      if (name === null) return
      for (const subclass of project.subclasses(name)) {
        const model = project.model(subclass.name)
        if (!model) continue
        for (const column of model.columns) {
          const statement = column.owner === name ? attributeStatement(node, column.attribute) : null
          if (statement) check(statement, model, column, lastPart(name))
        }
        return
      }
    }

    function check(node: PythonNode, model: Model, column: ModelColumn, table: string): void {
      const { type, length, name } = column
      if (type === null || length !== undefined || matchesGlobs(`${table}.${name}`, ignore)) return
      const isAnnotated = type === 'builtins.str'
      const isString = isAnnotated ? annotations : TYPES.has(lastPart(type)) && (type.startsWith('sqlalchemy.') || type.startsWith('sqlmodel.'))
      if (!isString || isCheckedByConstraint(model, column)) return
      context.report({ node, messageId: 'unsized', data: { column: `${table}.${name}`, type: isAnnotated ? 'str' : lastPart(type) } })
    }

    /** Whether a `CheckConstraint` is about the length of the column. */
    function isCheckedByConstraint(model: Model, { owner, attribute, name }: ModelColumn): boolean {
      const places = [columnValue(project, model, owner, attribute, name), model.kind === 'table' ? project.valueOf(model.name) : tableArguments(model)]
      return places.some((value) => value && holdsCall(value, (call) => isLengthCheck(call, name)))
    }

    function tableArguments({ name }: Model): Value | undefined {
      const member = project.member(name, '__table_args__')
      return member?.fact.kind === 'variable' && member.fact.value ? project.value(member.fact.value, member.path) : undefined
    }
  },
})

function isLengthCheck(call: CallValue, column: string): boolean {
  if (call.callee === null || lastPart(call.callee) !== 'CheckConstraint') return false
  const words: string[] = []
  const stack: Value[] = [...call.arguments]
  for (let part = stack.pop(); part; part = stack.pop()) {
    words.push(...constantTextsOf(part).flatMap((text) => text.toLowerCase().match(/\w+/g) ?? []))
    if (part.kind === 'name') words.push(...part.name.toLowerCase().split('.'))
    if (part.kind === 'call' && part.callee !== null) words.push(lastPart(part.callee).toLowerCase())
    stack.push(...partsOf(part))
  }
  return words.includes(column.toLowerCase()) && words.some((word) => /^(?:char|character|octet)?_?len(?:gth)?$/.test(word))
}
