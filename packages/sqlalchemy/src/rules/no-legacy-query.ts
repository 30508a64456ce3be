import type { AttributeNode, CallNode, IdentifierNode, KeywordArgumentNode, PairNode, PythonNode, Value } from '@krait/python'
import { calledProjectFunction, defineRule, excerpt, lastPart, mappingFact, ormSessionOf, positionalArguments, statementsOf, stringText } from '@krait/python'
import { libraryName } from '../shared/library-name.ts'

const QUERY_MODULES: ReadonlySet<string> = new Set(['sqlalchemy.orm', 'sqlalchemy.orm.query'])
/** `db.Model`, also by its class. */
const FLASK_MODEL = /^flask_sqlalchemy\.|\(\)\.Model$/
const RELATIONSHIPS = /^(?:sqlalchemy|sqlmodel)\.(?:\w+\.)*(?:backref|relation|relationship|Relationship)$/

export const noLegacyQuery = defineRule({
  name: 'no-legacy-query',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow the legacy `Query` API; `select()` stands for it',
      preset: 'strict',
      severity: 'warn',
      since: '0.1.0',
    },
    messages: {
      query: '`{{query}}` is the legacy API; write `select({{entities}})` and run it with `{{session}}.scalars(...)`.',
      dynamic: '`{{keyword}}` gives the legacy `Query`; write `lazy="write_only"`, and run the `select()` that it gives with `session.scalars(...)`.',
    },
    schema: [],
  },
  defaultOptions: [],
  create(context) {
    if (isBeforeLegacy((context.settings['sqlalchemy'] as { readonly version?: unknown } | undefined)?.version)) return {}

    return {
      attribute(node) {
        if (node.attribute.text !== 'query') return
        const { parent } = node
        if (parent?.kind === 'call' && parent.function === node) checkCall(parent, node)
        else checkModel(node)
      },
      import_from_statement(node) {
        if (!QUERY_MODULES.has(node.module_name.text)) return
        for (const imported of node.name) {
          const { name, local } = namesOf(imported)
          if (name !== 'Query' || !local || (context.scopes.bindingOf(local)?.references.length ?? 0) === 0) continue
          context.report({ node: imported, messageId: 'query', data: { query: name, entities: '...', session: 'session' } })
        }
      },
      keyword_argument(node) {
        if (node.name.text === 'lazy' && stringText(node.value) === 'dynamic') checkLazy(node)
      },
      pair(node) {
        if (stringText(node.key) === 'lazy' && stringText(node.value) === 'dynamic') checkLazy(node)
      },
    }

    /** `session.query(User)`. */
    function checkCall(call: CallNode, called: AttributeNode): void {
      const session = ormSessionOf(context, called.object)
      if (session ? session.kind === 'async' || session.isConnection : !isQueryOfModel(call)) return
      report(called, `${excerpt(call)}`, textOf(call.arguments), called.object)
    }

    /** What is not known and takes a model is a session. */
    function isQueryOfModel(call: CallNode): boolean {
      const [first] = positionalArguments(call)
      if (first?.kind !== 'identifier' && first?.kind !== 'attribute') return false
      const paths = statementsOf(context).statementOf(call)?.paths ?? []
      const selected = paths[0]?.selected[0]
      return selected !== undefined && 'source' in selected && selected.source.model !== null && calledProjectFunction(context, call) === null
    }

    /** `User.query` of Flask-SQLAlchemy, or by `query_property()`. */
    function checkModel(node: AttributeNode): void {
      if (isTarget(node)) return
      const paths = statementsOf(context).statementOf(node)?.paths ?? []
      const selected = paths[0]?.selected[0]
      const model = selected && 'source' in selected ? selected.source.model : null
      if (!model || paths[0]?.isQuery !== true || !hasQueryProperty(model.name)) return
      report(node, node.text, node.object.text, null)
    }

    /** The model has the name from `db.Model`, or from `query = session.query_property()` of its base. */
    function hasQueryProperty(model: string): boolean {
      const { project } = context
      const member = project.member(model, 'query')
      if (member) return member.fact.kind === 'variable' && member.fact.value !== undefined && isQueryProperty(project.value(member.fact.value, member.path))
      const { names } = project.ancestors(model)
      if (names.some((name) => FLASK_MODEL.test(name))) return true
      const paths = new Set(names.flatMap((name) => project.definition(name)?.path ?? []))
      return [...paths].some((path) =>
        project.fact(mappingFact, path)?.attributes.some(
          ({ owner, attribute, value }) => attribute === 'query' && names.includes(project.resolveName(owner, path) ?? '') && isQueryProperty(project.value(value, path)),
        ),
      )
    }

    function checkLazy(node: KeywordArgumentNode | PairNode): void {
      const call = node.closest('call') as CallNode | null
      const name = call && libraryName(context, call.function)
      const around = name === 'builtins.dict' ? (call?.parent?.closest('call') as CallNode | null | undefined) : call
      const owner = around && around !== call ? libraryName(context, around.function) : name
      if (owner && RELATIONSHIPS.test(owner)) context.report({ node, messageId: 'dynamic', data: { keyword: node.text } })
    }

    function report(node: AttributeNode, query: string, entities: string, session: PythonNode | null): void {
      context.report({ node: node.attribute, messageId: 'query', data: { query, entities, session: session ? excerpt(session) : 'session' } })
    }
  },
})

function isQueryProperty(value: Value): boolean {
  if (value.kind !== 'call') return false
  const method = value.callee === null ? (value.function?.kind === 'attribute' ? value.function.attribute : '') : lastPart(value.callee)
  return method === 'query_property'
}

/** What is imported, and the identifier that it is bound to. */
function namesOf(imported: PythonNode): { readonly name: string; readonly local: IdentifierNode | null } {
  if (imported.kind === 'aliased_import') return { name: imported.name.text, local: imported.alias }
  const [local] = imported.namedChildren
  return { name: imported.text, local: local?.kind === 'identifier' ? local : null }
}

function isTarget({ parent, index }: AttributeNode): boolean {
  return parent?.kind === 'assignment' && parent.left.index === index
}

/** The arguments of `query(...)` as `select(...)` takes them. */
function textOf(list: PythonNode): string {
  const text = list.text.replace(/\s+/g, ' ').replace(/^\(\s*|,?\s*\)$/g, '')
  return text === '' || text.length > 60 ? '...' : text
}

/** SQLAlchemy has `select()` of entities since 1.4. */
function isBeforeLegacy(version: unknown): boolean {
  const [major, minor] = typeof version === 'string' ? version.split('.').map(Number) : []
  return major !== undefined && (major < 1 || (major === 1 && (minor ?? 0) < 4))
}
