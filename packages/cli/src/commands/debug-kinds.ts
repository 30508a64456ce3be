import { realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Project } from '@krait/core'
import type { PythonServices } from '@krait/python'
import { ConfigLoader } from '../config/config-loader.ts'
import { groupIntoProjects } from '../discover/group-into-projects.ts'
import { SourceTree } from '../discover/source-tree.ts'
import { UsageError, type Io } from '../io.ts'
import { loadLanguages, sourceExtensions } from '../languages.ts'
import { readSource } from '../read/read-source.ts'
import { SourceReader } from '../run/source-reader.ts'

/**
 * `krait debug kinds FILE`: prints which expressions are points or spans of time, and of which kind, as rules see them in the project of the file.
 *
 * @throws {UsageError} when the file can not be read
 */
export async function debugKindsCommand(file: string, io: Io): Promise<number> {
  const absolute = resolve(io.cwd, file)
  const source = readSource(absolute)
  if (!('text' in source)) throw new UsageError(`${file}: ${source.reason}.`)
  const target = realpathSync(absolute)
  const loader = new ConfigLoader({ cwd: io.cwd, folders: [dirname(target)] })
  const [discovered] = await groupIntoProjects([target], loader, new SourceTree(sourceExtensions))
  if (!discovered) throw new UsageError(`${file} is ignored by the config.`)
  const { config, files, targets } = discovered
  const { languages } = await loadLanguages()
  const { read } = new SourceReader(config.root, {}, { countsLines: false, notesVersions: false })
  const settings = config.resolver.resolve('').settings
  const project = new Project({ files, languages, settings, read })
  const [path] = targets
  const sourceCode = project.source(path!)
  const language = project.languageOf(path!)
  if (!sourceCode || !language) throw new UsageError(`${file} is no Python file.`)
  const services = language.createServices({ sourceCode, reader: project.reader(), settings: config.resolver.resolve(path!).settings }) as PythonServices
  const { dumpKinds } = await import('@krait/python')
  io.stdout.write(`${dumpKinds(sourceCode.tree, (node) => services.kindOf(node))}\n`)
  return 0
}
