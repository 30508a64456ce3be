/** What stands in front of the functions of a migration. */
const HEAD = 'from alembic import op\nimport sqlalchemy as sa\n\nrevision = "a1"\ndown_revision = "a0"\n\n'

/** The functions of `migration` begin in the line behind this one. */
export const HEAD_LINES = 6

/** A migration with these functions. */
export function migration(functions: string): { readonly code: string; readonly path: string } {
  return { code: HEAD + functions, path: 'alembic/versions/a1.py' }
}
