import type { ServicesInput, SyntaxNode } from '@krait/core'
import type { FileSemantics } from './file-semantics.ts'
import { semanticsOf } from './file-semantics.ts'
import { FileFlows } from './flow/file-flows.ts'
import type { Flow } from './flow/flow.ts'
import { projectFlowOptions } from './flow/project-options.ts'
import { FileKinds } from './kinds/file-kinds.ts'
import type { Kind } from './kinds/kind.ts'
import { ProjectKinds } from './kinds/project-kinds.ts'
import { PythonProject } from './project/python-project.ts'
import type { Scopes } from './scopes/scopes.ts'
import type { Constant } from './values/constant.ts'
import { Values } from './values/values.ts'
import type { PythonNode } from './syntax/node.ts'
import { TypeEvaluator } from './types/evaluator.ts'
import { ExpressionTypes } from './types/expression-types.ts'
import { NameFlow } from './types/name-flow.ts'
import type { Type } from './types/type.ts'

/** What Python adds to a rule's context. Everything is computed when first asked for. */
export class PythonServices {
  readonly #input: ServicesInput
  readonly #file: FileSemantics
  #project: PythonProject | undefined
  #values: Values | undefined
  #types: ExpressionTypes | undefined
  #flows: FileFlows | undefined
  #evaluator: TypeEvaluator | undefined
  #kinds: FileKinds | undefined

  constructor(input: ServicesInput) {
    this.#input = input
    this.#file = semanticsOf(input.sourceCode.tree)
  }

  /** The scopes of the file: bindings, definitions, references. */
  get scopes(): Scopes {
    return this.#file.scopes
  }

  /** What expressions say: summaries, constants, classes of objects. */
  get values(): Values {
    return (this.#values ??= new Values(this.#file, this.project))
  }

  /** The other files: modules, definitions, class hierarchy, facts. Each read is logged. */
  get project(): PythonProject {
    return (this.#project ??= new PythonProject(this.#input.reader, this.#input.settings, this.#input.sourceCode.path))
  }

  /** The types of expressions and definitions, see `typeOf`. */
  get types(): ExpressionTypes {
    return (this.#types ??= new ExpressionTypes(this.#file, this.project, this.#typeEvaluator, new NameFlow(this.#file, this.project)))
  }

  /**
   * What is known of the value of an expression: an instance of a class, a class, a function, a module, or one of several; `unknown` where the
   * code does not say. See `Type`.
   */
  typeOf(node: PythonNode): Type {
    return this.#input.share ? this.#input.share('types', () => this.types.typeOf(node)) : this.types.typeOf(node)
  }

  /** The kinds of expressions and definitions, see `kindOf`. */
  get kinds(): FileKinds {
    return (this.#kinds ??= new FileKinds({
      file: this.#file,
      view: this.project,
      types: this.types,
      values: this.values,
      project: new ProjectKinds(this.project, this.#input.settings, (name) => this.#typeEvaluator.ofName(name)),
    }))
  }

  /**
   * What an expression is as a point or span of time, at its place in the control flow: a datetime with or without a zone, a date, a `timedelta`, text made
   * from one of them; `unknown` where the code does not say. See `Kind`.
   */
  kindOf(node: PythonNode): Kind {
    return this.#input.share ? this.#input.share('kinds', () => this.kinds.kindOf(node)) : this.kinds.kindOf(node)
  }

  /**
   * The control flow of the code that a module, function, class or lambda holds; for any other node, of the code that executes it. Made when it is first
   * asked for. What never returns, swallows or cannot raise is decided by resolved names and by what the project says of its functions.
   */
  flow(node: SyntaxNode): Flow {
    const flows = (this.#flows ??= new FileFlows(this.#file, projectFlowOptions(this)))
    return this.share('control flow', () => flows.flow(node))
  }

  /** Does work whose outcome is kept for all rules: where times are measured, its time is not that of the rule which happens to ask first. */
  share<Result>(what: string, work: () => Result): Result {
    return this.#input.share ? this.#input.share(what, work) : work()
  }

  /** The qualified name of this file's module, such as `app.models`. */
  get moduleName(): string {
    return this.project.moduleName()
  }

  /**
   * The canonical qualified name of an identifier or attribute chain (of a call, give `call.function`), or of the function or class that a definition
   * node makes: `sqlalchemy.text` for `t` after `from sqlalchemy import text as t`, `builtins.eval`, `app.models.User`. Imports, aliases bound
   * once and re-exports are followed. `null` for local variables, parameters, `self.x`, and names with several meanings.
   */
  resolve(node: SyntaxNode | null | undefined): string | null {
    if (!node) return null
    const name = this.#file.names.nameOf(node.index)
    return name === null ? null : this.project.resolveName(name)
  }

  /** Whether a node resolves to one of these qualified names. */
  resolvesTo(node: SyntaxNode | null | undefined, names: readonly string[] | ReadonlySet<string>): boolean {
    const name = this.resolve(node)
    if (name === null) return false
    return names instanceof Set ? names.has(name) : (names as readonly string[]).includes(name)
  }

  /** See `Values.constantOf`. */
  constantOf(node: SyntaxNode): Constant | undefined {
    return this.values.constantOf(node)
  }

  /** See `Values.instanceClassOf`. */
  instanceClassOf(node: SyntaxNode): string | null {
    return this.values.instanceClassOf(node)
  }

  get #typeEvaluator(): TypeEvaluator {
    return (this.#evaluator ??= TypeEvaluator.kept(this.project))
  }
}
