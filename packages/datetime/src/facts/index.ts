import { attributePlacesFact } from './attribute-places.ts'
import { attributeReadsFact } from './attribute-reads.ts'
import { attributeReadersFact } from './attribute-readers.ts'
import { constantUsesFact } from './constant-uses.ts'

export const facts = [attributePlacesFact, attributeReadsFact, attributeReadersFact, constantUsesFact]
