import type { FlatTree } from '@krait/core'
import type { CallNode } from '../../../generated/nodes.ts'
import { lastPart } from '../../../shared/dotted-name.ts'
import type { PythonNode } from '../../../syntax/node.ts'
import { semanticsOf } from '../../../file-semantics.ts'
import type { PythonProject } from '../../../project/python-project.ts'
import type { PythonServices } from '../../../services.ts'
import { isFlaskObject } from '../library-names.ts'
import type { Model, ModelRelationship } from '../model.ts'
import { Conditions, MAX_PATHS } from './conditions.ts'
import { Executions } from './executions.ts'
import type { Execution } from './executions.ts'
import { Expressions } from './expressions.ts'
import { alternativesOf, at, withoutAwait } from './frames.ts'
import type { Frame, Located } from './frames.ts'
import { Generation } from './generation.ts'
import { Hybrids } from './hybrids.ts'
import { Joins } from './joins.ts'
import { GENERATIVE_METHODS } from './names.ts'
import { Resolver } from './resolver.ts'
import { Sources } from './sources.ts'
import type { Condition, KnownStatement, ModelSource, Source, SqlExpression, Statement } from './statement.ts'
import { TermReader } from './term-reader.ts'
import type { AttributeTerm, CallTerm, Term } from './term.ts'

/** A chain of more calls than these is unknown. */
const MAX_STEPS = 300
/** Statements inside statements inside statements. */
const MAX_DEPTH = 12

const BEGINNINGS: ReadonlySet<string> = new Set([
  ...'select insert update delete union union_all intersect intersect_all except_ except_all'.split(' ').map((name) => `sqlalchemy.${name}`),
  'sqlmodel.select',
])
const DIALECT_INSERT = /^sqlalchemy\.dialects\.\w+(\.\w+)?\.(insert|Insert)$/

/** Reads the statements of SQLAlchemy in one file: what they select, from where, and under which conditions. */
export class Statements {
  readonly #services: PythonServices
  readonly #reader: TermReader
  readonly #frame: Frame
  readonly #resolver: Resolver
  readonly #sources: Sources
  readonly #expressions: Expressions
  readonly #conditions: Conditions
  readonly #generation: Generation
  readonly #executions: Executions
  readonly #known = new Map<number, KnownStatement | null>()
  readonly #knownExpressions = new Map<number, SqlExpression>()
  /** What is being read: a statement that is made from itself is no statement. */
  readonly #open = new Set<Term>()

  constructor(services: PythonServices, tree: FlatTree) {
    this.#services = services
    this.#reader = new TermReader(semanticsOf(tree), (node) => services.flow(node), true)
    this.#resolver = new Resolver(services)
    this.#frame = {
      id: 0,
      path: services.project.path,
      parameters: new Map(),
      receiver: null,
      isHere: true,
      depth: 0,
      definition: (index) => this.#reader.definition(index),
    }
    this.#sources = new Sources(this.#resolver)
    this.#expressions = new Expressions(this.#resolver, this.#sources)
    this.#conditions = new Conditions(this.#resolver, this.#expressions, new Hybrids(this.#resolver), this)
    const joins = new Joins(this.#resolver, this.#sources, this.#expressions, this.#conditions)
    this.#generation = new Generation(this.#sources, this.#expressions, this.#conditions, joins)
    this.#executions = new Executions(this.#resolver, this)
  }

