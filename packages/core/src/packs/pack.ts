import type { AnyFact } from '../project/fact.ts'
import type { AnyIndex } from '../project/index-definition.ts'
import type { AnyRule } from '../rules/rule.ts'
import type { RuleSetting } from '../config/config.ts'

/** A named set of rule settings, such as `recommended`. */
export type Preset = Readonly<Record<string, RuleSetting>>

/** An npm package (or a local file) that contributes rules, presets and facts. */
export interface Pack {
  /** The part before the slash in rule ids. */
  readonly name: string
  readonly version: string
  /** `import.meta.url` of the pack's entry file: rule pages are looked up as `docs/<rule>.md` in its folder or the folders above. */
  readonly url?: string
  readonly rules: readonly AnyRule[]
  /** Presets beside `recommended`, `strict` and `all`, which follow from the rules' own metadata. Keys of a preset are full rule ids. */
  readonly presets?: Readonly<Record<string, Preset>>
  readonly facts?: readonly AnyFact[]
  /** The indexes that the pack's rules ask, so that a cache can ask them again. Findings that rest on one left out here are never reused. */
  readonly indexes?: readonly AnyIndex[]
}

export function definePack(pack: Pack): Pack {
  return pack
}

/** The indexes of a pack and of its rules. */
export function indexesOf({ name, indexes = [], rules }: Pack): readonly AnyIndex[] {
  return [...indexes, ...rules.flatMap((rule) => rule.indexes?.(`${name}/${rule.name}`) ?? [])]
}
