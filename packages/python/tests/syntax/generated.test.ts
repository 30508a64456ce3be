import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pythonShape } from '@krait/python'
import { loadPython } from '@krait/python/node'
import { expect, test } from 'vitest'

test.each(['generate-node-types.mjs', 'build-grammars.mjs'])('what %s writes is current', (script) => {
  const path = fileURLToPath(new URL(`../../../../scripts/${script}`, import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [path, '--check'], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('the generated shape fits the grammar', async () => {
  const { grammar } = await loadPython()
  for (const [kind, fields] of Object.entries(pythonShape.repeatedFields)) {
    expect(grammar.kindIds(kind)).not.toEqual([])
    for (const field of fields) expect(grammar.isRepeated(grammar.kindIds(kind)[0]!, grammar.fieldId(field))).toBe(true)
  }
  expect(grammar.kindNames[grammar.errorKind]).toBe('ERROR')
  expect(grammar.kindIds('ERROR')).toEqual([grammar.errorKind])
  expect(grammar.kindIds('no_such_kind')).toEqual([])
  expect(grammar.fieldId('no_such_field')).toBe(0)
})
