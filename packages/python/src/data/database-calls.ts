/** What a session that is not resolved is called, alone or behind a dot. */
export const SESSION_NAMES: ReadonlySet<string> = new Set(['session', 'db_session', '_session', 'async_session'])

/** Methods of a session, connection or engine that talk to the database. */
export const DATABASE_METHODS: ReadonlySet<string> = new Set(
  `begin bulk_insert_mappings bulk_save_objects bulk_update_mappings commit connect exec execute executemany flush get get_one merge query refresh
  scalar scalars stream stream_scalars`.split(/\s+/),
)

/** Methods of a driver's connections and cursors that do. */
export const DRIVER_METHODS: ReadonlySet<string> = new Set(
  'connect execute executemany executescript fetch fetchall fetchmany fetchone fetchrow fetchval commit copy'.split(' '),
)

/** Connections and cursors of drivers. */
export const DRIVER_CLASSES: ReadonlySet<string> = new Set([
  'asyncpg.Connection',
  'asyncpg.Pool',
  'asyncpg.connection.Connection',
  'asyncpg.pool.Pool',
  'psycopg.AsyncConnection',
  'psycopg.AsyncCursor',
  'psycopg.Connection',
  'psycopg.Cursor',
  'psycopg2.extensions.connection',
  'psycopg2.extensions.cursor',
  'sqlite3.Connection',
  'sqlite3.Cursor',
])

/** Functions that give a driver's connection. */
export const DRIVER_FUNCTIONS: ReadonlySet<string> = new Set([
  'aiosqlite.connect',
  'asyncpg.connect',
  'asyncpg.create_pool',
  'psycopg.AsyncConnection.connect',
  'psycopg.connect',
  'psycopg2.connect',
  'pymysql.connect',
  'sqlite3.connect',
])

/** Engines of SQLAlchemy. */
export const ENGINE_CLASSES: ReadonlySet<string> = new Set(['sqlalchemy.Engine', 'sqlalchemy.ext.asyncio.AsyncEngine'])
