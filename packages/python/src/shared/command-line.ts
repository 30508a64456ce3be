import { enclosingFunctionName } from '../calls/called-project-function.ts'
import { placeFact } from '../facts/place-fact.ts'
import { semanticsOf } from '../file-semantics.ts'
import type { FunctionDefinitionNode, IdentifierNode } from '../generated/nodes.ts'
import type { Caller } from '../calls/callers.ts'
import type { PythonServices } from '../services.ts'
import type { PythonNode } from '../syntax/node.ts'
import type { Value } from '../values/value.ts'
import { lastPart, withoutLastPart } from './dotted-name.ts'
import { calleeName, callsOf, functionNamed } from './function-calls.ts'
import { isInPathGroup } from './paths.ts'
import type { PathContext } from './paths.ts'

type Context = PythonServices & PathContext

/** Longer chains of callers are not followed. */
const MAX_FUNCTIONS = 60

/**
 * Tells which code of a file talks to a person at a terminal: what stands under `if __name__ == "__main__":`, commands of Typer, click, Flask and Django,
 * functions that build an argument parser, and functions that only such code calls.
 */
export class CommandLine {
  readonly #context: Context
  readonly #answers = new Map<string, boolean>()

  constructor(context: Context) {
    this.#context = context
  }

  /** Whether a node stands in such code. */
  contains(node: PythonNode): boolean {
    if (isUnderMainGuard(node)) return true
    for (let around = node.closest('function_definition'); around; around = around.closest('function_definition')) {
      if (this.#isSurface(around)) return true
    }
    return false
  }

  /** Whether a node stands in a command itself, or under `if __name__ == "__main__":`; functions that only these call do not count. */
  isInCommand(node: PythonNode): boolean {
    if (isUnderMainGuard(node)) return true
    for (let around = node.closest('function_definition'); around; around = around.closest('function_definition')) {
      const body = around.body?.namedChildren[0]
      if (body && this.#isCommand(enclosingFunctionName(this.#context, body))) return true
    }
    return false
  }

  #isSurface(definition: FunctionDefinitionNode): boolean {
    const body = definition.body?.namedChildren[0]
    return body !== undefined && this.#isReachedByCommandsOnly(enclosingFunctionName(this.#context, body))
  }

  #isReachedByCommandsOnly(name: string): boolean {
    const known = this.#answers.get(name)
    if (known !== undefined) return known
    const answer = this.#followCallers(name)
    this.#answers.set(name, answer)
    return answer
  }

  /** Goes from a function to all that call it, until each way has come to a command. */
  #followCallers(start: string): boolean {
    const { project } = this.#context
    const seen = new Set([start])
    const pending = [start]
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (this.#isCommand(name)) continue
      const callers = project.callers(name)
      if (seen.size > MAX_FUNCTIONS || this.#isPassedOn(name)) return false
      if (callers.length === 0 && !this.#isUsedUnderGuard(name) && !this.#isReachedUnseen(name)) return false
      for (const caller of callers) {
        if (this.#isScript(caller.path) || this.#isGuarded(caller)) continue
        if (caller.function === project.moduleName(caller.path)) return false
        if (!seen.has(caller.function)) pending.push(caller.function)
        seen.add(caller.function)
      }
    }
    return true
  }

  #isScript(path: string): boolean {
    return isInPathGroup({ path, settings: this.#context.settings }, 'scripts')
  }

  /** Whether this file uses the function in another way than calling it, say to pass it to a thread. */
  #isPassedOn(name: string): boolean {
    return this.#referencesTo(name).some((reference) => reference.parent?.kind !== 'call' && !isUnderMainGuard(reference))
  }

  /** A private function that its own file never mentions is called by a name that is put together, as in `getattr(show, f"_show_{format}")`: who does is not known. */
  #isReachedUnseen(name: string): boolean {
    const { project } = this.#context
    const found = functionNamed(project, name)
    if (!found || found.path !== project.path || !/^_[^_]/.test(lastPart(name)) || withoutLastPart(name) !== project.moduleName()) return false
    return this.#referencesTo(name).length === 0
  }

  /** `anyio.run(main)` under `if __name__ == "__main__":`. */
  #isUsedUnderGuard(name: string): boolean {
    return this.#referencesTo(name).some(isUnderMainGuard)
  }

