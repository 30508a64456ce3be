import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { compareCodeUnits, type FileResult, type InternalError, type RuleMeta } from '@krait/core'
import type { LoadedConfig } from '../config/load-config.ts'
import { relativePath } from '../discover/relative-path.ts'
import { describeUnencodable, writeFixedText, type FixedText } from '../fix/apply-fixes.ts'
import { UsageError, type Io } from '../io.ts'
import type { Codec } from '../read/codecs.ts'
import { readSource } from '../read/read-source.ts'
import { createReporter } from '../reporters/create-reporter.ts'
import type { ReportedFile, Reporter } from '../reporters/reporter.ts'
import { countTotals, describeTotals, isInternalError, plural } from '../reporters/totals.ts'
import type { FixedTarget, TargetOutcome } from '../run/job.ts'
import type { Overlay } from '../run/overlay.ts'
import { readVersion } from '../version.ts'
import type { FixMode } from './lint-options.ts'

export interface LintReportOptions {
  readonly io: Io
  readonly format: string
  /** Relative to the current folder; `undefined` is standard output. */
  readonly outputFile: string | undefined
  readonly color: boolean
  /** Leave warnings out of the report; they still count for `maxWarnings`. */
  readonly isQuiet: boolean
  readonly maxWarnings: number
  readonly fixes: FixMode
}

/** A file's findings with where it stands. */
export interface LintedFile {
  /** Absolute. */
  readonly filePath: string
  /** Absolute. */
  readonly projectRoot: string
  readonly result: FileResult
}

/** What came on standard input. */
export interface StandardInput {
  /** The absolute path of the file it stands for. */
  readonly path: string
  readonly text: string
  readonly codec: Codec
}

/** Gathers what a run found, applies fixes, writes the report, and knows the exit code. */
export class LintReport {
  readonly #options: LintReportOptions
  readonly #reporter: Reporter
  readonly #files: LintedFile[] = []
  readonly #rules = new Map<string, RuleMeta<string>>()
  readonly #internalErrors: InternalError[] = []
  readonly #fixed: { readonly file: LintedFile; readonly fixed: FixedTarget }[] = []
  #hasFailed = false

  private constructor(options: LintReportOptions, reporter: Reporter) {
    this.#options = options
    this.#reporter = reporter
  }

  /** @throws {UnknownFormatError} */
  static async create(options: LintReportOptions): Promise<LintReport> {
    const { color, io, format } = options
    const width = io.stdout.columns
    return new LintReport(options, await createReporter(format, { color, ...(width !== undefined && { width }) }))
  }

  add(files: readonly LintedFile[]): void {
    this.#files.push(...files)
  }

  /** Adds the outcomes of a project's targets. */
  addProject({ root, registry }: LoadedConfig, outcomes: readonly TargetOutcome[]): void {
    for (const [id, { rule }] of registry.rules) this.#rules.set(id, rule.meta as RuleMeta<string>)
    for (const { result, internalErrors, fixed } of outcomes) {
      const file: LintedFile = { filePath: join(root, result.path), projectRoot: root, result }
      this.#internalErrors.push(...internalErrors)
      if (fixed) this.#fixed.push({ file, fixed })
      else this.#files.push(file)
    }
  }

  /**
   * Writes fixes and the report.
   * @param overlay what was linted in place of what is on disk
   * @param stdin what was linted in place of files, if it was: then nothing is written to disk, and with `--fix` the fixed text takes
   * standard output and the report standard error
   * @returns the exit code
   * @throws {UsageError} if the output file can not be written
   */
  async finish(overlay: Overlay, stdin?: StandardInput): Promise<number> {
    const { io, fixes, outputFile } = this.#options
    const fixed = this.#takeFixes(overlay, stdin)
    this.#describeInternalErrors()
    const texts = new Map([...overlay].flatMap(([path, content]) => ('text' in content ? [[path, content.text]] : [])))
    for (const { path, after } of fixed) texts.set(path, after)
    const files = this.#files.map((file) => this.#reported(file, texts.get(file.filePath)))
    if (fixes.asPatch) {
      const { createPatch } = await import('../fix/patch.ts')
      this.#write(createPatch(fixed, io.cwd), outputFile)
      io.stderr.write(`${plural(fixed.length, 'file')} would change. Then: ${describeTotals(countTotals(files))}.\n`)
    } else if (stdin && fixes.level !== 'none') {
      const report = await this.#render(files)
      if (outputFile === undefined) io.stderr.write(report)
      else this.#write(report, outputFile)
      io.stdout.write(encoded(stdin, texts.get(stdin.path)!))
    } else {
      this.#write(await this.#render(files), outputFile)
    }
    return this.#exitCode(files)
  }

