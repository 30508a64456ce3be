import { attributePlacesFact } from './attribute-places.ts'
import { attributeReadsFact } from './attribute-reads.ts'
import { constantUsesFact } from './constant-uses.ts'

export const facts = [attributePlacesFact, attributeReadsFact, constantUsesFact]
