import type { AttributeNode, CallNode, Model, PythonNode } from '@krait/python'
import { defineRule, lastPart, positionalArguments, sessionOf, statementsOf, stringText } from '@krait/python'
import { libraryName } from '../shared/library-name.ts'
import { PossibleModelNames } from '../shared/possible-models.ts'

const RELATIONSHIPS: ReadonlySet<string> = new Set(['backref', 'dynamic_loader', 'relation', 'relationship', 'Relationship'])

export const noLegacyQuery = defineRule({
  name: 'no-legacy-query',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow the legacy Query API',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      session: '`{{query}}` is the legacy API; write `select({{entities}})` and run it with `{{session}}.scalars(...)`.',
      model: '`{{model}}.query` is the legacy API; write `select({{model}})` and run it with `session.scalars(...)`.',
      class: '`Query` is the legacy API; write `select(...)`, whose class is `Select`.',
      dynamic: '`lazy="dynamic"` gives legacy queries; use `lazy="write_only"`, or select from the other model.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if ((context.settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version === '1.3') return {}
    let names: PossibleModelNames | undefined

    return {
      attribute(node) {
        if (node.attribute.text !== 'query') return
        if (node.parent?.kind === 'call' && node.parent.function === node) checkCall(node.parent, node)
        else checkModel(node)
      },
      keyword_argument(node) {
        if (node.name.text === 'lazy' && stringText(node.value) === 'dynamic' && isRelationship(node)) context.report({ node, messageId: 'dynamic' })
      },
      import_from_statement(node) {
        if (!/\bQuery\b/.test(node.text)) return
        for (const imported of node.namedChildren) checkImport(imported)
      },
    }

    function checkCall(call: CallNode, called: AttributeNode): void {
      const session = sessionOf(context, called.object)
      if (session?.kind === 'async' || (!session && !statementsOf(context).statementOf(call))) return
      const data = { query: excerpt(call), entities: positionalArguments(call).map(excerpt).join(', '), session: excerpt(called.object) }
      context.report({ node: called.attribute, messageId: 'session', data })
    }

    /** `User.query` of Flask-SQLAlchemy, or of a base with `query_property()`. */
    function checkModel(node: AttributeNode): void {
      names ??= new PossibleModelNames(context)
      const possible = names.of(node.object)
      if (possible !== 'any' && possible.size === 0) return
      const type = context.typeOf(node.object)
      const model = type.kind === 'class' ? context.project.model(type.class) : null
      if (model && hasQuery(model)) context.report({ node: node.attribute, messageId: 'model', data: { model: excerpt(node.object) } })
    }

    /** Flask-SQLAlchemy gives each model one; `query = session.query_property()` in a base does, too. */
    function hasQuery({ name, attributes }: Model): boolean {
      if (attributes.some(({ attribute, kind }) => attribute === 'query' && kind === 'class-attribute')) return true
      return context.project.ancestors(name).names.some((ancestor) => ancestor === 'flask_sqlalchemy.model.Model' || ancestor.endsWith('SQLAlchemy().Model'))
    }

    function isRelationship(keyword: PythonNode): boolean {
      const call = keyword.parent?.parent
      if (call?.kind !== 'call' || !RELATIONSHIPS.has(lastPart(call.function.text))) return false
      const name = libraryName(context, call.function)
      return name !== null && /^(?:sqlalchemy|sqlmodel)\./.test(name) && RELATIONSHIPS.has(lastPart(name))
    }

    function checkImport(imported: PythonNode): void {
      const name = imported.kind === 'aliased_import' ? imported.name : imported
      if (name.kind !== 'dotted_name' || name.text !== 'Query' || imported.fieldName !== 'name') return
      const bound = imported.kind === 'aliased_import' ? imported.alias : name.namedChildren[0]
      const binding = bound ? context.scopes.bindingOf(bound) : null
      if (!bound || context.resolve(bound) !== 'sqlalchemy.orm.Query' || !binding || binding.references.length === 0) return
      context.report({ node: name, messageId: 'class' })
    }
  },
})

/** Longer code is cut in messages. */
const MAX_LENGTH = 40

function excerpt({ text }: PythonNode): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line
}
