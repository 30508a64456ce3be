import { argument, callsOf, calledProjectFunction, classOfExpression, keywordArguments, ownCode, positionalArguments, withoutParentheses } from '@krait/python'
import type { CallNode, FunctionDefinitionNode, PythonNode, PythonServices } from '@krait/python'

const DELETING: ReadonlySet<string> = new Set(['aiofiles.os.remove', 'aiofiles.os.unlink', 'os.remove', 'os.unlink', 'shutil.rmtree'])
/** Functions whose second argument is the path that they write. */
const WRITING_TO: ReadonlySet<string> = new Set([
  'os.rename',
  'os.replace',
  'shutil.copy',
  'shutil.copy2',
  'shutil.copyfile',
  'shutil.copytree',
  'shutil.move',
  'urllib.request.urlretrieve',
])
const OPENING: ReadonlySet<string> = new Set(['aiofiles.open', 'builtins.open', 'bz2.open', 'codecs.open', 'gzip.open', 'io.open', 'lzma.open'])
const WRAPPERS: ReadonlySet<string> = new Set(['builtins.str', 'os.fspath', 'pathlib.Path', 'pathlib.PurePath'])

/** The path that a call deletes; `null` for all other calls. */
export function deletedPath(context: PythonServices, call: CallNode): PythonNode | null {
  const called = withoutParentheses(call.function)
  if (context.resolvesTo(called, DELETING)) return bare(context, argument(call, 'path', 0))
  if (called.kind !== 'attribute' || called.attribute.text !== 'unlink') return null
  return isPath(context, called.object) ? bare(context, called.object) : null
}

/** Whether a call writes a new file or folder at a path. */
export function writesPath(context: PythonServices, call: CallNode, path: string): boolean {
  const called = withoutParentheses(call.function)
  const isSame = (node: PythonNode | null | undefined) => node !== null && node !== undefined && bare(context, node)?.text === path
  if (called.kind === 'attribute') {
    const method = called.attribute.text
    if ((method === 'write_text' || method === 'write_bytes') && isSame(called.object)) return true
    if (method === 'open' && isSame(called.object)) return isWriting(argument(call, 'mode', 0))
    if ((method === 'rename' || method === 'replace') && positionalArguments(call).length === 1 && isSame(argument(call, 'target', 0))) return true
  }
  if (context.resolvesTo(called, OPENING)) return isSame(argument(call, 'file', 0)) && isWriting(argument(call, 'mode', 1))
  if (context.resolvesTo(called, WRITING_TO)) return isSame(argument(call, 'dst', 1) ?? argument(call, 'filename', 1))
  return handsOn(context, call, isSame)
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

/** A path without `Path()` and `str()` around it. */
function bare(context: PythonServices, node: PythonNode | null): PythonNode | null {
  let path = node && withoutParentheses(node)
  while (path?.kind === 'call' && context.resolvesTo(path.function, WRAPPERS)) {
    const [inner, ...others] = positionalArguments(path)
    if (!inner || others.length > 0) break
    path = withoutParentheses(inner)
  }
  return path
}

function isPath(context: PythonServices, node: PythonNode): boolean {
  const className = classOfExpression(context, node)
  return className === null || /^(pathlib|anyio)\./.test(className)
}

function isWriting(mode: PythonNode | null): boolean {
  const text = mode?.kind === 'string' ? mode.text : ''
  return /^["'][^"']*[wxa]/.test(text)
}

/** A function of the project that is given the path and writes there. */
function handsOn(context: PythonServices, call: CallNode, isSame: (node: PythonNode) => boolean): boolean {
  const position = positionalArguments(call).findIndex(isSame)
  const keyword = [...keywordArguments(call)].find(([, value]) => isSame(value))?.[0]
  if (position < 0 && keyword === undefined) return false
  const name = calledProjectFunction(context, call)
  if (name === null) return false
  const own = functionOfFile(context, call.function)
  if (own) {
    const parameter = keyword ?? parametersOf(own)[position]
    return parameter !== undefined && [...ownCode(own.body)].some((node) => node.kind === 'call' && !functionOfFile(context, node.function) && writesPath(context, node, parameter))
  }
  return (
    callsOf(context.project, name)?.calls.some(
      ({ method, receiver }) => (method === 'write_text' || method === 'write_bytes') && receiver?.kind === 'local' && receiver.isParameter,
    ) ?? false
  )
}

function functionOfFile(context: PythonServices, called: PythonNode): FunctionDefinitionNode | null {
  const definition = called.kind === 'identifier' ? context.scopes.bindingOf(called)?.onlyDefinition : null
  return definition?.kind === 'function' ? (definition.node as FunctionDefinitionNode) : null
}

function parametersOf({ parameters }: FunctionDefinitionNode): readonly string[] {
  return parameters.namedChildren.map((parameter) => {
    if (parameter.kind === 'identifier') return parameter.text
    return parameter.field('name')?.text ?? parameter.namedChildren[0]?.text ?? ''
  })
}
