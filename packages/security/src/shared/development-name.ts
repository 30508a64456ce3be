import { splitWords } from '@krait/python'

const DEVELOPMENT_WORDS: ReadonlySet<string> = new Set([
  'debug', 'dev', 'devel', 'develop', 'development', 'local', 'test', 'testing', 'tests',
])

/** Whether a class or file is by its name not for production: `DevConfig`, `LocalSettings`, `settings_local`. */
export function isDevelopmentName(name: string): boolean {
  return splitWords(name).some((word) => DEVELOPMENT_WORDS.has(word))
}

/** The same for a path: the file's name counts, and for `__init__.py` that of its folder. */
export function isDevelopmentFile(path: string): boolean {
  const [file = '', folder = ''] = path.split('/').reverse()
  return isDevelopmentName(file === '__init__.py' ? folder : file.replace(/\.pyi?$/, ''))
}
