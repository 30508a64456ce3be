import type { Effect } from '../data/effects.ts'
import type { PythonNode } from '../syntax/node.ts'
import { isDatabaseCall } from './database-calls.ts'
import type { DatabaseContext } from './database-calls.ts'
import { effectsOfCall } from './effects.ts'
import { externalCall } from './external-calls.ts'
import { isFileCall } from './file-calls.ts'
import { ownCode } from './own-code.ts'

/**
 * The first node at or below a node that waits for the outside: `await`, `async for`, `async with`, a database call, a call that leaves the process, or one
 * that opens, reads or writes a file; else a call of a project function that does one of these. `null` if there is none; functions defined there do not count.
 */
export function findInputOutput(context: DatabaseContext, root: PythonNode): PythonNode | null {
  return findOwn(context, root) ?? findThroughFunctions(context, root)
}

function findOwn(context: DatabaseContext, root: PythonNode): PythonNode | null {
  for (const node of ownCode(root)) {
    switch (node.kind) {
      case 'await':
        return node
      case 'for_statement':
      case 'with_statement':
      case 'for_in_clause':
        if (node.children[0]?.kind === 'async') return node
        break
      case 'call':
        if (isDatabaseCall(context, node) || externalCall(context, node) || isFileCall(context, node)) return node
        break
    }
  }
  return null
}

const INPUT_OUTPUT: readonly Effect[] = ['database', 'network', 'process', 'file', 'enqueue', 'external-effect']

function findThroughFunctions(context: DatabaseContext, root: PythonNode): PythonNode | null {
  for (const node of ownCode(root)) {
    if (node.kind !== 'call') continue
    const { function: called, paths } = effectsOfCall(context, node)
    if (called !== null && INPUT_OUTPUT.some((effect) => paths.has(effect))) return node
  }
  return null
}
