import { realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { unreadableFile, type FileResult } from '@krait/core'
import { runWithCache } from '../cache/cache-session.ts'
import { PackOutlines } from '../cache/pack-outlines.ts'
import { ConfigLoader } from '../config/config-loader.ts'
import { findTargets, type Targets } from '../discover/find-targets.ts'
import { groupIntoProjects, type DiscoveredProject } from '../discover/group-into-projects.ts'
import { relativePath } from '../discover/relative-path.ts'
import { SourceTree } from '../discover/source-tree.ts'
import type { ChangedRun } from '../git/changed-run.ts'
import { UsageError, type Io } from '../io.ts'
import { sourceExtensions } from '../languages.ts'
import { decodeSource } from '../read/decode.ts'
import { tooLarge } from '../read/read-source.ts'
import { describeStatistics } from '../run/describe-statistics.ts'
import type { Overlay } from '../run/overlay.ts'
import { planJob } from '../run/plan-job.ts'
import { ProgressLine } from '../run/progress.ts'
import { runJob, threadCount, type RunOptions } from '../run/run-job.ts'
import { Stopwatch } from '../run/stopwatch.ts'
import { cacheLocation, checkCombinations, fixMode, parseConcurrency, parseMaxWarnings, type LintOptions } from './lint-options.ts'
import { LintReport, type LintedFile, type StandardInput } from './lint-report.ts'

/** Parts of the installation that the lint command runs. */
export interface LintRuntime {
  /** The compiled entry of a worker. */
  readonly workerUrl: URL
}

/** What is to be linted, before anything is read. */
interface Discovered {
  readonly projects: readonly DiscoveredProject[]
  /** Files and folders that can not be linted, with the finding that says so. */
  readonly unreadable: readonly LintedFile[]
  readonly overlay: Overlay
  /** The text of standard input, if that is what is linted. */
  readonly stdin?: StandardInput
}

/**
 * `krait lint`: lints files and writes the report.
 * @param paths files, folders and globs; none is the current folder
 * @returns the exit code: 0 clean, 1 findings, 2 something went wrong
 * @throws {UsageError} and {ConfigError} before any file is linted
 */
export async function lint(paths: readonly string[], options: LintOptions, io: Io, runtime: LintRuntime): Promise<number> {
  checkCombinations(paths, options)
  const concurrency = parseConcurrency(options.concurrency)
  const mode = fixMode(options)
  const report = await LintReport.create({
    io,
    format: options.format,
    outputFile: options.outputFile,
    color: options.color ?? (io.color && options.outputFile === undefined),
    isQuiet: options.quiet ?? false,
    maxWarnings: parseMaxWarnings(options.maxWarnings),
    fixes: mode,
  })
  const watch = new Stopwatch()

  const folders = (paths.length > 0 ? paths : ['.']).map((path) => resolve(io.cwd, path)).filter(isFolder).map((path) => realpathSync(path))
  const location = cacheLocation(options, io.cwd)
  const outlines = options.cache ? new PackOutlines(location) : undefined
  const loader = new ConfigLoader({
    cwd: io.cwd,
    configFile: options.config,
    lookup: options.configLookup,
    presets: options.preset,
    packs: options.pack,
    rules: options.rule,
    unusedIgnores: options.reportUnusedIgnores,
    noCode: !options.code,
    folders,
    packsFor: outlines && ((root) => outlines.packsFor(root)),
  })
  const tree = new SourceTree(sourceExtensions)
  const change = await startChangedRun(paths, folders, options, io, tree)
  const discovered = options.stdin
    ? await discoverStdin(options.stdinFilename!, mode.level !== 'none', io, loader, tree)
    : await discoverFiles(paths, io, loader, tree, change)
  watch.lap('discover')

  const job = planJob(discovered.projects, discovered.overlay, { fix: mode.level, measure: options.stats ?? false, logsReads: options.cache })
  const targets = job.projects.reduce((sum, project) => sum + project.targets.length, 0)
  const progress = new ProgressLine(options.progress && io.stderr.isTTY ? io.stderr : undefined, targets)
  const run: RunOptions = {
    job,
    registries: discovered.projects.map(({ config }) => config.registry),
    loadRegistries: () => Promise.all(discovered.projects.map(({ config }) => loader.loadRegistry(config))),
    threads: (count) => threadCount(concurrency, count, availableParallelism()),
    workerUrl: runtime.workerUrl,
    onProgress: (done) => progress.update(done),
    onWarning: (message) => warn(io, message),
  }
  const { outcomes, statistics, facts } = outlines ? await runWithCache(run, { location, outlines }) : await runJob(run)
  progress.clear()
  watch.lap('lint')

  report.add(discovered.unreadable)
  for (const [index, { config, changes }] of discovered.projects.entries()) {
    report.addProject(config, change && changes ? change.chooseOutcomes(outcomes[index]!, changes) : outcomes[index]!)
  }
  const exitCode = await report.finish(discovered.overlay, discovered.stdin)
  watch.lap('report')
  if (options.stats) {
    const { describeUnknowns } = await import('../run/describe-unknowns.ts')
    io.stderr.write(describeStatistics(statistics, watch.laps, process.resourceUsage().maxRSS * 1024) + (await describeUnknowns(job, facts)))
  }
  return exitCode
}

/** @throws {UsageError} */
async function startChangedRun(
  paths: readonly string[],
  folders: readonly string[],
  { since, staged: isStaged = false }: LintOptions,
  io: Io,
  tree: SourceTree,
): Promise<ChangedRun | undefined> {
  if (since === undefined && !isStaged) return undefined
  // What runs git takes a while to load, and most runs need none of it.
  const { ChangedRun } = await import('../git/changed-run.ts')
  return new ChangedRun({ paths, folders, cwd: io.cwd, since, isStaged, isSourceFile: (name) => tree.isSourceFile(name) })
}

async function discoverFiles(
  paths: readonly string[],
  io: Io,
  loader: ConfigLoader,
  tree: SourceTree,
  change: ChangedRun | undefined,
): Promise<Discovered> {
  const targets: Targets = await findTargets(paths.length > 0 ? paths : ['.'], io.cwd, tree)
  const files = change ? await change.chooseTargets(targets.files) : targets.files
  const projects = await groupIntoProjects(files, loader, tree)
  const narrowed = await change?.narrow(projects, targets.links, loader)
  for (const path of targets.foreign) warn(io, `${path} is not linted: its name does not end in ${sourceExtensions.join(' or ')}.`)
  if (targets.files.length === 0 && targets.foreign.length === 0 && targets.unreadable.length === 0) {
    warn(io, `No Python files in ${paths.length > 0 ? paths.join(', ') : 'the current folder'}.`)
  }
  const unreadable: LintedFile[] = []
  for (const { path, reason } of targets.unreadable) if (!(await isIgnored(path, loader))) unreadable.push(unreadableAt(path, reason))
  if (!narrowed) return { projects, unreadable, overlay: new Map() }
  return { ...narrowed, unreadable: unreadable.filter(({ filePath }) => narrowed.isChanged(filePath)) }
}

/** Whether the config means that nobody looks at a file or folder. */
async function isIgnored(path: string, loader: ConfigLoader): Promise<boolean> {
  const { root, resolver } = await loader.forFolder(dirname(path))
  const relative = relativePath(root, path)
  return resolver.isIgnored(relative) || resolver.isFolderIgnored(relative)
}

async function discoverStdin(
  filename: string,
  isFixing: boolean,
  io: Io,
  loader: ConfigLoader,
  tree: SourceTree,
): Promise<Discovered> {
  const path = realPathOf(resolve(io.cwd, filename))
  if (!tree.isSourceFile(path)) throw new UsageError(`--stdin-filename must end in ${sourceExtensions.join(' or ')}: '${filename}' does not.`)
  const bytes = await io.readStdin()
  const size = tooLarge(bytes.length)
  const decoded = size === undefined ? decodeSource(bytes) : { reason: size }
  if ('reason' in decoded && isFixing) throw new UsageError(`Standard input can not be linted: ${decoded.reason}.`)
  if ('reason' in decoded) return { projects: [], unreadable: [unreadableAt(path, decoded.reason)], overlay: new Map() }
  const projects = await groupIntoProjects([path], loader, tree)
  return { projects, unreadable: [], overlay: new Map([[path, { text: decoded.text }]]), stdin: { path, ...decoded } }
}

/** The file need not exist, nor its folder. */
function realPathOf(path: string): string {
  return isFolder(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path
}

function unreadableAt(path: string, reason: string): LintedFile {
  const result: FileResult = unreadableFile(basename(path), reason)
  return { filePath: path, projectRoot: dirname(path), result }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function warn(io: Io, message: string): void {
  io.stderr.write(`krait: ${message}\n`)
}
