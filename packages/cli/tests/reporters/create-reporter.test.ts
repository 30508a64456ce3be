import { describe, expect, it } from 'vitest'
import { createReporter, reporterNames, UnknownFormatError } from '../../src/reporters/create-reporter.ts'
import { cleanFile, finding, reportedFile, reportOf, sampleReport, suppressedFinding } from './sample-report.ts'

const suppressedOnly = reportOf(reportedFile('a.py', { source: 'x\n', suppressed: [suppressedFinding({ ruleId: 'pack/hidden', message: 'Hidden.' })] }))

describe('createReporter', () => {
  it('knows the formats, the default first', () => {
    expect(reporterNames).toEqual(['stylish', 'json', 'sarif', 'github', 'gitlab', 'junit', 'agent', 'markdown'])
  })

  it('names the nearest format to a mistyped one', async () => {
    await expect(createReporter('sariff')).rejects.toThrow("Unknown format 'sariff'. Did you mean 'sarif'? Known formats: stylish, ")
  })

  it.each(['xyz', '', 'constructor'])('refuses the unknown format %j with the known ones', async (name) => {
    const error = await createReporter(name).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UnknownFormatError)
    expect((error as Error).message).toContain(`Unknown format '${name}'`)
    expect((error as Error).message).toContain('stylish, json, sarif, github, gitlab, junit, agent, markdown')
  })

  it.each(reporterNames)('%s does not show the order in which files were linted', async (name) => {
    const report = await createReporter(name)
    const reversed = { ...sampleReport, files: sampleReport.files.toReversed(), rules: new Map([...sampleReport.rules].reverse()) }
    expect(report(reversed)).toBe(report(sampleReport))
  })

  it.each(reporterNames)('%s writes no escape codes, not even those of messages and names, without color', async (name) => {
    const report = await createReporter(name, { color: false })
    expect(report(sampleReport)).not.toContain('\u001b')
  })

  it.each(reporterNames.filter((name) => name !== 'json'))('%s writes no path of the machine', async (name) => {
    const report = await createReporter(name)
    expect(report(sampleReport)).not.toContain('/project')
  })

  it.each(reporterNames.filter((name) => name !== 'json' && name !== 'sarif'))('%s is silent on suppressed findings', async (name) => {
    const report = await createReporter(name)
    expect(report(suppressedOnly)).toBe(report(reportOf(reportedFile('a.py', { source: 'x\n' }))))
  })

  it.each([
    ['stylish', 'No problems in 0 files\n', 'No problems in 1 file\n'],
    ['agent', 'No problems in 0 files\n', 'No problems in 1 file\n'],
    ['markdown', '**krait**: No problems in 0 files\n', '**krait**: No problems in 1 file\n'],
    ['github', '', ''],
    ['gitlab', '[]\n', '[]\n'],
  ])('%s on an empty and on a clean run', async (name, empty, clean) => {
    const report = await createReporter(name)
    expect(report(reportOf())).toBe(empty)
    expect(report(reportOf(cleanFile))).toBe(clean)
  })

  it('shows related places of a project outside the root', async () => {
    const related = [{ path: 'lib/a.py', line: 1, column: 2, message: 'here' }]
    const file = reportedFile('../other/b.py', { filePath: '/other/b.py', projectRoot: '/other', findings: [finding({ related })] })
    expect((await createReporter('agent'))(reportOf(file))).toContain('  see ../other/lib/a.py:1:2 here\n')
    expect((await createReporter('json'))(reportOf(file))).toContain('"filePath":"/other/lib/a.py"')
  })
})