  /** Writes the fixed texts, or only says what they are. A file that can not be written keeps its findings. */
  #takeFixes(overlay: Overlay, stdin: StandardInput | undefined): FixedText[] {
    const texts: FixedText[] = []
    for (const { file, fixed } of this.#fixed) {
      for (const { ruleId, message } of fixed.problems) this.#warn(`${file.filePath}: fixes of ${ruleId}: ${message}.`)
      const text: FixedText = { path: file.filePath, before: fixed.before, after: fixed.after }
      const isChanged = text.before !== text.after
      const problem = isChanged ? this.#takeFix(text, overlay, stdin) : undefined
      if (isChanged && problem === undefined) texts.push(text)
      this.#files.push(problem === undefined ? file : { ...file, result: fixed.unfixed })
      if (problem === undefined) continue
      this.#hasFailed = true
      this.#warn(`${file.filePath} is not fixed: ${problem}.`)
    }
    return texts.sort((a, b) => compareCodeUnits(a.path, b.path))
  }

  /** @returns why the fix was not taken */
  #takeFix(text: FixedText, overlay: Overlay, stdin: StandardInput | undefined): string | undefined {
    if (stdin) return describeUnencodable(stdin.codec, text.after)
    if (this.#options.fixes.asPatch) return undefined
    return overlay.has(text.path) ? 'what is staged is not what is on disk; stage or stash the rest of the file' : writeFixedText(text)
  }

  #reported({ filePath, projectRoot, result }: LintedFile, text: string | undefined): ReportedFile {
    let source = text
    let isRead = text !== undefined
    return {
      filePath,
      displayPath: relativePath(this.#options.io.cwd, filePath) || '.',
      projectRoot,
      findings: result.findings,
      suppressed: result.suppressed,
      // Read when a reporter asks: most files have no finding, and some formats show no code.
      get source() {
        if (!isRead) source = readText(filePath)
        isRead = true
        return source?.replace(/^\uFEFF/, '')
      },
    }
  }

  async #render(files: readonly ReportedFile[]): Promise<string> {
    const shown = this.#options.isQuiet ? files.map(withoutWarnings) : files
    return this.#reporter({ root: this.#options.io.cwd, files: shown, rules: this.#rules, toolVersion: readVersion() })
  }

  #write(text: string, outputFile: string | undefined): void {
    const { io } = this.#options
    if (outputFile === undefined) {
      io.stdout.write(text)
      return
    }
    const path = resolve(io.cwd, outputFile)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    } catch (error) {
      throw new UsageError(`The report can not be written to '${outputFile}': ${(error as Error).message}`)
    }
  }

  #exitCode(files: readonly ReportedFile[]): number {
    const { errors, warnings } = countTotals(files)
    const { maxWarnings } = this.#options
    if (this.#hasFailed || files.some(({ findings }) => findings.some(isInternalError))) return 2
    if (warnings > maxWarnings) this.#warn(`${plural(warnings, 'warning')}, and --max-warnings allows ${maxWarnings}.`)
    return errors > 0 || warnings > maxWarnings ? 1 : 0
  }

  /** A rule that fails on many files has its stack shown once. */
  #describeInternalErrors(): void {
    for (const ruleId of new Set(this.#internalErrors.map((error) => error.ruleId))) {
      const errors = this.#internalErrors.filter((error) => error.ruleId === ruleId)
      const { path, stack } = errors[0]!
      const files = new Set(errors.map((error) => error.path)).size
      const others = files > 1 ? ` and ${plural(files - 1, 'other file')}` : ''
      this.#warn(`The rule ${ruleId} failed on ${path}${others}:\n${stack}`)
    }
  }

  #warn(message: string): void {
    this.#options.io.stderr.write(`krait: ${message}\n`)
  }
}

function encoded({ codec, text }: StandardInput, after: string): string | Uint8Array {
  const bytes = codec.encode(after)
  return bytes instanceof Uint8Array ? bytes : text
}

function readText(path: string): string | undefined {
  const result = readSource(path)
  return 'text' in result ? result.text : undefined
}

function withoutWarnings(file: ReportedFile): ReportedFile {
  const { filePath, displayPath, projectRoot, findings, suppressed } = file
  return {
    filePath,
    displayPath,
    projectRoot,
    findings: findings.filter(({ severity }) => severity === 2),
    suppressed: suppressed.filter(({ severity }) => severity === 2),
    get source() {
      return file.source
    },
  }
}
