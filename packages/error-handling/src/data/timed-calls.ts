/** Functions and classes of the standard library that wait for ever by default, with the position of their `timeout`. */
export const TIMED_CALLS: ReadonlyMap<string, number> = new Map([
  ['urllib.request.urlopen', 2],
  ['smtplib.SMTP', 3],
  ['smtplib.SMTP_SSL', 5],
  ['smtplib.LMTP', 4],
  ['ftplib.FTP', 4],
  ['ftplib.FTP_TLS', 7],
  ['imaplib.IMAP4', 2],
  ['imaplib.IMAP4_SSL', 5],
  ['http.client.HTTPConnection', 2],
  ['http.client.HTTPSConnection', 4],
  ['socket.create_connection', 1],
])

/** Clients whose requests have a timeout, unless they are made without one. */
export const CLIENTS_WITH_DEFAULT: ReadonlySet<string> = new Set(['httpx.Client', 'httpx.AsyncClient', 'aiohttp.ClientSession'])

/** The last parts of all these names. */
export const TIMED_NAMES: ReadonlySet<string> = new Set([...TIMED_CALLS.keys(), ...CLIENTS_WITH_DEFAULT].map((name) => name.slice(name.lastIndexOf('.') + 1)))
