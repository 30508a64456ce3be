import type { CallNode } from '../generated/nodes.ts'
import type { PythonServices } from '../services.ts'

const PROMPTS: ReadonlySet<string> = new Set(['builtins.input', 'click.confirm', 'click.prompt', 'getpass.getpass', 'typer.confirm', 'typer.prompt'])

/** Whether a call asks the person at the terminal. */
export function isPromptCall(context: PythonServices, call: CallNode): boolean {
  return context.resolvesTo(call.function, PROMPTS)
}
