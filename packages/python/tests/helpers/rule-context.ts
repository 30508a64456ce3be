import type { Settings } from '@krait/core'
import type { CallNode, PythonServices } from '@krait/python'
import { MemoryProject } from './memory-project.ts'
import type { OpenedFile } from './memory-project.ts'

export interface ContextOptions {
  readonly path?: string
  readonly settings?: Settings
  readonly files?: Readonly<Record<string, string>>
}

/** A file as a rule sees it: with its services and settings. */
export interface OpenedContext {
  readonly file: OpenedFile
  readonly context: PythonServices & { readonly settings: Settings }
}

export function contextOf(text: string, { path = 'app/main.py', settings = {}, files = {} }: ContextOptions = {}): OpenedContext {
  const file = new MemoryProject({ ...files, [path]: text }).open(path, settings)
  return { file, context: Object.assign(file.services, { settings }) }
}

/** The calls in the file by their first line of text, with what a question about them gives. */
export function answersByCall<Answer>({ file, context }: OpenedContext, ask: (context: OpenedContext['context'], call: CallNode) => Answer) {
  const answers: [string, Answer][] = []
  for (const node of file.all()) if (node.kind === 'call') answers.push([node.text, ask(context, node)])
  return answers
}

/** The texts of the calls for which a question has the answer yes. */
export function callsThat(opened: OpenedContext, ask: (context: OpenedContext['context'], call: CallNode) => unknown): string[] {
  return answersByCall(opened, ask)
    .filter(([, answer]) => Boolean(answer))
    .map(([text]) => text)
}
