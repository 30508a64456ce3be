import type { AnyRule, JsonSchema, Pack } from '@krait/core'
import { RuleTestFailure } from '../failure.ts'
import { isPython } from '../markdown/fenced-files.ts'
import { readSections, type Fence, type Section } from '../markdown/sections.ts'
import { checkBadExamples, checkGoodExamples } from './run-examples.ts'

/** The headings of a rule's page, in this order. */
export const PAGE_HEADINGS = [
  'What it does',
  'Why is this bad?',
  'Example',
  'Use instead',
  'Options',
  'Fix safety',
  'When not to use it',
  'Limits',
] as const

type PageHeading = (typeof PAGE_HEADINGS)[number]

/** A heading of the page with its sub-headings. */
interface PagePart {
  readonly prose: string
  readonly fences: readonly Fence[]
}

/**
 * Checks the page of a rule: its title, first sentence and headings, that each option is explained, that the examples under *Example* are
 * reported (where `# reported` stands, if it stands anywhere) and those under *Use instead* are not.
 * @param name the rule's name without the pack
 * @returns one sentence per problem
 */
export async function checkRulePage(pack: Pack, name: string, markdown: string): Promise<string[]> {
  const rule = pack.rules.find((one) => one.name === name)
  if (!rule) return [`The pack '${pack.name}' has no rule '${name}'.`]
  const sections = readPage(markdown)
  if (typeof sections === 'string') return [sections]
  const parts = partsOf(sections)
  return [
    ...checkTitle(`${pack.name}/${name}`, sections),
    ...checkDescription(rule, sections),
    ...checkHeadings(sections),
    ...checkNoneEmpty(parts),
    ...checkOptions(rule, parts.get('Options')),
    ...(await checkExamples(pack, rule, parts)),
  ]
}

function readPage(markdown: string): Section[] | string {
  try {
    return readSections(markdown)
  } catch (error) {
    if (error instanceof RuleTestFailure) return error.message
    throw error
  }
}

function partsOf(sections: readonly Section[]): Map<string, PagePart> {
  const parts = new Map<string, PagePart>()
  let title = ''
  for (const section of sections) {
    if (section.level <= 2) title = section.title
    if (section.level < 2) continue
    const before = parts.get(title)
    parts.set(title, {
      prose: before ? `${before.prose}\n${section.title}\n${section.prose}` : section.prose,
      fences: [...(before?.fences ?? []), ...section.fences],
    })
  }
  return parts
}

function checkTitle(id: string, sections: readonly Section[]): string[] {
  const titles = sections.filter((section) => section.level === 1).map((section) => section.title)
  return titles.length === 1 && titles[0] === id ? [] : [`The title must be '# ${id}', the only heading of its level; found ${list(titles)}.`]
}

function checkDescription(rule: AnyRule, sections: readonly Section[]): string[] {
  const prose = sections.find((section) => section.level === 1)?.prose ?? ''
  const first = plain(prose.split(/\n\s*\n/)[0]!)
  const description = plain(rule.meta.docs.description)
  if (first === description || first.startsWith(`${description}.`)) return []
  return [`The first paragraph must begin with the rule's description as a sentence: '${description}.' Found: '${first}'`]
}

/** Without the marks that Markdown or a message puts around code, on one line. */
function plain(text: string): string {
  return text.replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' ').trim()
}

function checkHeadings(sections: readonly Section[]): string[] {
  const found = sections.filter((section) => section.level === 2).map((section) => section.title)
  const missing = PAGE_HEADINGS.filter((heading) => !found.includes(heading))
  const foreign = found.filter((title) => !(PAGE_HEADINGS as readonly string[]).includes(title))
  if (missing.length > 0 || foreign.length > 0) {
    return [
      ...missing.map((heading) => `The heading '## ${heading}' is missing.`),
      ...foreign.map((title) => `The heading '## ${title}' is none of ${list(PAGE_HEADINGS)}; use a heading of level 3 inside one of them.`),
    ]
  }
  const inOrder = found.length === PAGE_HEADINGS.length && found.every((title, index) => title === PAGE_HEADINGS[index])
  return inOrder ? [] : [`The headings must stand once each in this order: ${list(PAGE_HEADINGS)}; found ${list(found)}.`]
}

function checkNoneEmpty(parts: ReadonlyMap<string, PagePart>): string[] {
  return [...parts].filter(([, { prose, fences }]) => prose === '' && fences.length === 0).map(([title]) => `Nothing stands under '## ${title}'.`)
}

function checkOptions(rule: AnyRule, part: PagePart | undefined): string[] {
  const text = part ? [part.prose, ...part.fences.map((fence) => fence.text)].join('\n') : ''
  return optionNames(rule.meta.schema)
    .filter((name) => !part?.prose.includes(`\`${name}\``))
    .map((name) => (text.includes(name) ? `Write the option \`${name}\` in backticks under 'Options'.` : `The option \`${name}\` is not explained under 'Options'.`))
}

/** The properties of object options, also those of alternatives, sorted as the schema has them. */
function optionNames(schemas: readonly JsonSchema[]): string[] {
  const names = new Set<string>()
  const pending = [...schemas]
  for (let schema = pending.shift(); schema; schema = pending.shift()) {
    for (const name of Object.keys((schema['properties'] ?? {}))) names.add(name)
    for (const key of ['anyOf', 'oneOf', 'allOf']) pending.push(...((schema[key] ?? []) as JsonSchema[]))
  }
  return [...names]
}

async function checkExamples(pack: Pack, rule: AnyRule, parts: ReadonlyMap<PageHeading | string, PagePart>): Promise<string[]> {
  const bad = parts.get('Example')?.fences ?? []
  const good = parts.get('Use instead')?.fences ?? []
  const missing = [['Example', bad] as const, ['Use instead', good] as const]
    .filter(([, fences]) => !fences.some(isPython))
    .map(([heading]) => `There is no Python code block under '${heading}'.`)
  return [...missing, ...(await checkBadExamples(pack, rule, bad)), ...(await checkGoodExamples(pack, rule, good, bad))]
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ')
}
