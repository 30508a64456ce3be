import type { WorkTimings } from '../timing/work-timings.ts'
import type { Language } from '../language/language.ts'
import { SourceCode } from '../source/source-code.ts'
import { digestOf, type DigestText } from './digest.ts'
import type { AnyFact } from './fact.ts'
import { FactStore, type CollectedFact, type FactSource } from './fact-store.ts'
import { FileList } from './file-list.ts'
import type { AnyIndex } from './index-definition.ts'
import { IndexStore, type RecalledAnswer } from './index-store.ts'
import { KeptObjects } from './kept-reader.ts'
import { LoggedReader, TrackingReader } from './logged-reader.ts'
import type { PackedReads } from './packed-reads.ts'
import { PlainReader } from './plain-reader.ts'
import { ProjectAnswers, type ProjectContext } from './project-answers.ts'
import type { ProjectReader } from './project-reader.ts'
import { ReadChecker, type EarlierReads } from './read-checker.ts'
import { CurrentLog, ReadLog, ReadRecorder } from './read-recorder.ts'
import type { ReadTable } from './read-table.ts'

export interface ProjectOptions extends ProjectContext {
  /** All files of the project, relative to its root, with `/`; any order. */
  readonly files: readonly string[]
  readonly languages: readonly Language[]
  /** Facts beside the languages' own, such as those of packs. */
  readonly facts?: readonly AnyFact[]
  /** Indexes beside the languages' own. They are needed only to check reads of another run: see `Project.checker`. */
  readonly indexes?: readonly AnyIndex[]
  /** The text of a project file (a byte order mark included), or `undefined` if it can not be read. */
  read(path: string): string | undefined
  /** How many bytes of trees to keep for later stages; the rest is parsed again when it is asked for. */
  readonly keepBytes?: number
  /** Collects the facts that are asked for all files beforehand, also those on demand: in runs with many rules, lest files are parsed again for one of them. */
  readonly isEager?: boolean
  /** Whether checks log what they read, so that a later run can tell whether their findings still stand. */
  readonly logsReads?: boolean
  /** Makes the digests of answers: a platform may have a faster way than `digestOf`. Digests of two projects compare only if both made them in one way. */
  readonly digest?: DigestText
  /** Takes how long parsing, facts and indexes took. */
  readonly timings?: WorkTimings | undefined
}

const BYTE_ORDER_MARK = '\uFEFF'
const DEFAULT_KEEP_BYTES = 160 * 1024 * 1024
/** This part of it may be trees that are most likely needed no more: while rules run, trees have to make room for indexes. */
const SPARE_SHARE = 1 / 8

/** The files under one config, with their trees, facts and indexes. All are made when they are first asked for. */
export class Project {
  readonly languages: readonly Language[]
  readonly #options: ProjectOptions
  readonly #base: ViewBase | undefined
  readonly #files: FileList
  readonly #facts: FactStore
  readonly #answers: ProjectAnswers
  readonly #recorder: ReadRecorder | undefined
  readonly #currentLog = new CurrentLog()
  readonly #kept: KeptObjects
  /** What is kept where reads are not logged. */
  readonly #plainKept: KeptObjects
  readonly #checkers: ReadChecker[] = []
  readonly #sources = new Map<string, SourceCode | undefined>()
  /** Trees that are needed no more, unless somebody asks for another fact. */
  readonly #spare = new Map<string, SourceCode>()
  #keptBytes = 0
  #spareBytes = 0
  /** A tree that is not kept, as long as something works on it. */
  #lent: { readonly path: string; readonly source: SourceCode | undefined } | undefined

