import type { AnyIndex } from './index-definition.ts'
import type { KeptReader, Tracked } from './kept-reader.ts'

/** A build or an answer. Its outcome is kept, also that it failed: who asks again is told the same. */
interface Task {
  readonly index: AnyIndex
  /** That of the answer; `null` for a build. */
  readonly key: string | null
  state: 'new' | 'running' | 'done'
  value: unknown
  failure: { readonly error: unknown } | undefined
  /** Of an answer that was recalled. */
  logged: LoggedAnswer | undefined
}

/** An answer of an index: its digest, `null` for no answer, `FAILED` for an error, `undefined` if it is no JSON; and its text. */
export interface LoggedAnswer {
  readonly digest: string | null | undefined
  readonly json?: string | undefined
}

/** An answer of an earlier run that still stands. */
export interface RecalledAnswer {
  readonly value: unknown
  readonly logged: LoggedAnswer
}

/** Does the work of an index for an answer, or while it is built (`null`), say to measure it. */
export type DoShared = (index: AnyIndex, key: string | null, work: () => unknown) => unknown

export type RecallAnswer = (index: AnyIndex, key: string) => RecalledAnswer | undefined

interface IndexTasks {
  readonly build: Task
  readonly answers: Map<string, Task>
}

/** The indexes of a project: each is built once, when it is first asked, and each question is answered once. */
export class IndexStore {
  readonly #reader: KeptReader
  readonly #recall: RecallAnswer
  readonly #share: DoShared
  readonly #tasks = new Map<AnyIndex, IndexTasks>()
  /** Tasks that wait for one another, the first one first. */
  readonly #running: Task[] = []

  /**
   * @param reader logs for the index that is at work
   * @param recall gives answers that are known without building the index
   * @param share does the work of an index
   */
  constructor(reader: KeptReader, recall: RecallAnswer = () => undefined, share: DoShared = (_, _key, work) => work()) {
    this.#reader = reader
    this.#recall = recall
    this.#share = share
  }

  /** @throws Error what the index threw, or that indexes ask each other in a circle */
  ask(index: AnyIndex, key: string): unknown {
    const { build, answers } = this.#tasksOf(index)
    const answer = answers.get(key) ?? addTask(answers, index, key)
    return this.#outcome(answer, () => {
      const recalled = build.state === 'new' || index.logsAnswers ? this.#recall(index, key) : undefined
      if (recalled) {
        answer.logged = recalled.logged
        return recalled.value
      }
      const { value, reads } = this.#outcome(build, () => this.#reader.track(() => index.build(this.#reader))) as Tracked<unknown>
      this.#reader.include(reads)
      return index.ask(value, key)
    })
  }

  /** An answer that was recalled as it was logged; `undefined` for others. */
  recalled(index: AnyIndex, key: string): LoggedAnswer | undefined {
    return this.#tasks.get(index)?.answers.get(key)?.logged
  }

  #tasksOf(index: AnyIndex): IndexTasks {
    let tasks = this.#tasks.get(index)
    if (!tasks) this.#tasks.set(index, (tasks = { build: newTask(index, null), answers: new Map() }))
    return tasks
  }

  #outcome(task: Task, work: () => unknown): unknown {
    if (task.state === 'new') this.#run(task, work)
    else if (task.state === 'running') this.#failCircle(task)
    if (task.failure) throw task.failure.error
    return task.value
  }

  #run(task: Task, work: () => unknown): void {
    task.state = 'running'
    this.#running.push(task)
    try {
      task.value = this.#share(task.index, task.key, work)
    } catch (error) {
      task.failure ??= { error }
    }
    this.#running.pop()
    task.state = 'done'
  }

  /** All in the circle fail for good, also those that catch the error: else the outcome would depend on who was asked first. */
  #failCircle(task: Task): void {
    const circle = this.#running.slice(this.#running.indexOf(task))
    const error = new Error(describeCircle(circle.map(({ index }) => index.name)))
    for (const member of circle) member.failure ??= { error }
  }
}

function addTask(answers: Map<string, Task>, index: AnyIndex, key: string): Task {
  const task = newTask(index, key)
  answers.set(key, task)
  return task
}

function newTask(index: AnyIndex, key: string | null): Task {
  return { index, key, state: 'new', value: undefined, failure: undefined, logged: undefined }
}

/** The same text wherever in the circle the question came in. */
function describeCircle(names: readonly string[]): string {
  const steps = names.filter((name, i) => i === 0 || name !== names[i - 1])
  if (steps.length > 1 && steps[0] === steps.at(-1)) steps.pop()
  const first = steps.indexOf(steps.reduce((a, b) => (a < b ? a : b)))
  const circle = [...steps.slice(first), ...steps.slice(0, first + 1)]
  return `These indexes ask each other in a circle: ${circle.join(' -> ')}. Let one of them read the facts itself.`
}
