import type { ServicesInput, SyntaxNode } from '@krait/core'
import type { FileSemantics } from './file-semantics.ts'
import { semanticsOf } from './file-semantics.ts'
import { PythonProject } from './project/python-project.ts'
import type { Scopes } from './scopes/scopes.ts'
import type { Constant } from './values/constant.ts'
import { Values } from './values/values.ts'

/** What Python adds to a rule's context. Everything is computed when first asked for. */
export class PythonServices {
  readonly #input: ServicesInput
  readonly #file: FileSemantics
  #project: PythonProject | undefined
  #values: Values | undefined

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
}
