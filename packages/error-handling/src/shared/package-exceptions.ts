import { withoutLastPart } from '@krait/python'
import type { PythonServices } from '@krait/python'

/** An exception class of the project that a module could raise. */
export interface PackageException {
  readonly module: string
  readonly name: string
  /** It stands in the package of the module itself, not in one around it. */
  readonly isNear: boolean
}

/** Modules in which packages keep their exceptions. */
const MODULES: readonly string[] = ['exceptions', 'errors']

/** The exceptions of the module's package, `<package>/exceptions.py` or `errors.py`, or else of the nearest package around it that has some; by name. */
export function packageExceptions({ project, moduleName }: PythonServices): readonly PackageException[] {
  const own = /(?:^|\/)__init__\.py$/.test(project.path) ? moduleName : withoutLastPart(moduleName)
  for (let name = own; ; name = withoutLastPart(name)) {
    const found = MODULES.flatMap((module) => exceptionsIn(project, name === '' ? module : `${name}.${module}`))
    if (found.length > 0) return found.map((exception) => ({ ...exception, isNear: name === own })).sort((a, b) => (a.name < b.name ? -1 : 1))
    if (name === '') return []
  }
}

function exceptionsIn(project: PythonServices['project'], module: string): readonly { readonly module: string; readonly name: string }[] {
  const path = project.modulePath(module)
  if (path === null || path === project.path) return []
  return Object.entries(project.module(path)?.members ?? {}).flatMap(([name, { kind }]) => {
    const { names } = kind === 'class' && !name.startsWith('_') ? project.ancestors(`${module}.${name}`) : { names: [] as readonly string[] }
    return names.includes('builtins.Exception') && !names.includes('builtins.Warning') ? [{ module, name }] : []
  })
}
