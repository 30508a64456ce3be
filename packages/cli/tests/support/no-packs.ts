import type { Pack } from '@krait/core'

/** In place of the packs that come with krait: tests of the machinery must not depend on them. */
export const officialPacks: readonly Pack[] = []
