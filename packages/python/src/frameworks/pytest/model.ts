import type { Type } from '../../types/type.ts'
import type { CallValue, Value } from '../../values/value.ts'

/** The tests and fixtures that stand in one file. JSON; names are canonical, also those in values. */
export interface TestModule {
  readonly path: string
  /** In the order of their first definition. */
  readonly tests: readonly TestFunction[]
  readonly classes: readonly TestClass[]
  readonly fixtures: readonly Fixture[]
  /** What `pytestmark` of the module says. */
  readonly marks: readonly Mark[]
}

export interface TestFunction {
  /** The qualified name, such as `tests.test_users.TestUsers.test_read`. */
  readonly name: string
  /** The class of a method. */
  readonly className: string | null
  /** `unittest`: a method of a `TestCase`, which takes no fixtures. */
  readonly style: 'pytest' | 'unittest'
  readonly isAsync: boolean
  /** The names of the parameters, without `self`. */
  readonly parameters: readonly string[]
  /** Its own, then those of its class and of the module. */
  readonly marks: readonly Mark[]
  readonly parametrizations: readonly Parametrization[]
}

export interface TestClass {
  readonly name: string
  readonly style: 'pytest' | 'unittest'
  readonly marks: readonly Mark[]
}

/** `@pytest.mark.slow`, also by another name. */
export interface Mark {
  /** `slow` */
  readonly name: string
  /** With its arguments; `null` if it is not called. */
  readonly call: CallValue | null
  readonly level: 'function' | 'class' | 'module'
}

/** `@pytest.mark.parametrize("a, b", [(1, 2), (3, 4)])` */
export interface Parametrization {
  /** `null` if they are not known. */
  readonly names: readonly string[] | null
  readonly cases: readonly ParameterSet[]
  /** There may be more cases. */
  readonly open: boolean
  /** The names that are given to fixtures of the same name. */
  readonly indirect: readonly string[]
}

export interface ParameterSet {
  /** One for each name, if they can be told apart. */
  readonly values: readonly Value[]
  readonly marks: readonly Mark[]
  readonly id: string | null
}

export interface Fixture {
  /** The name by which tests ask for it. */
  readonly name: string
  /** The qualified name of the function, and the file that holds it. */
  readonly function: string
  readonly path: string
  readonly className: string | null
  /** `xunit`: `setup_method`, `setUp` and the like, which run for all tests around them. */
  readonly kind: 'fixture' | 'xunit'
  /** `null` if it is not known. */
  readonly scope: 'function' | 'class' | 'module' | 'package' | 'session' | null
  readonly autouse: boolean | null
  /** `params=[...]` */
  readonly params: readonly Value[] | null
  readonly isAsync: boolean
  /** It has a `yield`: what stands behind it is the teardown. */
  readonly isGenerator: boolean
  /** The fixtures that it asks for. */
  readonly parameters: readonly string[]
  /** What a test is given: the returned or yielded value. */
  readonly type: Type
}

/** The fixtures of one test. */
export interface UsedFixtures {
  /** Directly or by another one, each once; for a name the fixture that it means there. */
  readonly fixtures: readonly Fixture[]
  /** Names that no fixture of the project has, such as those of pytest and its plugins. */
  readonly others: readonly string[]
}
