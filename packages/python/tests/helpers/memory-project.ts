import { SourceCode } from '@krait/core'
import type { FactDefinition, IndexDefinition, KeptReader, Settings, Tracked } from '@krait/core'
import { PythonServices, parsePython, semanticsOf } from '@krait/python'
import type { IdentifierNode, PythonKind, PythonNode, PythonNodeMap } from '@krait/python'
import { loadPython } from '@krait/python/node'

await loadPython()

/** A project that consists of texts by path. */
export class MemoryProject implements KeptReader {
  /** Every file whose fact was asked for, in order. */
  readonly factReads: string[] = []
  readonly #sources = new Map<string, SourceCode>()
  readonly #facts = new Map<string, unknown>()
  readonly #kept = new Map<string, unknown>()

  constructor(texts: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(texts)) this.#sources.set(path, new SourceCode(path, parsePython(dedent(text)), false))
  }

  files(): readonly string[] {
    return [...this.#sources.keys()].sort()
  }

  hasFile(path: string): boolean {
    return this.#sources.has(path)
  }

  hasFolder(path: string): boolean {
    return path === '' || this.files().some((file) => file.startsWith(`${path}/`))
  }

  fact<Value>(fact: FactDefinition<Value, never>, path: string): Value | undefined {
    this.factReads.push(path)
    const source = this.#sources.get(path)
    if (!source) return undefined
    const key = `${fact.name}:${path}`
    if (!this.#facts.has(key)) {
      const value = fact.collect({ sourceCode: source, services: semanticsOf(source.tree) as never })
      // Facts travel as JSON.
      this.#facts.set(key, JSON.parse(JSON.stringify(value)))
    }
    return this.#facts.get(key) as Value
  }

  part<Value>(fact: FactDefinition<Value, never>, path: string, ...keys: readonly string[]): never {
    const whole: unknown = this.fact(fact, path)
    return keys.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined), whole) as never
  }

  *facts<Value>(fact: FactDefinition<Value, never>): Iterable<readonly [path: string, value: Value]> {
    for (const path of this.files()) yield [path, this.fact(fact, path)!]
  }

  ask<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>, key: Key): Answer {
    return index.ask(index.build(this), key)
  }

  settings(): Settings {
    return {}
  }

  changes(): null {
    return null
  }

  kept<Kept>(key: string, make: (reader: KeptReader) => Kept): Kept {
    if (!this.#kept.has(key)) this.#kept.set(key, make(this))
    return this.#kept.get(key) as Kept
  }

  track<Value>(work: () => Value): Tracked<Value> {
    return { value: work(), reads: undefined }
  }

  include(): void {
    // Nothing is logged.
  }

  open(path: string, settings: Settings = {}): OpenedFile {
    const source = this.#sources.get(path)
    if (!source) throw new Error(`no file ${path}`)
    return new OpenedFile(source, new PythonServices({ sourceCode: source, reader: this, settings }))
  }
}

/** A file with its services and ways to find nodes in it. */
export class OpenedFile {
  constructor(
    readonly source: SourceCode,
    readonly services: PythonServices,
  ) {}

  /** The first node of this text; the outermost if several start there. `occurrence` counts from 0. */
  find(text: string, occurrence = 0): PythonNode {
    let left = occurrence
    for (const node of this.all()) {
      if (node.text === text && !(node.parent?.text === text && node.parent.kind !== 'module') && left-- === 0) return node
    }
    throw new Error(`'${text}' (${occurrence}) does not occur`)
  }

  /** The identifier of this name that stands behind the comment-like mark `name` number `occurrence`. */
  identifier(name: string, occurrence = 0): IdentifierNode {
    let left = occurrence
    for (const node of this.all()) if (node.kind === 'identifier' && node.text === name && left-- === 0) return node
    throw new Error(`identifier '${name}' (${occurrence}) does not occur`)
  }

  first<Kind extends PythonKind>(kind: Kind): PythonNodeMap[Kind] {
    for (const node of this.all()) if (node.kind === kind) return node as PythonNodeMap[Kind]
    throw new Error(`no ${kind}`)
  }

  /** The expression of the last statement. */
  get last(): PythonNode {
    const statement = (this.source.ast.namedChildren).findLast(({ kind }) => kind === 'expression_statement')
    return statement!.namedChildren[0] as PythonNode
  }

  *all(): Generator<PythonNode> {
    const { tree } = this.source
    for (let i = 0; i < tree.size; i++) if (tree.node(i).isNamed) yield tree.node(i) as PythonNode
  }
}

/** One file on its own. */
export function file(text: string, path = 'app/main.py', others: Readonly<Record<string, string>> = {}): OpenedFile {
  return new MemoryProject({ ...others, [path]: text }).open(path)
}

/** Takes away the indentation that all lines share, and the first line break. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const widths = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length)
  const width = Math.min(...widths)
  return Number.isFinite(width) ? lines.map((line) => line.slice(width)).join('\n') : text
}
