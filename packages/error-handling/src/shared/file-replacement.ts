import { argument, calledProjectFunction, classOfExpression, functionNamed, keywordArguments, positionalArguments, withoutLastPart, withoutParentheses } from '@krait/python'
import type { CallNode, PythonNode, PythonProject, PythonServices } from '@krait/python'
import { writtenPathsFact } from '../facts/written-paths.ts'
import { barePath, writesAt } from './path-writes.ts'

const DELETING: ReadonlySet<string> = new Set(['aiofiles.os.remove', 'aiofiles.os.unlink', 'os.remove', 'os.unlink', 'shutil.rmtree'])

/** The path that a call deletes; `null` for all other calls. */
export function deletedPath(context: PythonServices, call: CallNode): PythonNode | null {
  const called = withoutParentheses(call.function)
  const resolve = (node: PythonNode) => context.resolve(node)
  if (context.resolvesTo(called, DELETING)) return barePath(resolve, argument(call, 'path', 0))
  if (called.kind !== 'attribute' || called.attribute.text !== 'unlink') return null
  return isPath(context, called.object) ? barePath(resolve, called.object) : null
}

/** Whether a call writes a new file or folder at a path: itself, or by a function of the project that is given the path. */
export function writesPath(context: PythonServices, call: CallNode, path: string): boolean {
  const resolve = (node: PythonNode) => context.resolve(node)
  if (writesAt(resolve, call, path)) return true
  const isSame = (node: PythonNode) => barePath(resolve, node)?.text === path
  const position = positionalArguments(call).findIndex(isSame)
  const keyword = [...keywordArguments(call)].find(([, value]) => isSame(value))?.[0]
  const given = keyword ?? (position < 0 ? null : position)
  const name = given === null ? null : calledProjectFunction(context, call)
  return name !== null && given !== null && writesArgument(context.project, name, given)
}

/** Whether a path was made by `tempfile`. */
export function isTemporary(context: PythonServices, path: PythonNode): boolean {
  let root = path
  while (root.kind === 'attribute' || root.kind === 'binary_operator') root = withoutParentheses(root.kind === 'attribute' ? root.object : root.left)
  for (const { node, value } of (root.kind === 'identifier' ? context.scopes.bindingOf(root)?.definitions : undefined) ?? []) {
    for (const call of [...(value ? [value] : []), ...(value ?? node).descendants('call')]) {
      if (call.kind === 'call' && (context.resolve(call.function) ?? '').startsWith('tempfile.')) return true
    }
  }
  return false
}

function isPath(context: PythonServices, node: PythonNode): boolean {
  const className = classOfExpression(context, node)
  return className === null || /^(pathlib|anyio)\./.test(className)
}

/** A path is followed through this many functions. */
const MAX_FUNCTIONS = 20

/** Whether a function writes at the path that it is given, or hands it to one that does. */
function writesArgument(project: PythonProject, name: string, argumentOf: number | string): boolean {
  const pending: [name: string, argument: number | string][] = [[name, argumentOf]]
  const seen = new Set<string>()
  for (let next = pending.pop(); next && seen.size < MAX_FUNCTIONS; next = pending.pop()) {
    const [called, given] = next
    const found = functionNamed(project, called)
    const paths = found && project.part(writtenPathsFact, found.path, project.pathInModule(found.name, found.path))
    if (!found || !paths || seen.has(`${found.name} ${given}`)) continue
    seen.add(`${found.name} ${given}`)
    const parameter = typeof given === 'string' ? given : paths.parameters[given + (isBound(project, found.name) ? 1 : 0)]
    if (parameter === undefined) continue
    if (paths.writes.includes(parameter)) return true
    for (const { parameter: passed, callee, argument: position } of paths.passes) {
      if (passed !== parameter) continue
      const target = callee.startsWith(':') ? project.nameInModule(callee.slice(1), found.path) : project.resolveName(callee, found.path)
      if (target !== null) pending.push([target, position])
    }
  }
  return false
}

/** Whether a function is a method that gets its object by itself. */
function isBound(project: PythonProject, name: string): boolean {
  const owner = withoutLastPart(name)
  const fact = owner === '' ? null : project.member(owner, name.slice(owner.length + 1))?.fact
  return fact?.kind === 'function' && (fact.method === 'instance' || fact.method === 'class')
}
