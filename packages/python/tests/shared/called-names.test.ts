import { isCalledBy, mayCallAny, ownCode } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { callsThat, contextOf } from '../helpers/rule-context.ts'

const WANTED = new Set(['select', 'commit'])

describe('mayCallAny', () => {
  it.each([
    ['select(User)'],
    ['session.commit()'],
    ['(sa.select)(User)'],
    ['run(lambda: db.session.commit())'],
    ['run = sa.select\nrun(User)'],
    // What it is has to be resolved.
    ['from app.queries import find as query\nquery(User)'],
  ])('sees %s', (code) => {
    expect(mayCallAny(contextOf(`${code}\n`).context, WANTED)).toBe(true)
  })

  it.each([['commit = 1'], ['session.commit'], ['selected(commit)'], ['from sqlalchemy import select as query'], ['from app import query\nquery(select)']])('does not take %s for one', (code) => {
    expect(mayCallAny(contextOf(`${code}\n`).context, WANTED)).toBe(false)
  })
})

describe('isCalledBy', () => {
  it('looks at the name that stands there', () => {
    const opened = contextOf('commit()\nsession.commit()\nsession.commit.now()\ncommit()()\ncommit[0]()\n')
    expect(callsThat(opened, (_, call) => isCalledBy(call, WANTED))).toEqual(['commit()', 'session.commit()', 'commit()'])
  })
})

describe('ownCode', () => {
  it('gives the nodes of the wanted kinds, without those of code that is defined inside', () => {
    const { file } = contextOf('f(g(1))\ndef inner():\n    h()\nx = lambda: i()\nwith open(p) as q: pass\n')
    expect([...ownCode(file.source.tree.node(0), 'call', 'with_item')].map(({ text }) => text)).toEqual(['f(g(1))', 'g(1)', 'open(p) as q', 'open(p)'])
  })
})
