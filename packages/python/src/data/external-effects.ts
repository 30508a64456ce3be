import type { ExternalKind } from './external-calls.ts'

/** The methods of clients and functions that change something out there, by what is talked to; a name with `*` at its end stands for all that begin so. */
export const EFFECT_METHODS: Readonly<Record<ExternalKind, readonly string[]>> = {
  broker: words('basic_publish multiple produce publish send send_and_wait single'),
  cache: words('publish'),
  cloud: words(
    `copy_object create_task delete_blob delete_object delete_objects invoke publish publish_batch put_events put_object put_record put_records
    send_email send_message send_message_batch send_messages send_raw_email start_execution upload_blob upload_file upload_fileobj upload_from_file
    upload_from_filename upload_from_string`,
  ),
  http: words('delete patch post put'),
  mail: words('send send_message sendmail'),
  messaging: words('chat_* create files_upload* send send_* trigger'),
  model: [],
  network: [],
  payment: words('cancel capture confirm create create_source delete modify pay refund update void_invoice'),
  process: [],
  search: [],
  storage: words('delete fput_object put put_object remove remove_object storbinary storlines'),
}

/** HTTP methods that change something, for requests that are given the method as text. */
export const CHANGING_HTTP_METHODS: ReadonlySet<string> = new Set(['DELETE', 'PATCH', 'POST', 'PUT'])

/** Methods that hand work to a queue, whatever they are called on. */
export const ENQUEUEING_METHODS: ReadonlySet<string> = new Set(['apply_async', 'delay', 'enqueue_job', 'send_task', 'send_with_options'])

/** Methods that change something out there, whatever they are called on. */
export const TELLING_METHODS: ReadonlySet<string> = new Set(
  'basic_publish chat_postEphemeral chat_postMessage delete_object put_events put_object send_and_wait send_raw_email sendmail upload_file upload_fileobj'.split(' '),
)

/** Methods that change something out there if a word of the receiver's name, or of its class, says that it is such a thing. */
export const HINTED_METHODS: ReadonlyMap<string, ReadonlySet<string>> = hinted([
  ['post put patch', 'aiohttp api client http httpx requests session'],
  ['delete', 'aiohttp api http httpx requests'],
  ['produce publish send', 'amqp broker channel eventbridge exchange kafka mqtt nats producer publisher pubsub rabbitmq sns sqs'],
  ['send_email send_message', 'bot email mail mailer ses slack smtp sqs telegram'],
])

/** As `HINTED_METHODS`, for methods that hand work to a queue. */
export const HINTED_QUEUES: ReadonlyMap<string, ReadonlySet<string>> = hinted([['enqueue', 'q queue']])

/** Calls that arrange for something to be done later. */
export const DEFERRING_METHODS: ReadonlySet<string> = new Set(['add_task', 'apply_async_on_commit', 'delay_on_commit', 'on_commit'])

/** Functions that run a coroutine or function on the side. */
export const SPAWNING_METHODS: ReadonlySet<string> = new Set(['create_task', 'ensure_future', 'run_coroutine_threadsafe', 'start_soon', 'submit'])

/** Words of receivers on which methods of a queue's name do something else. */
export const POOL_WORDS: ReadonlySet<string> = new Set(['pool'])

function words(text: string): readonly string[] {
  return text.split(/\s+/)
}

function hinted(entries: readonly (readonly [methods: string, hints: string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(entries.flatMap(([methods, hints]) => words(methods).map((method) => [method, new Set(words(hints))] as const)))
}
