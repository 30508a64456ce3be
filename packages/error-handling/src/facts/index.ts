import { appWiringFact } from './app-wiring.ts'
import { filledTablesFact } from './filled-tables.ts'
import { mentionsFact } from './mentions.ts'
import { writtenPathsFact } from './written-paths.ts'

export const facts = [appWiringFact, filledTablesFact, mentionsFact, writtenPathsFact]
