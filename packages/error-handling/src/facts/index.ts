import { appWiringFact } from './app-wiring.ts'
import { mentionsFact } from './mentions.ts'

export const facts = [appWiringFact, mentionsFact]
