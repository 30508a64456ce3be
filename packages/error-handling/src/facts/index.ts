import { appWiringFact } from './app-wiring.ts'
import { mentionsFact } from './mentions.ts'
import { writtenPathsFact } from './written-paths.ts'

export const facts = [appWiringFact, mentionsFact, writtenPathsFact]
