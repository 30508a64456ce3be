import type { Pack } from '@krait/core'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RuleTestFailure } from '../failure.ts'
import { RuleTester } from '../rule-tester.ts'
import { checkRulePage } from './check-rule-page.ts'

/**
 * Registers one test per rule of a pack, for its page `docs/<rule>.md`, and one that no page is without a rule. The pages are looked for
 * where `krait explain` finds them: in the folder of `pack.url` or in a folder above.
 * @throws {RuleTestFailure} if there is no `docs` folder.
 */
export function checkRuleDocs(pack: Pack): void {
  const folder = docsFolder(pack)
  RuleTester.describe(`pages of ${pack.name}`, () => {
    for (const rule of pack.rules) RuleTester.it(`docs/${rule.name}.md`, () => checkOne(rule.name))
    RuleTester.it('each page has a rule', () => checkStrayPages())
  })

  async function checkOne(name: string): Promise<void> {
    const path = join(folder, `${name}.md`)
    if (!existsSync(path)) throw new RuleTestFailure(`The rule ${pack.name}/${name} has no page: write ${path}.`)
    const problems = await checkRulePage(pack, name, readFileSync(path, 'utf8'))
    if (problems.length > 0) throw new RuleTestFailure(`${path}:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
  }

  function checkStrayPages(): Promise<void> {
    const names = new Set(pack.rules.map((rule) => `${rule.name}.md`))
    const stray = readdirSync(folder).filter((file) => file.endsWith('.md') && !names.has(file))
    if (stray.length === 0) return Promise.resolve()
    return Promise.reject(new RuleTestFailure(`No rule of ${pack.name} has the page ${stray.map((file) => join(folder, file)).join(', ')}.`))
  }
}

function docsFolder(pack: Pack): string {
  if (!pack.url) throw new RuleTestFailure(`The pack '${pack.name}' does not say where it is: give it \`url: import.meta.url\`.`)
  for (let folder = dirname(fileURLToPath(pack.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'docs'))) return join(folder, 'docs')
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) {
      throw new RuleTestFailure(`The pack '${pack.name}' has no folder docs beside or above ${fileURLToPath(pack.url)}.`)
    }
  }
}
