import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Loader, PublicExplorer } from 'cosmiconfig'
import { isPlainObject } from '@krait/core'
import { isCodeFile, ownConfigFiles, sharedConfigFiles } from './config-files.ts'
import { ConfigError, configError } from './config-error.ts'
import { loadCode } from './load-code.ts'
import { JsonSyntaxError, parseJson } from './parse-json.ts'

/** What a config file holds; not validated. */
export interface ConfigFile {
  /** Absolute. */
  readonly file: string
  readonly value: unknown
}

export interface ReadConfigOptions {
  /** Refuse files that are code. */
  readonly noCode: boolean
}

/**
 * Reads config files through cosmiconfig, which is loaded when the first one is met. Plain JSON files are read without it, by the same
 * rules: loading cosmiconfig takes longer than all the rest of the search.
 */
export class ConfigFileReader {
  readonly #options: ReadConfigOptions
  #explorers: Promise<readonly PublicExplorer[]> | undefined

  constructor(options: ReadConfigOptions) {
    this.#options = options
  }

  /**
   * The config of one folder, not of those above; `null` when it has none.
   *
   * @param names what the folder holds
   * @throws {ConfigError} when the file is broken
   */
  async search(folder: string, names: readonly string[]): Promise<ConfigFile | null> {
    const strongest = ownConfigFiles.find((name) => names.includes(name))
    const plain = strongest === undefined ? null : readPlainJson(join(folder, strongest))
    if (plain !== null) return plain
    for (const explorer of await this.#load(folder)) {
      const found = await unwrapError(folder, explorer.search(folder))
      if (found !== null) return { file: found.filepath, value: unwrap(found.config) }
    }
    return null
  }

  /**
   * The config in a given file: one of the known names, or any file with a known ending.
   * @throws {ConfigError} when the file cannot be read, is broken, or has no section for krait
   */
  async read(file: string): Promise<ConfigFile> {
    const plain = readPlainJson(file)
    if (plain !== null) return plain
    const [explorer] = await this.#load(file)
    const found = await unwrapError(file, explorer!.load(file))
    const isShared = sharedConfigFiles.includes(basename(file))
    if (found === null || (found.isEmpty === true && isShared)) {
      throw configError(file, '', `Has no config of krait: expected ${basename(file) === 'package.json' ? 'the key "krait"' : '[tool.krait]'}.`)
    }
    return { file, value: unwrap(found.config) }
  }

  #load(place: string): Promise<readonly PublicExplorer[]> {
    this.#explorers ??= this.#createExplorers(place)
    return this.#explorers
  }

  async #createExplorers(place: string): Promise<readonly PublicExplorer[]> {
    if (this.#options.noCode) refuseMetaConfig(place)
    const { cosmiconfig } = await import('cosmiconfig')
    const code: Loader = async (file) => {
      if (this.#options.noCode) throw configError(file, '', 'This config is code, which --no-code refuses. Use JSON, YAML or pyproject.toml instead.')
      return wrap(await loadCode(file, ['default', 'config']))
    }
    const loaders: Record<string, Loader> = {
      '.json': (file, text) => readJson(file, text),
      '.toml': (file, text) => readToml(file, text),
      '.yaml': (file, text) => readYaml(file, text),
      '.yml': (file, text) => readYaml(file, text),
      'noExt': (file, text) => (text.trimStart().startsWith('{') ? readJson(file, text) : readYaml(file, text)),
      '.ts': code, '.mts': code, '.cts': code, '.js': code, '.mjs': code, '.cjs': code,
    }
    const common = { loaders, searchStrategy: 'none', cache: false } as const
    return [
      cosmiconfig('krait', { ...common, searchPlaces: [...ownConfigFiles], ignoreEmptySearchPlaces: false }),
      cosmiconfig('krait', { ...common, searchPlaces: [...sharedConfigFiles], ignoreEmptySearchPlaces: true }),
    ]
  }
}

/** cosmiconfig gives the key `$import` of an object a meaning and reads `null` as "no config here": the wrapping hides the content from it. */
interface Wrapped {
  readonly content: unknown
}

function wrap(content: unknown): Wrapped {
  return { content }
}

function unwrap(config: Wrapped | undefined): unknown {
  return config === undefined ? {} : config.content
}

/** `null` for what must go through cosmiconfig: other kinds of files, and what is no readable file. */
function readPlainJson(file: string): ConfigFile | null {
  if (extname(file) !== '.json' || basename(file) === 'package.json') return null
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // cosmiconfig passes over it, or says why it cannot be read.
    return null
  }
  return { file, value: text.trim() === '' ? {} : parseJsonConfig(file, text) }
}

function parseJsonConfig(file: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw configError(file, `${error.line}:${error.column}`, error.message, error)
    throw error
  }
}

function readJson(file: string, text: string): unknown {
  const value = parseJsonConfig(file, text)
  if (basename(file) !== 'package.json') return wrap(value)
  return { krait: isPlainObject(value) && value['krait'] !== undefined ? wrap(value['krait']) : null }
}

async function readToml(file: string, text: string): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml')
  try {
    const value = parse(text)
    if (basename(file) !== 'pyproject.toml') return wrap(value)
    const tools = value['tool']
    return isPlainObject(tools) && tools['krait'] !== undefined ? wrap(tools['krait']) : null
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const message = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '')
    throw configError(file, `${error.line}:${error.column}`, `Invalid TOML: ${message}.`, error)
  }
}

async function readYaml(file: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) return wrap(document.toJS() ?? {})
  const before = text.slice(0, error.pos[0])
  const column = error.pos[0] - before.lastIndexOf('\n')
  throw configError(file, `${before.split('\n').length}:${column}`, `Invalid YAML: ${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`, error)
}

async function unwrapError<T>(place: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const { code, filepath, message } = error as NodeJS.ErrnoException & { filepath?: string }
    const file = filepath ?? place
    if (code === 'ENOENT') throw configError(file, '', 'This config file does not exist.', error)
    if (message.startsWith('No loader specified')) {
      throw configError(file, '', `krait cannot read this kind of config file. Known endings: .ts .mts .js .mjs .cjs .json .yaml .yml .toml.`, error)
    }
    throw configError(file, '', `Cannot be read: ${message}`, error)
  }
}

/** cosmiconfig itself runs `.config/config.js` and its like in the current folder to find settings of its own. */
function refuseMetaConfig(place: string): void {
  for (const extension of ['js', 'ts', 'cjs', 'mjs']) {
    const file = join(process.cwd(), '.config', `config.${extension}`)
    if (isCodeFile(file) && existsSync(file)) {
      throw configError(file, '', `This is code that the config search would run (it was looking at ${place}), which --no-code refuses. Remove it or run krait elsewhere.`)
    }
  }
}
