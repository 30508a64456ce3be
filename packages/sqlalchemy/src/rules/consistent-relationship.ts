import type { AssignmentNode, CallNode, ClassDefinitionNode, Model, ModelRelationship, PythonNode } from '@krait/python'
import { defineRule, keywordArgument, lastPart } from '@krait/python'
import { mayCall } from '../shared/callee.ts'
import { libraryName } from '../shared/library-name.ts'
import { modelOfClass } from '../shared/mapped-models.ts'
import { placeOfMember } from '../shared/member-place.ts'
import { conflictOf } from '../shared/relationship-conflicts.ts'
import { nameOf, partnerProblem, pathProblem, unknownNames } from '../shared/relationship-checks.ts'
import type { RelationshipProblem } from '../shared/relationship-checks.ts'
import { isSameModel, sideOf } from '../shared/relationship-side.ts'
import { annotatedTarget, givenTarget, isNoModel } from '../shared/relationship-target.ts'

/** A relationship in the body of a class. */
interface WrittenRelationship {
  readonly attribute: string
  readonly call: CallNode
  /** Left out for what a `declared_attr` function returns. */
  readonly assignment: AssignmentNode
}

export const consistentRelationship = defineRule({
  name: 'consistent-relationship',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require relationships that point at existing models and at each other',
      preset: 'recommended',
      severity: 'error',
      since: '0.1.0',
    },
    messages: {
      noModel: '`{{here}}` leads to `{{name}}`, which is no model of the project, so that the first query of any model fails. Name an existing one.',
      noMember: '`{{here}}` says `back_populates="{{name}}"`, but `{{target}}` has no `{{name}}`, so that the first query of any model fails. Add it there, or name the right one.',
      noRelationship: '`{{here}}` says `back_populates="{{name}}"`, but `{{partner}}` is no relationship. Name the relationship that leads back.',
      otherTarget: '`{{here}}` says `back_populates="{{name}}"`, but `{{partner}}` leads to `{{other}}`. Name the relationship that leads back to `{{model}}`.',
      oneSided: '`{{here}}` says `back_populates="{{name}}"`, but `{{partner}}` has no `back_populates="{{attribute}}"`; the two sides will not stay in sync.',
      otherPartner: '`{{here}}` says `back_populates="{{name}}"`, but `{{partner}}` says `back_populates="{{given}}"`; the two sides will not stay in sync.',
      both: '`{{here}}` has both `back_populates` and `backref`, which SQLAlchemy refuses. Keep `back_populates`, and write the other side out.',
      backrefTaken: '`{{here}}` makes `{{partner}}` with its `backref`, which exists already. Use `back_populates` on both sides.',
      noPath: 'No foreign key links `{{table}}` and `{{other}}`, so that `{{here}}` has no join. Add a foreign key, or `primaryjoin`.',
      severalPaths: 'Several foreign keys link `{{table}}` and `{{other}}`, so that `{{here}}` has no single join. Name one with `foreign_keys`.',
      unknownName: '`{{keyword}}` of `{{here}}` names `{{name}}`, which does not exist, so that the first query of any model fails. Name an existing one.',
      conflict: '`{{here}}` and `{{other}}` write the same {{what}}, and neither sees the other\'s changes. Join them with `back_populates`.',
      otherAnnotation: '`{{here}}` is annotated as `{{annotated}}`, but leads to `{{given}}`. Make both the same.',
      addBackPopulates: 'Add `back_populates="{{attribute}}"` to `{{partner}}`',
    },
    schema: [],
    hasSuggestions: true,
  },
  defaultOptions: [],
  create(context) {
    const { project } = context

    return {
      class_definition(node) {
        const written = relationshipsIn(node)
        const model = written.length > 0 ? modelOfClass(context, node)?.model : undefined
        if (model) for (const relationship of written) check(model, relationship, node)
      },
    }

    function relationshipsIn({ body }: ClassDefinitionNode): readonly WrittenRelationship[] {
      return body.namedChildren.flatMap((statement): WrittenRelationship[] => {
        const inner = statement.kind === 'expression_statement' ? statement.namedChildren[0] : null
        if (inner?.kind !== 'assignment' || inner.left.kind !== 'identifier' || inner.right?.kind !== 'call' || !mayCall(context, inner.right, FUNCTIONS)) return []
        const name = libraryName(context, inner.right.function)
        return name !== null && FUNCTIONS.has(lastPart(name)) ? [{ attribute: inner.left.text, call: inner.right, assignment: inner }] : []
      })
    }

    function check(model: Model, written: WrittenRelationship, node: ClassDefinitionNode): void {
      const relationship = model.relationships.find(({ attribute, fromBackref }) => attribute === written.attribute && fromBackref === undefined)
      if (!relationship) return
      if (checkTarget(model, written)) return
      const side = sideOf(project, model, relationship)
      const target = relationship.target === null ? null : project.model(relationship.target)
      if (!side || !target) return
      const problems = [partnerProblem(project, side, target), pathProblem(project, side, target), ...unknownNames(project, side)].filter((problem) => problem !== null)
      for (const problem of problems) report(written, problem, node)
      const conflict = conflictOf(project, side, target)
      if (conflict) reportConflict(model, relationship, written, conflict)
    }

    /** @returns whether the target is wrong, so that nothing more can be said */
    function checkTarget(model: Model, { attribute, call, assignment }: WrittenRelationship): boolean {
      const here = nameOf(model, attribute)
      const annotated = annotatedTarget(assignment.type)
      const given = libraryName(context, call.function) === 'sqlmodel.Relationship' ? null : givenTarget(call)
      const named = given ?? annotated
      if (!named || !project.ancestors(model.name).complete) return false
      if (isNoModel(context, named)) {
        context.report({ node: named.isAnnotation ? assignment : call, messageId: 'noModel', data: { here, name: named.name } })
        return true
      }
      if (given && annotated && namesOther(given.name, annotated.name)) {
        context.report({ node: assignment, messageId: 'otherAnnotation', data: { here, annotated: annotated.name, given: given.name } })
      }
      return false
    }

    function namesOther(given: string, annotated: string): boolean {
      const [first, second] = [project.modelsNamed(lastPart(given)), project.modelsNamed(lastPart(annotated))]
      return first.length === 1 && second.length === 1 && !isSameModel(project, first[0]!.name, second[0]!.name)
    }

    function report({ call }: WrittenRelationship, problem: RelationshipProblem, node: ClassDefinitionNode): void {
      const { messageId, keyword, data, partner } = problem
      const at: PythonNode = (keyword === undefined ? null : keywordArgument(call, keyword)) ?? call
      const place = partner ? placeOfMember(project, partner.model.name, partner.attribute) : null
      const answer = partner && place?.path === context.path ? callAt(node, place.line) : null
      const lacking = answer ? data['attribute']! : ''
      context.report({
        node: at,
        messageId,
        data,
        related: place ? [{ ...place, message: `\`${data['partner']}\` is defined here` }] : [],
        suggest: [
          answer && {
            messageId: 'addBackPopulates',
            data,
            fix: (fixer) => fixer.insertTextBefore(answer.arguments.children.at(-1)!, `${answer.arguments.namedChildren.length > 0 ? ', ' : ''}back_populates="${lacking}"`),
          },
        ],
      })
    }

    /** The relationship that begins in a line; `null` if its arguments end in a comma or a comment. */
    function callAt(node: ClassDefinitionNode, line: number): CallNode | null {
      const root = node.tree.node(0) as PythonNode
      for (const assignment of root.descendants('assignment')) {
        if (assignment.loc.start.line !== line || assignment.right?.kind !== 'call') continue
        const { children } = assignment.right.arguments
        return children.at(-2)?.kind === ',' || children.at(-2)?.kind === 'comment' ? null : assignment.right
      }
      return null
    }

    function reportConflict(model: Model, relationship: ModelRelationship, { call }: WrittenRelationship, other: { readonly model: Model; readonly relationship: ModelRelationship }): void {
      const what = relationship.hasSecondary ? `rows of \`${lastPart(relationship.secondary ?? '')}\`` : 'foreign key'
      const place = placeOfMember(project, other.model.name, other.relationship.attribute)
      const data = { here: nameOf(model, relationship.attribute), other: nameOf(other.model, other.relationship.attribute), what }
      context.report({ node: call, messageId: 'conflict', data, related: place ? [{ ...place, message: `\`${data.other}\` is defined here` }] : [] })
    }
  },
})

const FUNCTIONS: ReadonlySet<string> = new Set(['relationship', 'relation', 'Relationship'])
