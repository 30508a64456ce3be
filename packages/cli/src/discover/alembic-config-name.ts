/** The name of Alembic's config file. */
export const ALEMBIC_CONFIG_NAME = 'alembic.ini'
