import { RuleTester } from '@krait/rule-tester'
import { requireCatchAllHandler } from '../src/rules/require-catch-all-handler.ts'

new RuleTester().runProject(requireCatchAllHandler, new URL('require-catch-all-handler.md', import.meta.url), { pack: 'error-handling' })
