import { ownCode } from '@krait/python'
import type { FunctionDefinitionNode, ModuleNode, PythonNode } from '@krait/python'

/** What is executed as a whole: the body of a function, or the code of a module outside of functions. */
export type Unit = FunctionDefinitionNode | ModuleNode

/** The nodes of a function or module, without functions and classes that are defined in it; all, or those of some kinds. */
export function codeOf<Kind extends PythonNode['kind'] = PythonNode['kind']>(unit: Unit, ...kinds: Kind[]) {
  return ownCode(unit.kind === 'module' ? unit : unit.body, ...kinds)
}
