import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { AnyRule, Pack } from '@krait/core'
import { loadOfficialPacks } from '../config/load-packs.ts'
import { cachePlace, formatFolder } from './cache-place.ts'
import { readChecked, writeChecked } from './checked-text.ts'
import { installationDigest } from './code-digest.ts'
import { replaceFile } from './replace-file.ts'

/**
 * What the packs that come with krait say of themselves: all but their code. It is kept in the cache: a run that finds nothing changed needs no
 * more of them, and loading all rules and the language they are for takes as long as all else that such a run does.
 */
export class PackOutlines {
  readonly #location: string | undefined
  readonly #missing = new Set<string>()

  /** @param location the folder of the cache, absolute; `undefined` is one in each project's root */
  constructor(location: string | undefined) {
    this.#location = location
  }

  /** The packs that come with krait, for finding out how a project is configured. Their rules may not be able to run. */
  async packsFor(root: string): Promise<readonly Pack[]> {
    const path = this.#pathFor(root)
    const text = readOutlines(path)
    if (text !== undefined) return parseOutlines(text)
    this.#missing.add(path)
    return loadOfficialPacks()
  }

  /** Keeps the outlines where there were none, if a cache is kept there. */
  async save(): Promise<void> {
    const paths = [...this.#missing].filter((path) => existsSync(dirname(path)))
    const text = paths.length > 0 ? formatOutlines(await loadOfficialPacks()) : undefined
    if (text === undefined) return
    for (const path of paths) {
      try {
        replaceFile(path, writeChecked(kind(), text))
      } catch {
        // The next run takes a little longer; if nothing at all can be written, that is told elsewhere.
      }
    }
  }

  #pathFor(root: string): string {
    return join(formatFolder(cachePlace(this.#location, root)), 'packs')
  }
}

function readOutlines(path: string): string | undefined {
  try {
    return existsSync(path) ? readChecked(kind(), readFileSync(path)) : undefined
  } catch {
    // What can not be read is as good as not there.
    return undefined
  }
}

/** Packs as JSON; `undefined` if one says something that JSON can not. */
export function formatOutlines(packs: readonly Pack[]): string | undefined {
  const text = JSON.stringify(packs)
  const isComplete = parseOutlines(text).every((outline, i) => outline.rules.every((rule, j) => saysTheSame(rule, packs[i]!.rules[j]!)))
  return isComplete ? text : undefined
}

export function parseOutlines(text: string): readonly Pack[] {
  return (JSON.parse(text) as readonly Pack[]).map((pack) => ({ ...pack, rules: pack.rules.map((rule) => ({ ...rule, create: refuse })) }))
}

function refuse(): never {
  throw new Error('This is the outline of a rule, which can not run: load its pack before linting.')
}

function saysTheSame(outline: AnyRule, rule: AnyRule): boolean {
  return isDeepStrictEqual([outline.name, outline.meta, outline.defaultOptions], [rule.name, rule.meta, rule.defaultOptions])
}

function kind(): string {
  return `krait packs ${installationDigest()}`
}
