import { childByField, defineFact, defineIndex } from '@krait/core'
import type { FileSemantics } from '../../file-semantics.ts'
import * as K from '../../scopes/kind-codes.ts'
import { lastPart } from '../../shared/dotted-name.ts'
import type { Value } from '../../values/value.ts'

/** What a factory of async sessions does with objects at a commit. */
export type CommitBehaviour = 'expires' | 'keeps' | 'unknown'

const FACTORIES: ReadonlySet<string> = new Set(['async_sessionmaker', 'AsyncSession', 'sessionmaker'])

/** The factories of async sessions that a file makes, and the `configure(expire_on_commit=...)` in it. Files without any are left out. */
export const sessionFactoryFact = defineFact<readonly CommitBehaviour[], FileSemantics>({
  name: 'python/session-factories',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables, names, values } = file
    const { fields } = tables.kinds
    const found: CommitBehaviour[] = []
    for (const index of file.nodesOf(K.CALL)) {
      const called = childByField(tree, index, fields.function)
      if (called < 0) continue
      const text = tree.text.slice(tree.start[called], tree.end[called])
      if (!/session/i.test(text) && !text.endsWith('.configure')) continue
      const call = values.summarise(index)
      if (call.kind !== 'call') continue
      if (text.endsWith('.configure')) {
        if (isFalse(call.keywords['expire_on_commit'])) found.push('keeps')
        continue
      }
      const name = (names.nameOf(called) ?? call.callee ?? '').replace(/\[.*$/, '')
      if (!/^sql(alchemy|model)\b/.test(name) || !FACTORIES.has(lastPart(name))) continue
      if (lastPart(name) === 'sessionmaker' && !isAsyncClass(call.keywords['class_'])) continue
      const given = call.keywords['expire_on_commit']
      if (given) found.push(isFalse(given) ? 'keeps' : given.kind === 'literal' ? 'expires' : 'unknown')
      else found.push(call.open ? 'unknown' : 'expires')
    }
    return found
  },
})

/** Whether all async sessions of the project expire their objects at a commit: each of its factories does, and there is one. The only key is `all`. */
export const asyncSessionsIndex = defineIndex<{ readonly expire: boolean }, 'all', boolean>({
  name: 'python/async-sessions',
  version: 1,
  build(reader) {
    let count = 0
    for (const [, factories] of reader.facts(sessionFactoryFact)) {
      if (factories.some((factory) => factory !== 'expires')) return { expire: false }
      count += factories.length
    }
    return { expire: count > 0 }
  },
  ask: ({ expire }) => expire,
})

function isFalse(value: Value | undefined): boolean {
  return value?.kind === 'literal' && value.value === false
}

function isAsyncClass(value: Value | undefined): boolean {
  return value?.kind === 'name' && lastPart(value.name).includes('Async')
}
