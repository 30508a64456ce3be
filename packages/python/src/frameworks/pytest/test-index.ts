import { defineIndex } from '@krait/core'
import type { Fixture, TestModule, UsedFixtures } from './model.ts'
import { TestModules } from './test-modules.ts'

/** The modules themselves. Only the indexes below look into it: its answer is no JSON. */
export const testModulesIndex = defineIndex<TestModules, 'modules', TestModules>({
  name: 'python/pytest-table',
  version: 1,
  build: (reader) => new TestModules(reader),
  ask: (modules) => modules,
})

/** The tests and fixtures of one file, by its path. */
export const testModuleIndex = defineIndex<TestModules, string, TestModule>({
  name: 'python/pytest-modules',
  version: 1,
  build: (reader) => reader.ask(testModulesIndex, 'modules'),
  ask: (modules, path) => modules.module(path),
})

/** The fixtures that a name means, by `fixtureKey`. */
export const fixtureIndex = defineIndex<TestModules, string, readonly Fixture[]>({
  name: 'python/pytest-fixtures',
  version: 1,
  build: (reader) => reader.ask(testModulesIndex, 'modules'),
  ask(modules, key) {
    const [path, className, name] = key.split(SEPARATOR)
    return modules.fixtures(path!, className === '' ? null : className!, name!)
  },
})

/** The fixtures of one test, by the file that holds it and its qualified name, with a colon between. */
export const usedFixturesIndex = defineIndex<TestModules, string, UsedFixtures>({
  name: 'python/pytest-used-fixtures',
  version: 1,
  build: (reader) => reader.ask(testModulesIndex, 'modules'),
  ask(modules, key) {
    const colon = key.indexOf(':')
    return modules.used(key.slice(colon + 1), key.slice(0, colon))
  },
})

/** @param className the qualified name of the class in which the name stands, if it stands in one */
export function fixtureKey(path: string, className: string | null, name: string): string {
  return [path, className ?? '', name].join(SEPARATOR)
}

const SEPARATOR = '\n'
