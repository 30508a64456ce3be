import { checkRuleDocs } from '@krait/rule-tester'
import pack from '../src/index.ts'

checkRuleDocs(pack)