  /** @param base for `withText` alone */
  constructor(options: ProjectOptions, base?: ViewBase) {
    this.#options = options
    this.#base = base
    this.languages = options.languages
    this.#files = new FileList(options.files)
    const facts = [...options.languages.flatMap((language) => language.facts), ...(options.facts ?? [])]
    const { digest = digestOf } = options
    this.#facts = new FactStore(this.#files, facts, (fact, path) => this.#collectFact(fact, path), digest, options.isEager === true)
    this.#answers = new ProjectAnswers(options, this.#files, this.#facts, () => this.#openIndexes(), digest)
    this.#plainKept = new KeptObjects((kept) => new PlainReader(this.#answers, kept))
    const recorder = options.logsReads ? new ReadRecorder(this.#answers) : undefined
    this.#recorder = recorder
    this.#kept = recorder ? new KeptObjects((kept) => new TrackingReader(this.#answers, recorder, this.#currentLog, kept)) : this.#plainKept
  }

  /** Sorted by code units. */
  get files(): readonly string[] {
    return this.#files.paths
  }

  /** All facts that are collected from each file, in a fixed order. */
  get facts(): readonly AnyFact[] {
    return this.#facts.facts
  }

  /** The facts that `collect` gives. */
  get collectedAhead(): readonly AnyFact[] {
    return this.#facts.facts.filter((fact) => this.#facts.isCollectedAhead(fact))
  }

  /** The language of a file, by its extension. */
  languageOf(path: string): Language | undefined {
    const extension = path.slice(path.lastIndexOf('.')).toLowerCase()
    return this.languages.find((language) => language.extensions.includes(extension))
  }

  /** The file's text and tree; `undefined` if it can not be read or no language knows it. */
  source(path: string): SourceCode | undefined {
    if (this.#sources.has(path)) return this.#sources.get(path)
    if (this.#lent?.path === path) return this.#lent.source
    const spare = this.#spare.get(path)
    if (spare) return spare
    const source = this.#parse(path)
    const bytes = source ? sizeOf(source) : 0
    if (this.#makeRoom(bytes)) {
      this.#keptBytes += bytes
      this.#sources.set(path, source)
    }
    return source
  }

  /** Lets spare trees go until there is room for a new one; gives whether there is. */
  #makeRoom(bytes: number): boolean {
    const limit = this.#keepLimit - bytes
    this.#dropSpare(() => this.#keptBytes > limit)
    return this.#keptBytes <= limit
  }

  /** Lets spare trees go, the oldest first. */
  #dropSpare(isTooMuch: () => boolean): void {
    for (const [path, source] of this.#spare) {
      if (!isTooMuch()) break
      this.#spare.delete(path)
      this.#spareBytes -= sizeOf(source)
      this.#keptBytes -= sizeOf(source)
    }
  }

  get #keepLimit(): number {
    return this.#options.keepBytes ?? DEFAULT_KEEP_BYTES
  }

