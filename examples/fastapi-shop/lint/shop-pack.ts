import { definePack } from '@krait/core'
import { moneyIsDecimal } from './money-is-decimal.ts'

/** The shop's own rules; `krait.config.ts` loads them. */
export default definePack({
  name: 'shop',
  version: '1.0.0',
  url: import.meta.url,
  rules: [moneyIsDecimal],
})
