import { createRegistry, definePack, type AnyRule, type Config, type Finding, type Pack } from '@krait/core'
import { pythonLanguage } from '../engine/python-language.ts'
import { openSmallProject, refuseInternalErrors } from '../engine/small-project.ts'
import { RuleTestFailure } from '../failure.ts'
import { isPython, projectFromFences, type FencedFile, type FencedProject } from '../markdown/fenced-files.ts'
import { takeMarks } from '../markdown/marks.ts'
import type { Fence } from '../markdown/sections.ts'

const REPORTED = /#\s*reported\b(.*)$/s

/** The examples under *Example*: each must be reported, exactly where `# reported` stands if it stands anywhere in it. */
export function checkBadExamples(pack: Pack, rule: AnyRule, fences: readonly Fence[]): Promise<string[]> {
  return collect(() => projectsOf(fences), async (example) => {
    const { findings, marked } = await runExample(pack, rule, example)
    if (marked.size === 0) {
      if (findings.length > 0) return []
      return [`The example in line ${firstLine(example)} must be reported, but nothing is found.`]
    }
    const found = new Set(findings.map(({ place }) => place))
    return [
      ...[...marked].filter((place) => !found.has(place)).map((place) => `${place} is marked '# reported' but is not.`),
      ...findings.filter(({ place }) => !marked.has(place)).map(({ place, finding }) => `${place} is reported without the mark '# reported': ${finding.message}`),
    ]
  })
}

/** The examples under *Use instead*: none may be reported. They have the config of the bad examples unless they bring their own. */
export function checkGoodExamples(pack: Pack, rule: AnyRule, fences: readonly Fence[], badFences: readonly Fence[]): Promise<string[]> {
  return collect(
    () => {
      const config = projectFromFences(badFences.filter((fence) => fence.path !== null)).config
      return projectsOf(fences).map((example) => ({ ...example, config: example.config ?? config }))
    },
    async (example) => {
      const { findings } = await runExample(pack, rule, example)
      return findings.map(({ place, finding }) => `${place} under 'Use instead' is reported: ${finding.message}`)
    },
  )
}

async function collect(examples: () => readonly FencedProject[], check: (example: FencedProject) => Promise<string[]>): Promise<string[]> {
  try {
    const problems: string[] = []
    for (const example of examples()) problems.push(...(await check(example)))
    return problems
  } catch (error) {
    if (error instanceof RuleTestFailure) return [error.message]
    throw error
  }
}

/** Code blocks with paths are the files of one project; each Python block without a path is one of its own. A config is for all. */
function projectsOf(fences: readonly Fence[]): FencedProject[] {
  const { files, config } = projectFromFences(fences.filter((fence) => fence.path !== null))
  const single = fences.filter((fence) => fence.path === null && isPython(fence)).map((fence) => projectFromFences([fence]).files)
  return [files, ...single].filter((group) => group.length > 0).map((group) => ({ files: group, config }))
}

interface ExampleResult {
  /** `place` says where on the page. */
  readonly findings: readonly { readonly place: string; readonly finding: Finding }[]
  readonly marked: ReadonlySet<string>
}

async function runExample(pack: Pack, rule: AnyRule, { files, config }: FencedProject): Promise<ExampleResult> {
  const taken = files.map((file) => ({ file, ...marksOf(file) }))
  const facts = pack.facts ? { facts: pack.facts } : {}
  const small = await openSmallProject({
    registry: createRegistry([definePack({ name: pack.name, version: pack.version, rules: [rule], ...facts })]),
    languages: [pythonLanguage],
    files: new Map(taken.map(({ file, text }) => [file.path, text])),
    config: config ?? ({} satisfies Config),
  })
  const findings: { place: string; finding: Finding }[] = []
  for (const { file } of taken) {
    if (!small.isLinted(file.path)) continue
    const result = small.lint(file.path)
    refuseInternalErrors(result)
    findings.push(...result.findings.map((finding) => ({ place: placeOf(file, finding.line), finding })))
  }
  const broken = findings.find(({ finding }) => finding.ruleId !== `${pack.name}/${rule.name}`)
  if (broken) throw new RuleTestFailure(`${broken.place}: ${broken.finding.message}`)
  return { findings, marked: new Set(taken.flatMap(({ file, lines }) => lines.map((line) => placeOf(file, line)))) }
}

function marksOf(file: FencedFile): { text: string; lines: number[] } {
  if (!pythonLanguage.extensions.some((extension) => file.path.endsWith(extension))) return { text: file.text, lines: [] }
  const { text, marks } = takeMarks(file.path, file.text, pythonLanguage, REPORTED)
  return { text, lines: marks.map((mark) => mark.line) }
}

function placeOf(file: FencedFile, line: number): string {
  return `Line ${file.line + line - 1} (${file.path}:${line})`
}

function firstLine({ files }: FencedProject): number {
  return files[0]!.line
}
