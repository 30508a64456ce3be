import { attributePlacesFact } from './attribute-places.ts'
import { constantUsesFact } from './constant-uses.ts'

export const facts = [attributePlacesFact, constantUsesFact]
