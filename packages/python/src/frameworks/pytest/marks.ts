import type { PythonProject } from '../../project/python-project.ts'
import { isCallOf, isTrueValue } from '../../values/value.ts'
import type { CallValue, Value } from '../../values/value.ts'
import type { Mark, ParameterSet, Parametrization } from './model.ts'

const PREFIX = 'pytest.mark.'

/** Longer chains of names, and lists in lists, are not followed. */
const MAX_DEPTH = 8

/** The marks that values with absolute names are: themselves, by a name, in a list. */
export function marksIn(project: PythonProject, values: readonly Value[], level: Mark['level'], depth = 0): Mark[] {
  return depth > MAX_DEPTH ? [] : values.flatMap((value) => marksOf(project, value, level, depth))
}

function marksOf(project: PythonProject, value: Value, level: Mark['level'], depth: number): Mark[] {
  switch (value.kind) {
    case 'name': {
      const name = markName(value.name)
      if (name !== null) return [{ name, call: null, level }]
      const bound = project.valueOf(value.name)
      return bound ? marksIn(project, [bound], level, depth + 1) : []
    }
    case 'call': {
      const name = value.callee === null ? null : markName(value.callee)
      if (name !== null) return [{ name, call: value, level }]
      // `slow(reason="...")` with `slow = pytest.mark.slow(...)`: the mark with more arguments.
      const bound = value.callee === null ? null : project.valueOf(value.callee)
      return bound?.kind === 'call' ? marksIn(project, [bound], level, depth + 1) : []
    }
    case 'list':
    case 'tuple':
      return marksIn(project, value.items, level, depth + 1)
    case 'binary':
      return value.operator === '+' ? marksIn(project, [value.left, value.right], level, depth + 1) : []
    case 'splat':
      return marksIn(project, [value.operand], level, depth + 1)
    default:
      return []
  }
}

function markName(name: string): string | null {
  const rest = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : ''
  return rest === '' || rest.includes('.') ? null : rest
}

/** Reads the `parametrize` marks among marks, outermost decorator first. */
export function parametrizationsIn(project: PythonProject, marks: readonly Mark[]): Parametrization[] {
  return marks.flatMap(({ name, call, level }) => (name === 'parametrize' && call ? [parametrizationOf(project, call, level)] : []))
}

function parametrizationOf(project: PythonProject, call: CallValue, level: Mark['level']): Parametrization {
  const names = namesIn(call.arguments[0] ?? call.keywords['argnames'])
  const given = follow(project, call.arguments[1] ?? call.keywords['argvalues'])
  const isList = given?.kind === 'list' || given?.kind === 'tuple' || given?.kind === 'set'
  const items = isList ? given.items.filter(({ kind }) => kind !== 'splat') : []
  const indirect = call.arguments[2] ?? call.keywords['indirect']
  return {
    names,
    cases: items.map((item) => caseOf(project, item, names?.length ?? 1, level)),
    open: !isList || given.open || call.open,
    indirect: isTrueValue(indirect) ? (names ?? []) : (namesIn(indirect) ?? []),
  }
}

function caseOf(project: PythonProject, item: Value, count: number, level: Mark['level']): ParameterSet {
  const value = follow(project, item) ?? item
  if (isCallOf(value, 'pytest.param')) {
    const { marks, id } = value.keywords
    const text = id?.kind === 'literal' && typeof id.value === 'string' ? id.value : null
    return { values: value.arguments, marks: marks ? marksIn(project, [marks], level) : [], id: text }
  }
  const isSet = count > 1 && (value.kind === 'tuple' || value.kind === 'list')
  return { values: isSet ? value.items : [item], marks: [], id: null }
}

function follow(project: PythonProject, value: Value | undefined): Value | undefined {
  let current = value
  for (let step = 0; step < MAX_DEPTH && current?.kind === 'name'; step++) {
    const next = project.valueOf(current.name)
    if (!next) break
    current = next
  }
  return isCallOf(current, 'builtins.list', 'builtins.tuple') ? current.arguments[0] : current
}

/** `"a, b"`, `["a", "b"]` */
function namesIn(value: Value | undefined): readonly string[] | null {
  if (value?.kind === 'literal' && value.type === 'string') return splitNames(String(value.value))
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return null
  const names = value.items.flatMap((item) => (item.kind === 'literal' && typeof item.value === 'string' ? [item.value] : []))
  return names.length === value.items.length && !value.open ? names : null
}

export function splitNames(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim()).filter((name) => name !== '')
}
