import type { KeptReader } from './kept-reader.ts'

/**
 * An index: a value linked from the facts of many files, and the questions that it answers. Rules ask by `reader.ask(index, key)`.
 *
 * A rule that asks depends on the answer alone: its findings stand as long as the answer is the same, whatever else has changed in the project.
 * So let an answer hold what the rule needs and nothing else, and choose small keys: one class, not all classes.
 */
export interface IndexDefinition<Built = unknown, Key extends string = string, Answer = unknown> {
  /** Unique: `<language or pack>/<name>`. */
  readonly name: string
  /** Raise it when answers mean something else than before. */
  readonly version: number
  /**
   * Whether each answer counts with what was read for it alone, not with all that the index has read for any: after a change, other answers need not be
   * worked out again. Then the index has to keep the reads with all that it remembers from one answer to the next, see `remember`.
   */
  readonly logsAnswers?: true
  /**
   * Links the facts. Runs at most once per project and thread, when the first question comes. The result may keep the reader and read on
   * while it answers: reads of an index never count for those who ask it. Other indexes may be asked, not in a circle.
   */
  build(reader: KeptReader): Built
  /**
   * Answers one question: JSON, or `undefined`. It follows from the project and the key alone. Each key is asked once; all who ask for it get
   * the same object, so nobody may change it. An answer that is no JSON, such as what one index gives another to share its work, is allowed, but
   * counts with all that the index has read.
   */
  ask(built: Built, key: Key): Answer
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is built stands in parameter position: nothing else takes every index
export type AnyIndex = IndexDefinition<any, any, any>

export function defineIndex<Built, Key extends string, Answer>(index: IndexDefinition<Built, Key, Answer>): IndexDefinition<Built, Key, Answer> {
  return index
}
