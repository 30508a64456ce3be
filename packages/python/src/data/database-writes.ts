/** Methods of a session that change the database, or stage a change. */
export const WRITE_METHODS: ReadonlySet<string> = new Set(
  'add add_all bulk_insert_mappings bulk_save_objects bulk_update_mappings delete flush merge'.split(' '),
)

/** Methods of a session that run a statement, which may be one that writes. */
export const EXECUTING_METHODS: ReadonlySet<string> = new Set(['exec', 'execute', 'scalar', 'scalars'])

/** Functions and methods that begin a statement that writes. */
export const WRITING_STATEMENTS: ReadonlySet<string> = new Set(['delete', 'insert', 'update'])

/** Methods of SQLAlchemy's `Query` that write. */
export const QUERY_WRITES: ReadonlySet<string> = new Set(['delete', 'update'])

/** Methods of Django's models, managers and query sets that write. */
export const DJANGO_WRITES: ReadonlySet<string> = new Set(
  `abulk_create abulk_update acreate adelete aget_or_create asave aupdate aupdate_or_create bulk_create bulk_update create delete get_or_create save
  update update_or_create`.split(/\s+/),
)

/** Those that only Django has, in a file that uses it. */
export const DJANGO_INSTANCE_WRITES: ReadonlySet<string> = new Set(['asave', 'save'])

export const DJANGO_MODEL = 'django.db.models.Model'

/** What a block of Django's is made with whose end commits. */
export const ATOMIC = 'django.db.transaction.atomic'

/** Classes whose `begin()` makes a block whose end commits, beside sessions. */
export const BEGINNING_CLASSES: ReadonlySet<string> = new Set([
  'sqlalchemy.Engine',
  'sqlalchemy.ext.asyncio.AsyncEngine',
  'sqlalchemy.ext.asyncio.async_sessionmaker',
  'sqlalchemy.orm.sessionmaker',
])

/** Words that say so where the class is not known: `SessionLocal`, `session_factory`, `engine`. */
export const BEGINNING_WORDS: readonly string[] = ['async engine', 'engine', 'session factory', 'session local', 'session maker', 'sessionmaker', 'session']
