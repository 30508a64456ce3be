import { isMigrationFile, isTestFile, type PathContext } from '@krait/python'

/** Whether the rules of this pack have nothing to say about the file: tests and database migrations. */
export function isOutOfScope(context: PathContext): boolean {
  return isTestFile(context) || isMigrationFile(context)
}