  /** Works on a file while its tree stays at hand, kept or not. @param work is given what `source` gives */
  withTree<Result>(path: string, work: (source: SourceCode | undefined) => Result): Result {
    const before = this.#lent
    const source = this.source(path)
    this.#lent = { path, source }
    try {
      return work(source)
    } finally {
      this.#lent = before
      if (source && before?.path !== path && this.#spare.get(path) === source) this.#spare.set(path, bare(source))
    }
  }

  /** All rules have run on a file: its tree goes when others need the room, and what was made of it goes now. Its facts stay. */
  release(path: string): void {
    const source = this.#sources.get(path)
    if (!source) return
    this.#sources.delete(path)
    this.#spare.set(path, bare(source))
    this.#spareBytes += sizeOf(source)
    this.#dropSpare(() => this.#spareBytes > this.#keepLimit * SPARE_SHARE)
  }

  /**
   * The facts of one file that are collected beforehand, as JSON text; none if it can not be read. A fact whose collector throws is left out: it is collected again, and the
   * error reported, for the rule that asks for it. Digests are empty where reads are not logged.
   */
  collect(path: string): CollectedFact[] {
    if (!this.#files.has(path)) return []
    const facts = this.withTree(path, (source) => (source ? this.#facts.collectAll(path, this.#recorder !== undefined) : []))
    this.#strip(path)
    return facts
  }

  /** Collects those facts of one file now. */
  prepare(path: string): void {
    if (!this.#files.has(path)) return
    this.#facts.fill(path)
    this.#strip(path)
  }

  /** The facts of one file that were collected here so far; see `seed` for the others. */
  collected(path: string): CollectedFact[] {
    return this.#facts.collected(path)
  }

  /** Says where facts come from before they are collected here: from other threads, or from an earlier run on the same text. Facts at hand are let go. */
  seed(source: FactSource): void {
    this.#facts.seed(source)
  }

  /** A view of the project in which one file has another text. Nothing in the project itself changes, and the view logs no reads. */
  withText(path: string, text: string): Project {
    const options: ProjectOptions = {
      ...this.#options,
      files: this.#files.has(path) ? this.files : [...this.files, path],
      read: (other) => (other === path ? text : this.#options.read(other)),
      logsReads: false,
    }
    return new Project(options, { project: this, path })
  }

  /** A log for one check; `undefined` if the project logs no reads. */
  openLog(): ReadLog | undefined {
    return this.#recorder && new ReadLog()
  }

  /** A reader for one check, which begins with it and ends with the next one's. @param log from `openLog` */
  reader(log?: ReadLog): ProjectReader {
    if (!log || !this.#recorder) return new PlainReader(this.#answers, this.#plainKept)
    this.#currentLog.begin(log)
    return new LoggedReader(this.#answers, this.#recorder, log, this.#kept)
  }

  /** What a log of `openLog` holds by now, see `ReadTable`. */
  numbersOf(log: ReadLog): readonly number[] {
    return this.#recorder?.numbersOf(log) ?? []
  }

  /** What the numbers in logs mean. Ask for it when all checks are done. */
  readTable(): ReadTable {
    return this.#recorder?.table() ?? { reads: [], builds: [], logs: [] }
  }

  /** The logged answers of indexes as JSON texts, by the place of their read. */
  answerTexts(): ReadonlyMap<number, string> {
    return this.#recorder?.texts ?? new Map()
  }

  /**
   * Tells whether reads of an earlier run still hold in this project. Answers of that run which were kept and still hold spare building their
   * index here.
   * @throws Error if the project logs no reads
   */
  checker(table: PackedReads, earlier: EarlierReads = {}): ReadChecker {
    if (!this.#recorder) throw new Error('Reads can be checked only in a project that logs reads: open it with logsReads.')
    const indexes = [...this.languages.flatMap((language) => language.indexes ?? []), ...(this.#options.indexes ?? [])]
    const checker = new ReadChecker(this.#answers, this.#recorder, indexes, table, earlier)
    this.#checkers.push(checker)
    return checker
  }

  /** Keeps the columns of a tree alone until rules run on it: its nodes and what was made of them take many times as much. */
  #strip(path: string): void {
    const source = this.#sources.get(path)
    if (source) this.#sources.set(path, bare(source))
  }

  #collectFact(fact: AnyFact, path: string): unknown {
    const base = this.#base
    if (base && path !== base.path) return base.project.#facts.value(fact, path)
    const isAtHand = this.#sources.has(path) || this.#spare.has(path) || this.#lent?.path === path
    return this.withTree(path, (sourceCode) => {
      const language = this.languageOf(path)
      if (!sourceCode || !language) return undefined
      // A tree that will not be kept would be parsed again for each of the other facts.
      if (!isAtHand && !this.#sources.has(path)) this.#facts.fill(path, fact)
      return this.#share(`fact ${fact.name}`, () => fact.collect({ sourceCode, services: language.createFactServices(sourceCode) }))
    })
  }

  /** A view in which all facts are the same has the same indexes: building them again for each pass of a fix would take far too long. */
  #openIndexes(): IndexStore {
    const base = this.#base
    if (base && base.project.#files.has(base.path) && sameFacts(base.project.collect(base.path), this.collect(base.path))) {
      return base.project.#answers.indexes
    }
    const recall = (index: AnyIndex, key: string) => this.#recallAnswer(index, key)
    return new IndexStore(this.#kept.reader, recall, (index, key, work) => this.#workOn(index, key, work))
  }

  #workOn(index: AnyIndex, key: string | null, work: () => unknown): unknown {
    const logged = this.#recorder ? () => this.#currentLog.within(this.#recorder!.logOf(index, key), work) : work
    return this.#share(`index ${index.name}`, logged)
  }

  #recallAnswer(index: AnyIndex, key: string): RecalledAnswer | undefined {
    for (const checker of this.#checkers) {
      const answer = checker.answer(index, key)
      if (answer) return answer
    }
    return undefined
  }

  #parse(path: string): SourceCode | undefined {
    const language = this.languageOf(path)
    if (!language) return undefined
    const text = this.#options.read(path)
    if (text === undefined) return undefined
    const hasBom = text.startsWith(BYTE_ORDER_MARK)
    return this.#share('parse', () => new SourceCode(path, language.parse(hasBom ? text.slice(1) : text), hasBom))
  }

  #share<Result>(what: string, work: () => Result): Result {
    const { timings } = this.#options
    return timings ? timings.share(what, work) : work()
  }
}

/** Of what a view is one, and the file whose text is another there. */
interface ViewBase {
  readonly project: Project
  readonly path: string
}

function bare({ path, tree, hasBom }: SourceCode): SourceCode {
  return new SourceCode(path, tree.copy(), hasBom)
}

/** What a kept file takes, in bytes; engines keep text of Latin letters in one byte each. */
function sizeOf({ tree, text }: SourceCode): number {
  return tree.byteLength + text.length
}

function sameFacts(some: readonly CollectedFact[], others: readonly CollectedFact[]): boolean {
  return some.length === others.length && some.every(({ fact, json }, i) => fact === others[i]!.fact && json === others[i]!.json)
}
