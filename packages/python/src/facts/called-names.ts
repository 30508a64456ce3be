import { childByField, defineFact } from '@krait/core'
import type { FileSemantics } from '../file-semantics.ts'
import * as K from '../scopes/kind-codes.ts'
import { lastPart } from '../shared/dotted-name.ts'

/**
 * The last parts of the names under which a file calls something, sorted: `charge` for `charge()`, `client.charge()`, and for `pay()` after
 * `from client import charge as pay`. Small, so that the files in which a function may be called are found without reading all calls.
 */
export const calledNamesFact = defineFact<readonly string[], FileSemantics>({
  name: 'python/called-names',
  version: 1,
  onDemand: 'project',
  collect: ({ services: file }) => {
    const { tree, tables, names } = file
    const { codes, fields } = tables.kinds
    const found = new Set<string>()
    for (const index of file.nodesOf(K.CALL)) {
      const called = childByField(tree, index, fields.function)
      if (called < 0) continue
      const isAttribute = codes[tree.kind[called]!] === K.ATTRIBUTE
      const named = isAttribute ? childByField(tree, called, fields.attribute) : called
      const name = isAttribute ? null : names.nameOf(called)
      if (name !== null) found.add(lastPart(name).replace(/^:/, ''))
      else if (named >= 0 && codes[tree.kind[named]!] === K.IDENTIFIER) found.add(tree.text.slice(tree.start[named], tree.end[named]))
    }
    return [...found].sort()
  },
})
