import { argument, positionalArguments, withoutParentheses } from '@krait/python'
import type { CallNode, PythonNode } from '@krait/python'

/** The qualified name of what an expression names. */
export type Resolve = (node: PythonNode) => string | null

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

/** Whether a call itself writes a new file or folder at a path. */
export function writesAt(resolve: Resolve, call: CallNode, path: string): boolean {
  const called = withoutParentheses(call.function)
  const isSame = (node: PythonNode | null) => node !== null && barePath(resolve, node)?.text === path
  if (called.kind === 'attribute') {
    const method = called.attribute.text
    if ((method === 'write_text' || method === 'write_bytes') && isSame(called.object)) return true
    if (method === 'open' && isSame(called.object)) return isWriting(argument(call, 'mode', 0))
    if ((method === 'rename' || method === 'replace') && positionalArguments(call).length === 1 && isSame(argument(call, 'target', 0))) return true
  }
  const name = resolve(called) ?? ''
  if (OPENING.has(name)) return isSame(argument(call, 'file', 0)) && isWriting(argument(call, 'mode', 1))
  return WRITING_TO.has(name) && isSame(argument(call, 'dst', 1) ?? argument(call, 'filename', 1))
}

/** A path without `Path()` and `str()` around it. */
export function barePath(resolve: Resolve, node: PythonNode | null): PythonNode | null {
  let path = node && withoutParentheses(node)
  while (path?.kind === 'call' && WRAPPERS.has(resolve(path.function) ?? '')) {
    const [inner, ...others] = positionalArguments(path)
    if (!inner || others.length > 0) break
    path = withoutParentheses(inner)
  }
  return path
}

function isWriting(mode: PythonNode | null): boolean {
  const text = mode?.kind === 'string' ? mode.text : ''
  return /^["'][^"']*[wxa]/.test(text)
}