  /** Where this file uses a function of its own top level. */
  #referencesTo(name: string): readonly IdentifierNode[] {
    const { project, scopes } = this.#context
    const found = functionNamed(project, name)
    if (!found || found.path !== project.path || name.includes('<locals>')) return []
    return scopes.module.bindings.get(project.pathInModule(name, found.path))?.references ?? []
  }

  /** A call by code of this module that stands under `if __name__ == "__main__":`. */
  #isGuarded({ path, function: caller, call }: Caller): boolean {
    const { project } = this.#context
    if (path !== project.path || caller !== project.moduleName(path)) return false
    const line = project.part(placeFact, path, '')?.calls?.[2 * call]
    const module = this.#context.scopes.module.node
    return line !== undefined && module.namedChildren.some((statement) => isMainGuard(statement) && statement.loc.start.line <= line && line <= statement.loc.end.line)
  }

  #isCommand(name: string): boolean {
    const { project } = this.#context
    const owner = withoutLastPart(name)
    if (project.definition(owner)?.kind === 'class' && project.isSubclassOf(owner, DJANGO_COMMANDS) === true) return true
    const fact = project.member(owner, lastPart(name))?.fact ?? project.definition(name)?.fact
    const path = functionNamed(project, name)?.path
    if (fact?.kind === 'function' && path !== undefined) {
      if (fact.decorators.some((decorator) => this.#isCommandDecorator(project.value(decorator, path)))) return true
    }
    const calls = callsOf(project, name)
    return calls?.calls.some((call) => PARSERS.has(calleeName(project, calls, call) ?? '')) ?? false
  }

  #isCommandDecorator(decorator: Value): boolean {
    const named = decorator.kind === 'call' ? (decorator.callee ?? decorator.function) : decorator.kind === 'name' ? decorator.name : decorator
    if (named === null) return false
    if (typeof named !== 'string') return named.kind === 'attribute' && REGISTERING.has(named.attribute)
    if (/^(click|asyncclick|rich_click|typer|cyclopts)\./.test(named)) return true
    if (!REGISTERING.has(lastPart(named))) return false
    return this.#isGroup(withoutLastPart(named))
  }

  /** What commands are added to. One that is not known is taken for it; one whose class is known must be one. */
  #isGroup(name: string): boolean {
    if (lastPart(name) === 'cli') return true
    const { project } = this.#context
    const definition = project.definition(name)
    if (definition?.kind === 'function') return definition.fact.decorators.some((decorator) => this.#isCommandDecorator(project.value(decorator, definition.path)))
    const value = project.valueOf(name)
    if (value?.kind !== 'call' || value.callee === null) return value === null
    return GROUPS.has(value.callee) || /^(click|asyncclick|rich_click|typer|cyclopts)\./.test(value.callee)
  }
}

/** Whether code runs only when its file is started as a script. */
export function isUnderMainGuard(node: PythonNode): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.kind === 'if_statement' && child === parent.consequence && isMainGuard(parent)) return true
  }
  return false
}

/** `if __name__ == "__main__":` */
function isMainGuard(statement: PythonNode): boolean {
  if (statement.kind !== 'if_statement' || statement.condition?.kind !== 'comparison_operator' || statement.condition.operators[0]?.kind !== '==') return false
  const operands = statement.condition.namedChildren
  return operands.some((operand) => operand.kind === 'identifier' && operand.text === '__name__') && operands.some(isMainName)
}

function isMainName(operand: PythonNode): boolean {
  const { values } = semanticsOf(operand.tree)
  const value = operand.kind === 'string' ? values.summarise(operand.index) : null
  return value?.kind === 'literal' && value.value === '__main__'
}

/** Methods of groups that make a function a command. */
const REGISTERING: ReadonlySet<string> = new Set(['callback', 'command', 'group', 'result_callback'])

const GROUPS: ReadonlySet<string> = new Set(['flask.cli.AppGroup', 'flask.cli.FlaskGroup'])

const PARSERS: ReadonlySet<string> = new Set(['argparse.ArgumentParser', 'optparse.OptionParser'])

const DJANGO_COMMANDS = ['BaseCommand', 'AppCommand', 'LabelCommand'].flatMap((name) => [
  `django.core.management.base.${name}`,
  `django.core.management.${name}`,
])
