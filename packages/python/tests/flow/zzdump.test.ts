import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import { loadPython } from '@krait/python/node'
test('dump', async () => {
  const p = await loadPython()
  const t = p.parse(readFileSync(process.env.PYFILE ?? '/tmp/flowtmp/sample.py', 'utf8'))
  let out = ''
  for (let i = 0; i < t.size; i++) {
    let d = 0; for (let u = t.parent[i]!; u >= 0; u = t.parent[u]!) d++
    const named = t.grammar.isNamed[t.kind[i]!]
    const f = t.grammar.fieldNames[t.field[i]!]
    const leaf = t.next[i]! === i+1
    out += '  '.repeat(d) + (f ? f + ': ' : '') + (named ? t.grammar.kindNames[t.kind[i]!] : JSON.stringify(t.grammar.kindNames[t.kind[i]!])) + (leaf && named ? ' ' + JSON.stringify(t.text.slice(t.start[i], t.end[i])) : '') + '\n'
  }
  console.log(out)
})
