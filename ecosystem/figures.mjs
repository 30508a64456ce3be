/**
 * The page with the figures per rule.
 * @param findings lines of findings by project
 * @param judgements by rule id: how many findings were read, and how many of them were wrong
 */
export function figuresPage(findings, judgements) {
  const counts = new Map()
  for (const [project, lines] of findings) {
    for (const line of lines) {
      const ruleId = line.slice(line.lastIndexOf(' ') + 1)
      const byProject = counts.get(ruleId) ?? new Map()
      byProject.set(project, (byProject.get(project) ?? 0) + 1)
      counts.set(ruleId, byProject)
    }
  }
  const names = findings.map(([project]) => project)
  const rules = [...new Set([...counts.keys(), ...Object.keys(judgements)])].sort()
  const rows = rules.map((ruleId) => {
    const byProject = counts.get(ruleId) ?? new Map()
    const total = [...byProject.values()].reduce((sum, count) => sum + count, 0)
    const { read = 0, wrong = 0, note = '' } = judgements[ruleId] ?? {}
    return [ruleId, total, ...names.map((name) => byProject.get(name) ?? 0), read, wrong, note]
  })
  return [
    '<!-- Written by `pnpm ecosystem --update`: do not edit. -->',
    '# Figures per rule',
    '',
    'How many findings each rule has on the pinned projects, how many of them a person read, and how many of those were wrong.',
    '',
    row(['rule', 'findings', ...names, 'read', 'wrong', 'what was seen']),
    row(['---', ...Array.from({ length: names.length + 3 }, () => '--:'), '---']),
    ...rows.map(row),
    '',
  ].join('\n')
}

function row(cells) {
  return `| ${cells.join(' | ')} |`
}
