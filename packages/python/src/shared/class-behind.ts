import type { PythonProject } from '../project/python-project.ts'

/** The project class that a qualified name is, or of which it holds an object: `Clock` for `clock` with `clock = Clock()`. `null` for all else. */
export function classBehind(project: PythonProject, name: string): string | null {
  const definition = name === '' ? null : project.definition(name)
  if (definition?.kind === 'class') return definition.name
  const value = definition?.kind === 'variable' ? project.valueOf(name) : null
  const made = value?.kind === 'call' && value.callee !== null ? project.definition(value.callee) : null
  return made?.kind === 'class' ? made.name : null
}
