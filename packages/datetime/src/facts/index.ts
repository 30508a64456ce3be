import { constantUsesFact } from './constant-uses.ts'

export const facts = [constantUsesFact]
