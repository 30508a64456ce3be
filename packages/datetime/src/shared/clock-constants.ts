import type { AssignmentNode, PythonProject, PythonRuleContext, RelativeName, Value } from '@krait/python'
import { classBehind, isClockFunction, isClockReading, isTestFile } from '@krait/python'
import { constantUsesFact } from '../facts/constant-uses.ts'
import type { UsesByName } from '../facts/constant-uses.ts'

/** A variable of a module or class that holds a moment. */
export interface ClockConstant {
  readonly name: string
  /** The qualified name. */
  readonly qualifiedName: string
  /** It is a text, which can be compared, but with which nothing is computed: `+` and `/` make other texts and paths of it. */
  readonly isText: boolean
}

/** The constant that an assignment makes of a clock reading; `null` if the name is bound again, or to something else that the reading is part of. */
export function clockConstant(context: PythonRuleContext, { left, right }: AssignmentNode): ClockConstant | null {
  const binding = left.kind === 'identifier' ? context.scopes.bindingOf(left) : null
  const qualifiedName = context.resolve(left)
  if (!binding?.onlyDefinition || qualifiedName === null || !right) return null
  const value = context.values.summary(right)
  if (!isClockReading(context.project, value)) return null
  return { name: left.text, qualifiedName, isText: isText(context.project, value) }
}

/**
 * The module of a function that compares or computes with the constant as if it were the current time; `null` if there is none. A use beside a new
 * reading of the clock (`time.time() - STARTED`) takes the constant for what it is. Test files do not count.
 */
export function moduleThatUses(context: PythonRuleContext, constant: ClockConstant): string | null {
  const { project, settings } = context
  for (const [path, { compared, computed }] of project.facts(constantUsesFact)) {
    if (isTestFile({ path, settings })) continue
    const uses = constant.isText ? [compared] : [compared, computed]
    if (uses.some((names) => isUsed(project, path, names, constant))) return project.moduleName(path)
  }
  return null
}

function isUsed(project: PythonProject, path: string, names: UsesByName, constant: ClockConstant): boolean {
  return Object.entries(names).some(([name, ways]) => {
    if (!isMeant(project, path, name, constant)) return false
    return ways.some((called) => !called.some((other) => isClockFunction(project, project.resolveName(other, path) ?? '')))
  })
}

/** Whether a name that is relative to a file is the constant, or an attribute of it. */
function isMeant(project: PythonProject, path: string, name: RelativeName, { name: own, qualifiedName }: ClockConstant): boolean {
  if (!name.split(/[.:*]/).includes(own)) return false
  const resolved = project.resolveName(name, path)
  if (resolved === null) return false
  if (resolved === qualifiedName || resolved.startsWith(`${qualifiedName}.`)) return true
  // An attribute that is inherited, or that is read on an object.
  const at = `${resolved}.`.indexOf(`.${own}.`)
  const owner = at < 0 ? null : classBehind(project, resolved.slice(0, at))
  const member = owner === null ? null : project.member(owner, own)
  return member ? `${member.owner}.${own}` === qualifiedName : false
}

const TEXT_METHODS: ReadonlySet<string> = new Set(['isoformat', 'strftime', 'ctime', 'format', 'to_iso8601_string'])
const TEXT_FUNCTIONS: ReadonlySet<string> = new Set(['builtins.str', 'builtins.repr', 'builtins.format'])

function isText(project: PythonProject, value: Value): boolean {
  const inner = (part: Value) => isText(project, part)
  switch (value.kind) {
    case 'literal':
      return value.type === 'string'
    case 'format':
      return true
    case 'binary':
      return inner(value.left) || inner(value.right)
    case 'conditional':
      return inner(value.then) || inner(value.else)
    case 'subscript':
      return inner(value.object)
    case 'call': {
      if (value.callee !== null) return TEXT_FUNCTIONS.has(value.callee) || returnsText(project, value.callee)
      const method = value.function
      return method?.kind === 'attribute' && (TEXT_METHODS.has(method.attribute) || inner(method.object))
    }
    default:
      return false
  }
}

/** A clock helper of the project that gives its readings as text, as far as its own body tells. */
function returnsText(project: PythonProject, name: string): boolean {
  const returns = project.callable(name)?.function?.returns ?? []
  return returns.some((value) => value.kind === 'format' || (value.kind === 'call' && value.callee === null && isText(project, value)))
}
