import datetime from '@krait/datetime'
import errorHandling from '@krait/error-handling'
import fastapiArchitecture from '@krait/fastapi-architecture'
import security from '@krait/security'
import sqlalchemy from '@krait/sqlalchemy'
import type { Pack } from '@krait/core'

/** The packs that come with krait and need no naming in a config. */
export const officialPacks: readonly Pack[] = [datetime, errorHandling, fastapiArchitecture, security, sqlalchemy]
