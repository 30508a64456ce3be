import type { AttributeNode, CallNode, PythonNode } from '@krait/python'
import { attributeUsesIndex, classOf, defineRule, lastPart, matchesGlobs, positionalArguments, stringText, withoutLastPart } from '@krait/python'
import { isAttributeGuarded } from '../shared/attribute-guards.ts'
import { closeName } from '../shared/close-name.ts'
import { columnKeysOf } from '../shared/column-keys.ts'
import { ModelMembers } from '../shared/model-members.ts'
import type { MemberSet } from '../shared/model-members.ts'
import { ModelNames } from '../shared/model-names.ts'
import { PossibleModelNames } from '../shared/possible-models.ts'

export interface KnownModelAttributeOptions {
  /** Attributes that exist all the same: `Model.attribute` or `attribute`, also as globs. */
  readonly ignore: readonly string[]
}

const defaultOptions: readonly [KnownModelAttributeOptions] = [{ ignore: [] }]

/** What a collection of columns has beside columns. */
const COLLECTION_METHODS: ReadonlySet<string> = new Set(
  'add as_readonly compare contains_column corresponding_column extend get has_key items keys remove update values'.split(' '),
)

export const knownModelAttribute = defineRule({
  name: 'known-model-attribute',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow attributes and columns that a model does not have',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      meant: '`{{model}}` has no attribute `{{name}}`. Did you mean `{{meant}}`?',
      attribute: '`{{model}}` has no attribute `{{name}}`; known columns: `{{columns}}`.',
      column: '`{{model}}` has no column `{{name}}`; known columns: `{{columns}}`.',
      replace: 'Use `{{meant}}`',
    },
    schema: [
      {
        type: 'object',
        properties: { ignore: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    hasSuggestions: true,
  },
  defaultOptions,
  create(context, [{ ignore }]) {
    const names = ModelNames.in(context.project)
    if (!names.hasModels) return {}
    const possibleModels = new PossibleModelNames(context, names)
    const members = ModelMembers.in(context.project)

    return {
      attribute: checkAttribute,
      call(node) {
        if (node.function.kind === 'identifier' && node.function.text === 'getattr') checkGetattr(node)
        else if (!checkConstructor(node)) checkKeys(node)
      },
    }

    function checkAttribute(node: AttributeNode): void {
      const { object } = node
      const name = node.attribute.text
      if (name.startsWith('__')) return
      if (object.kind === 'attribute' && (object.attribute.text === 'c' || object.attribute.text === 'columns')) {
        checkTableColumn(object, node.attribute)
        return
      }
      const found = lacking(object, name)
      if (!found) return
      const { set, isClass } = found
      const use = useOf(node)
      if (use === 'deleted' || (use === 'stored' && (isClass || context.project.ask(attributeUsesIndex, `loaded:${name}`)))) return
      if (!isClass && members.mayBeGiven(set, name, use === 'loaded')) return
      if (!isAttributeGuarded(context, object, name)) report(set, name, node.attribute, 'attribute')
    }

    /** The model that an expression is, or is an instance of, if it certainly has no attribute of this name. */
    function lacking(object: PythonNode, name: string): { readonly set: MemberSet; readonly isClass: boolean } | null {
      const possible = possibleModels.of(object)
      if (!names.mayLack(possible, name, hasMember)) return null
      const type = context.typeOf(object)
      const isClass = type.kind === 'class'
      const model = isClass ? type.class : classOf(type)
      const set = model === null ? null : members.of(model)
      return set?.model.kind === 'class' && members.lacks(set, name) ? { set, isClass } : null
    }

    function hasMember(model: string, name: string): boolean {
      return members.of(model)?.names.has(name) ?? false
    }

    /** `User.__table__.c.name`, `users.c.name`: by the names in the database. */
    function checkTableColumn({ object: table }: AttributeNode, column: PythonNode): void {
      if (COLLECTION_METHODS.has(column.text)) return
      const name = context.resolve(table)
      const model = name?.endsWith('.__table__') ? withoutLastPart(name) : name
      const set = model === null ? null : members.of(model)
      if (!set || !members.isClosed(set) || (set.model.kind === 'class' && model === name) || column.text.startsWith('__')) return
      const isKnown = set.model.kind === 'table' ? set.names.has(column.text) : members.hasTableColumn(set, column.text)
      if (!isKnown) report(set, column.text, column, 'column')
    }

    function checkGetattr(node: CallNode): void {
      const [object, attribute, ...others] = positionalArguments(node)
      if (!object || !attribute || others.length > 0) return
      const name = stringText(attribute)
      if (name === null || context.resolve(node.function) !== 'builtins.getattr') return
      const found = lacking(object, name)
      if (!found || (!found.isClass && members.mayBeGiven(found.set, name))) return
      if (!isAttributeGuarded(context, object, name)) report(found.set, name, attribute, 'attribute')
    }

    /** `User(name=...)`; says whether the call makes a model. */
    function checkConstructor({ function: called, arguments: list }: CallNode): boolean {
      if (called.kind !== 'identifier' && called.kind !== 'attribute') return false
      if (list.kind !== 'argument_list' || !list.namedChildren.some(({ kind }) => kind === 'keyword_argument')) return false
      const possible = possibleModels.of(called)
      if (possible !== 'any' && possible.size === 0) return false
      const type = context.typeOf(called)
      const set = type.kind === 'class' ? members.of(type.class) : null
      if (set?.model.kind !== 'class') return false
      const given = list.namedChildren.flatMap((child) => (child.kind === 'keyword_argument' ? [child.name] : []))
      const unknown = given.filter(({ text }) => members.lacks(set, text) || members.isLeftOut(set, text))
      if (unknown.length === 0 || members.initOf(set)) return true
      const aliases = members.aliasesOf(set)
      for (const keyword of unknown) if (!aliases.has(keyword.text)) report(set, keyword.text, keyword, 'column')
      return true
    }

    function checkKeys(node: CallNode): void {
      const found = columnKeysOf(context, node)
      if (!found) return
      const sets = found.models.map((path) => path.map((model) => members.of(model)))
      for (const { name, node: key } of found.keys) {
        const isUnknown = sets.every((path) => path.every((set) => set !== null && members.lacks(set, name) && !(found.takesColumns && (members.hasTableColumn(set, name) || members.mayBeGiven(set, name, false)))))
        const set = sets[0]?.[0]
        if (isUnknown && set) report(set, name, key, 'column')
      }
    }

    function report(set: MemberSet, name: string, node: PythonNode, kind: 'attribute' | 'column'): void {
      const model = lastPart(set.model.name)
      if (matchesGlobs(name, ignore) || matchesGlobs(`${model}.${name}`, ignore)) return
      const known = set.model.columns.map(({ attribute }) => attribute)
      const meant = closeName(name, kind === 'column' ? [...known, ...set.names] : set.names)
      const columns = meant !== null && known.includes(meant) ? [meant, ...known.filter((column) => column !== meant)] : known
      context.report({
        node,
        messageId: kind === 'column' ? 'column' : meant === null ? 'attribute' : 'meant',
        data: { model, name, meant: meant ?? '', columns: listed(columns) },
        suggest: [meant !== null && { messageId: 'replace', data: { meant }, fix: (fixer) => fixer.replaceText(node, node.text.replace(name, meant)) }],
      })
    }
  },
})

/** Longer lists of columns are cut in messages. */
const MAX_LISTED = 8

function listed(columns: readonly string[]): string {
  return columns.length > MAX_LISTED ? `${columns.slice(0, MAX_LISTED).join(', ')}, …` : columns.join(', ')
}

function useOf(node: AttributeNode): 'loaded' | 'stored' | 'deleted' {
  const { parent } = node
  switch (parent?.kind) {
    case 'assignment':
      return parent.left === node ? 'stored' : 'loaded'
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
      return 'stored'
    case 'for_statement':
    case 'for_in_clause':
      return node.fieldName === 'left' ? 'stored' : 'loaded'
    case 'delete_statement':
      return 'deleted'
    default:
      return 'loaded'
  }
}