  /** An expression of the file, to ask more of it. */
  locate(node: PythonNode): Located {
    return { term: this.#reader.read(node), frame: this.#frame }
  }

  /** The statement that an expression is; `null` if it is none, or not known. */
  statementOf(node: PythonNode): KnownStatement | null {
    let statement = this.#known.get(node.index)
    if (statement === undefined) this.#known.set(node.index, (statement = this.#services.share('statements', () => this.read(this.locate(node)))))
    return statement
  }

  /**
   * What a call such as `.one_or_none()` executes; `null` if it executes nothing that can be seen.
   * @param methods the last parts of such calls
   */
  executionOf(node: PythonNode, methods: ReadonlySet<string>): Execution | null {
    return this.#services.share('statements', () => this.#executions.executionOf(this.locate(node), methods))
  }

  /** As `executionOf`, also for a call of a project function that executes a statement of its own and returns what comes of it. */
  executionBehind(node: PythonNode, methods: ReadonlySet<string>): Execution | null {
    return this.#executions.executionBehind(this.locate(node), methods)
  }

  /** What a call of a project function with a single `return` gives, functions that it calls for it aside; `null` for all else. */
  resultOf(call: CallNode): Located | null {
    let current: Located = this.locate(call)
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const { term, frame } = withoutAwait(current)
      const result = term.kind === 'call' ? this.#resolver.resultOf({ term, frame }) : null
      if (!result) break
      const alternatives = alternativesOf(result)
      if (alternatives?.length !== 1) return null
      current = alternatives[0]!
    }
    return current.frame.isHere ? null : current
  }

  /** What an expression is in SQL. */
  expressionOf(node: PythonNode): SqlExpression {
    let expression = this.#knownExpressions.get(node.index)
    if (!expression) this.#knownExpressions.set(node.index, (expression = this.#services.share('statements', () => this.#expressions.expressionOf(this.locate(node)))))
    return expression
  }

  /** The same for a part of a statement, such as an argument of one of its steps. */
  sqlOf(located: Located): SqlExpression {
    return this.#expressions.expressionOf(located)
  }

  /** The canonical qualified name of a part of a statement: `sqlalchemy.func.count`; `null` if it has none. */
  nameOf(located: Located): string | null {
    return this.#resolver.nameOf(located)
  }

  /** As `statementOf`, for a part of another statement. */
  read(located: Located): KnownStatement | null {
    const paths = this.#paths(located)
    return paths && { paths }
  }

  /** The class that a part of an expression stands for, also `self.model` where the class of `self` says it. */
  classNameOf(located: Located): string | null {
    return this.#resolver.classObjectOf(located) ?? this.#resolver.nameOf(located)
  }

  givesOneRow(located: Located): boolean {
    return this.#paths(located)?.every(({ limit }) => limit === 1) ?? false
  }

  #paths(located: Located): readonly Statement[] | null {
    const alternatives = this.#open.size > MAX_DEPTH ? null : alternativesOf(located)
    if (!alternatives) return null
    const paths: Statement[] = []
    for (const alternative of alternatives) {
      if (this.#open.has(alternative.term)) continue
      this.#open.add(alternative.term)
      try {
        const read = this.#chain(alternative)
        if (!read) return null
        paths.push(...read)
      } finally {
        this.#open.delete(alternative.term)
      }
    }
    return paths.length === 0 || paths.length > MAX_PATHS ? null : paths
  }

