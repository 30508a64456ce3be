import { resolve } from 'node:path'
import { didYouMean } from '@krait/core'
import { UsageError, type Io } from '../io.ts'
import { readSource } from '../read/read-source.ts'

export interface DebugFlowArguments {
  readonly file: string
  /** As in `Order.cancel`; the module itself if it is left out. */
  readonly function: string | undefined
  readonly mermaid: boolean
}

/**
 * `krait debug flow FILE [FUNCTION]`: prints the control flow of a function, as far as its file alone tells.
 *
 * @throws {UsageError} when the file can not be read or has no such function
 */
export async function debugFlowCommand({ file, function: name, mermaid }: DebugFlowArguments, io: Io): Promise<number> {
  const source = readSource(resolve(io.cwd, file))
  if (!('text' in source)) throw new UsageError(`${file}: ${source.reason}.`)
  const [{ dumpFlow, flowToMermaid, semanticsOf }, { loadPython }] = await Promise.all([import('@krait/python'), import('@krait/python/node')])
  const tree = (await loadPython()).parse(source.text.replace(/^\uFEFF/, ''))
  const semantics = semanticsOf(tree)
  const { functions } = semantics
  const node = name === undefined ? tree.node(0) : functions.get(name)
  if (!node) throw new UsageError(`${file} has no function '${name}'.${didYouMean(name!, functions.keys())}`)
  const flow = semantics.flow(node)
  io.stdout.write(`${mermaid ? flowToMermaid(flow) : dumpFlow(flow)}\n`)
  return 0
}
