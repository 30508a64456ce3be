import { RuleTester } from '@krait/rule-tester'
import { schemaDrift } from '../src/rules/schema-drift.ts'

new RuleTester().runProject(schemaDrift, new URL('schema-drift.md', import.meta.url), { pack: 'sqlalchemy' })
