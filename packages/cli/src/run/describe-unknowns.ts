import { Project } from '@krait/core'
import type { PythonServices, UnknownCount } from '@krait/python'
import { loadLanguages } from '../languages.ts'
import type { LintJob } from './job.ts'
import { factsOfJob, FactReader, type FactSegment } from './shared-facts.ts'
import { SourceReader } from './source-reader.ts'

/** How many reasons are told of one thing. */
const SHOWN = 5

/**
 * What `--stats` tells of things that can not be known from the sources: why rules stay silent. Files whose facts are not at hand are read again.
 * @param facts that the run has collected
 */
export async function describeUnknowns(job: LintJob, facts: readonly FactSegment[]): Promise<string> {
  const { languages } = await loadLanguages()
  const { countUnknowns } = await import('@krait/python')
  // What fixes have changed since is another text.
  const sources = factsOfJob(job, new FactReader(job.fix === 'none' ? facts : []))
  const rows = job.projects.flatMap(({ root, files, overlay, refused, settings }, index) => {
    const reader = new SourceReader(root, overlay, { countsLines: false, notesVersions: false })
    for (const [path, reason] of Object.entries(refused)) reader.refuse(path, reason)
    const project = new Project({ files, languages, settings, read: reader.read, keepBytes: 0 })
    project.seed(sources[index]!)
    const path = files.find((file) => project.source(file) !== undefined)
    const sourceCode = path === undefined ? undefined : project.source(path)
    const language = path === undefined ? undefined : project.languageOf(path)
    if (!sourceCode || !language) return []
    const services = language.createServices({ sourceCode, reader: project.reader(), settings }) as PythonServices
    return countUnknowns(services.project).map(describe)
  })
  return rows.length === 0 ? '' : ['Not known of models and migrations:', ...rows].join('\n') + '\n'
}

function describe({ what, unknown, total, reasons }: UnknownCount): string {
  const told = reasons.slice(0, SHOWN).map(([reason, count]) => `${count} by ${reason}`)
  const more = reasons.length > SHOWN ? [`${reasons.length - SHOWN} more reasons`] : []
  return `  ${what}: ${unknown} of ${total}${told.length > 0 ? ` (${[...told, ...more].join(', ')})` : ''}`
}
