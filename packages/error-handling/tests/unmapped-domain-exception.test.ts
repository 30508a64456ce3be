import { RuleTester } from '@krait/rule-tester'
import { unmappedDomainException } from '../src/rules/unmapped-domain-exception.ts'

new RuleTester().runProject(unmappedDomainException, new URL('unmapped-domain-exception.md', import.meta.url), { pack: 'error-handling' })
