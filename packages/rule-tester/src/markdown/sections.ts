import { RuleTestFailure } from '../failure.ts'

/** A fenced code block. */
export interface Fence {
  /** The first word of the info string, lower case; `''` if there is none. */
  readonly language: string
  /** The file it stands for: the rest of the info string, or the line with a path in backticks before the fence. */
  readonly path: string | null
  /** Ends with a line break unless empty. */
  readonly text: string
  /** The 1-based line of the page on which `text` begins. */
  readonly line: number
}

/** A heading with what follows it up to the next heading of any level. */
export interface Section {
  /** 1 for `#`; 0 for what stands before the first heading. */
  readonly level: number
  readonly title: string
  /** The 1-based line of the heading. */
  readonly line: number
  readonly fences: readonly Fence[]
  /** What stands outside of code blocks. */
  readonly prose: string
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\s`]*)[ \t]*([^`]*?)[ \t]*$/
const PATH_LINE = /^[ \t]*(?:\*\*)?`([^`]+)`:?(?:\*\*)?:?[ \t]*$/
const INFO_PATH = /^(?:title=)?(["']?)([^\s"'{}=]+)\1$/

/**
 * The sections of a Markdown page in order: ATX headings and fenced code blocks, as in CommonMark.
 * @throws {RuleTestFailure} for a code block without end.
 */
export function readSections(markdown: string): Section[] {
  const lines = markdown.split(/\r\n?|\n/)
  const sections: Section[] = []
  let open = newSection(0, '', 1)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    const fence = FENCE.exec(line)
    if (fence) {
      const end = closingLine(lines, index, fence[2]!)
      open.fences.push(fenceFrom(fence, lines.slice(index + 1, end), index + 2, open.prose.slice(open.proseUsed)))
      index = end
      open.prose.push('')
      open.proseUsed = open.prose.length
      continue
    }
    const heading = HEADING.exec(line)
    if (heading) {
      sections.push(closed(open))
      open = newSection(heading[1]!.length, heading[2]!, index + 1)
      continue
    }
    open.prose.push(line)
  }
  sections.push(closed(open))
  return sections
}

interface OpenSection {
  readonly level: number
  readonly title: string
  readonly line: number
  readonly fences: Fence[]
  readonly prose: string[]
  /** How many lines of prose stand before the last code block: they do not speak of the next one. */
  proseUsed: number
}

function newSection(level: number, title: string, line: number): OpenSection {
  return { level, title, line, fences: [], prose: [], proseUsed: 0 }
}

function closed({ level, title, line, fences, prose }: OpenSection): Section {
  return { level, title, line, fences, prose: prose.join('\n').trim() }
}

function closingLine(lines: readonly string[], opening: number, marks: string): number {
  const closing = new RegExp(`^[ \\t]*${marks[0]}{${marks.length},}[ \\t]*$`)
  for (let index = opening + 1; index < lines.length; index++) if (closing.test(lines[index]!)) return index
  throw new RuleTestFailure(`The code block in line ${opening + 1} has no end: close it with ${marks}.`)
}

function fenceFrom(opening: RegExpExecArray, lines: readonly string[], line: number, proseBefore: readonly string[]): Fence {
  const [, indentation, , language, info] = opening
  const dedented = lines.map((text) => (text.startsWith(indentation!) ? text.slice(indentation!.length) : text.trimStart()))
  const lastLine = proseBefore.findLast((text) => text.trim() !== '') ?? ''
  return {
    language: language!.toLowerCase(),
    path: INFO_PATH.exec(info!)?.[2] ?? PATH_LINE.exec(lastLine)?.[1] ?? null,
    text: dedented.map((text) => `${text}\n`).join(''),
    line,
  }
}
