/** A test case that does not hold. `actual` and `expected` are texts that test frameworks show as a difference. */
export class RuleTestFailure extends Error {
  override readonly name = 'RuleTestFailure'
  declare readonly actual?: string
  declare readonly expected?: string

  constructor(message: string, texts?: { readonly actual: string; readonly expected: string }) {
    super(message)
    if (texts) Object.assign(this, texts)
  }
}