  /** Reads a chain of calls from its beginning. */
  #chain(end: Located): readonly Statement[] | null {
    const steps: Located<CallTerm>[] = []
    let current = end
    for (;;) {
      if (steps.length > MAX_STEPS) return null
      current = withoutAwait(current)
      const { term } = current
      const begun = this.#beginning(current)
      if (begun !== undefined) return begun && this.#generation.apply(begun, steps.reverse())
      if (term.kind !== 'call' || term.function.kind !== 'attribute') return null
      steps.push(current as Located<CallTerm>)
      const object = at(term.function.object, current)
      const alternatives = alternativesOf(object)
      if (alternatives?.length !== 1 || object.term.kind !== alternatives[0]!.term.kind) {
        const before = this.#paths(object)
        return before && this.#generation.apply(before, steps.reverse())
      }
      current = alternatives[0]!
    }
  }

  /** The statement that an expression begins; `undefined` if it changes another one, `null` if it is none. */
  #beginning(located: Located): readonly Statement[] | null | undefined {
    const { term } = located
    if (term.kind === 'call') return this.#begunByCall(located as Located<CallTerm>)
    if (term.kind === 'attribute') return this.#begunByAttribute(located as Located<AttributeTerm>)
    // A variable that is assigned `User.query` once is another name of it.
    return term.kind === 'name' && term.name.endsWith('.query') ? this.#queryOf(this.#sources.memberOf(located)?.source) : null
  }

  #begunByCall(call: Located<CallTerm>): readonly Statement[] | null | undefined {
    const { function: called } = call.term
    const name = this.#resolver.nameOf(at(called, call))
    if (name !== null && (BEGINNINGS.has(name) || DIALECT_INSERT.test(name))) return this.#generation.begin(lastPart(name).toLowerCase(), call)
    if (called.kind !== 'attribute') return this.#ofFunction(call)
    const object = at(called.object, call)
    if (GENERATIVE_METHODS.has(called.attribute)) return undefined
    if (called.attribute === 'query' && !this.#isFlaskSelect(object)) return this.#query(call)
    if (called.attribute === 'select' || called.attribute === 'insert' || called.attribute === 'update' || called.attribute === 'delete') {
      const table = this.#sources.sourceOf(object)
      if (table) return this.#generation.onTable(called.attribute, table, call)
    }
    return this.#ofFunction(call)
  }

  #isFlaskSelect(object: Located): boolean {
    const name = this.#resolver.nameOf(object)
    return name !== null && isFlaskObject(this.#resolver.project, name)
  }

  /** `session.query(User)`: what is given tells that it is one. */
  #query(call: Located<CallTerm>): readonly Statement[] | null {
    const [first] = call.term.arguments
    if (!first) return null
    const { kind } = this.#expressions.expressionOf(at(first, call))
    return kind === 'value' || kind === 'unknown' ? null : this.#generation.begin('query', call)
  }

  /** A call of a function of the project that returns a statement. */
  #ofFunction(call: Located<CallTerm>): readonly Statement[] | null {
    const result = this.#resolver.resultOf(call)
    return result && this.#paths(result)
  }

  /** `User.query`, `user.orders` of a dynamic relationship, a property that gives a statement. */
  #begunByAttribute(located: Located<AttributeTerm>): readonly Statement[] | null {
    const { attribute, object } = located.term
    const query = attribute === 'query' ? this.#queryOf(this.#sources.sourceOf(at(object, located))) : null
    if (query) return query
    const className = this.#resolver.classOf(at(object, located))
    if (className === null) return null
    const relationship = this.#resolver.project.model(className)?.relationships.find((candidate) => candidate.attribute === attribute)
    if (relationship?.lazy === 'dynamic') return this.#dynamic(relationship)
    const result = this.#resolver.propertyOf(located)
    return result && this.#paths(result)
  }

  /** `User.query` */
  #queryOf(source: Source | null | undefined): readonly Statement[] | null {
    return source?.model && !hasOwnQuery(source.model) ? this.#generation.queryOf(source) : null
  }

  /** A query on the target of a relationship, whose foreign key it binds. */
  #dynamic({ target, hasSecondary, direction, pairs }: ModelRelationship): readonly Statement[] | null {
    const source = target === null ? null : this.#sources.ofName(target)
    if (!source?.model) return null
    const owner = source as ModelSource
    const remote = direction === 'one-to-many' ? (pairs ?? []).map((pair) => pair.remote) : []
    const columns = owner.model.columns.filter(({ attribute }) => remote.includes(attribute))
    const bound: readonly Condition[] = columns.map((column) => ({ kind: 'bound', column: { source: owner, column }, node: null }))
    const unknown: readonly Condition[] = hasSecondary || bound.length > 0 ? [] : [{ kind: 'unknown', node: null }]
    return this.#generation.queryOf(source).map((statement) => ({ ...statement, conditions: [...bound, ...unknown] }))
  }
}

/** `query` is a column or a method of the class itself. */
function hasOwnQuery({ columns, attributes }: Model): boolean {
  return columns.some(({ attribute }) => attribute === 'query') || attributes.some(({ attribute, kind }) => attribute === 'query' && kind === 'method')
}

const statementsByProject = new WeakMap<PythonProject, Statements>()

/** The reader of statements for the file of a rule's context; all rules that look at the file get the same. */
export function statementsOf(services: PythonServices): Statements {
  const { project, scopes } = services
  let statements = statementsByProject.get(project)
  if (!statements) statementsByProject.set(project, (statements = new Statements(services, scopes.tables.tree)))
  return statements
}
