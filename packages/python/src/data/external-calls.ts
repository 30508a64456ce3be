/** Raise it when an entry changes: findings may change with it. */
export const EXTERNAL_CALLS_VERSION = 2

/** What is talked to. */
export type ExternalKind =
  | 'broker'
  | 'cache'
  | 'cloud'
  | 'http'
  | 'mail'
  | 'messaging'
  | 'model'
  | 'network'
  | 'payment'
  | 'process'
  | 'search'
  | 'storage'

/** Functions that leave the process, by qualified name. */
export const EXTERNAL_FUNCTIONS: ReadonlyMap<string, ExternalKind> = new Map([
  ...functions('http', 'requests', 'delete get head options patch post put request'),
  ...functions('http', 'httpx', 'delete get head options patch post put request stream'),
  ...functions('http', 'aiohttp', 'request'),
  ...functions('http', 'urllib3', 'request'),
  ...functions('http', 'urllib.request', 'urlopen urlretrieve'),
  ...functions('mail', 'aiosmtplib', 'send'),
  ...functions('messaging', 'firebase_admin.messaging', 'send send_all send_each send_each_for_multicast send_multicast'),
  ...functions('messaging', 'pusher', 'trigger'),
  ...functions('process', 'subprocess', 'Popen call check_call check_output getoutput getstatusoutput run'),
  ...functions('process', 'asyncio', 'create_subprocess_exec create_subprocess_shell'),
  ...functions('process', 'os', 'popen system'),
  ...functions('network', 'socket', 'create_connection getaddrinfo gethostbyaddr gethostbyname'),
  ...functions('network', 'asyncio', 'open_connection'),
  ...functions('broker', 'paho.mqtt.publish', 'multiple single'),
])

/** A class, or a function that makes an object, whose methods leave the process. */
export interface ExternalClient {
  readonly kind: ExternalKind
  /** The methods that do; every method but those that only close, where this is left out. */
  readonly methods?: ReadonlySet<string>
  /** Methods that only make another handle: `client.bucket("a").blob("b").upload_from_string(data)`. */
  readonly handles?: ReadonlySet<string>
}

const HTTP_METHODS = 'delete get head options patch post put request send stream'

/** Clients by the qualified name of the class or of the function that makes them. Their attributes count too: `client.messages.create()`. */
export const EXTERNAL_CLIENTS: ReadonlyMap<string, ExternalClient> = new Map([
  ...clients('http', 'requests.Session requests.session', HTTP_METHODS),
  ...clients('http', 'httpx.AsyncClient httpx.Client', HTTP_METHODS),
  ...clients('http', 'aiohttp.ClientSession', `${HTTP_METHODS} ws_connect`),
  ...clients('http', 'urllib3.PoolManager urllib3.ProxyManager', 'request urlopen'),
  ...clients('http', 'http.client.HTTPConnection http.client.HTTPSConnection', 'connect getresponse request'),
  ...clients('http', 'authlib.integrations.httpx_client.AsyncOAuth2Client authlib.integrations.requests_client.OAuth2Session', `${HTTP_METHODS} fetch_token`),
  ...clients('mail', 'smtplib.LMTP smtplib.SMTP smtplib.SMTP_SSL aiosmtplib.SMTP'),
  ...clients('mail', 'imaplib.IMAP4 imaplib.IMAP4_SSL poplib.POP3 poplib.POP3_SSL'),
  ...clients('mail', 'fastapi_mail.FastMail', 'send_message'),
  ...clients('mail', 'sendgrid.SendGridAPIClient', 'send'),
  ...clients('messaging', 'slack_sdk.WebClient slack_sdk.web.WebClient slack_sdk.web.client.WebClient slack_sdk.web.async_client.AsyncWebClient'),
  ...clients('messaging', 'slack_sdk.webhook.WebhookClient slack_sdk.webhook.async_client.AsyncWebhookClient', 'send send_dict'),
  ...clients('messaging', 'twilio.rest.Client', undefined, 'calls messages verifications services'),
  ...clients('messaging', 'telegram.Bot discord.Webhook.from_url'),
  ...clients('payment', 'stripe.StripeClient'),
  ...clients('cloud', 'boto3.client botocore.client.BaseClient'),
  ...clients('cloud', 'boto3.resource', undefined, 'Bucket BucketPolicy Object Queue Table Topic get_queue_by_name'),
  ...clients('cloud', 'google.cloud.storage.Client', undefined, 'blob bucket get_blob get_bucket'),
  ...clients('cloud', 'google.cloud.pubsub_v1.PublisherClient google.cloud.pubsub_v1.SubscriberClient google.cloud.tasks_v2.CloudTasksClient'),
  ...clients('cloud', 'google.cloud.bigquery.Client google.cloud.firestore.Client google.cloud.secretmanager.SecretManagerServiceClient'),
  ...clients('cloud', 'azure.storage.blob.BlobServiceClient azure.storage.blob.ContainerClient', undefined, 'get_blob_client get_container_client'),
  ...clients('cloud', 'azure.storage.blob.BlobClient azure.servicebus.ServiceBusClient azure.keyvault.secrets.SecretClient'),
  ...clients('cloud', 'docker.from_env docker.DockerClient'),
  ...clients('storage', 'minio.Minio'),
  ...clients('storage', 'ftplib.FTP ftplib.FTP_TLS paramiko.SSHClient paramiko.SFTPClient'),
  ...clients('broker', 'kafka.KafkaConsumer kafka.KafkaProducer confluent_kafka.Consumer confluent_kafka.Producer'),
  ...clients('broker', 'aiokafka.AIOKafkaConsumer aiokafka.AIOKafkaProducer'),
  ...clients('broker', 'pika.BlockingConnection', undefined, 'channel'),
  ...clients('broker', 'kombu.Connection kombu.Producer kombu.Consumer kombu.Queue', undefined, 'Producer SimpleQueue channel'),
  ...clients('broker', 'aio_pika.connect aio_pika.connect_robust nats.connect'),
  ...clients('cache', 'redis.Redis redis.StrictRedis redis.from_url redis.Redis.from_url redis.RedisCluster redis.Sentinel', undefined, 'pipeline'),
  ...clients('cache', 'redis.asyncio.Redis redis.asyncio.StrictRedis redis.asyncio.from_url redis.asyncio.Redis.from_url', undefined, 'pipeline'),
  ...clients('cache', 'aioredis.Redis aioredis.from_url memcache.Client pymemcache.client.base.Client'),
  ...clients('search', 'elasticsearch.AsyncElasticsearch elasticsearch.Elasticsearch opensearchpy.OpenSearch meilisearch.Client'),
  ...clients('search', 'typesense.Client algoliasearch.search_client.SearchClient.create'),
  ...clients('model', 'openai.AsyncAzureOpenAI openai.AsyncOpenAI openai.AzureOpenAI openai.OpenAI'),
  ...clients('model', 'anthropic.Anthropic anthropic.AsyncAnthropic'),
  ...clients('network', 'socket.socket', 'accept connect recv recvfrom send sendall sendto'),
])

/** Modules whose classes talk to a service by methods of the class: `stripe.Charge.create()`. */
export const EXTERNAL_NAMESPACES: ReadonlyMap<string, ExternalClient> = new Map([
  [
    'stripe',
    {
      kind: 'payment',
      methods: new Set('cancel capture close confirm create create_source delete list modify pay refund retrieve search update void_invoice'.split(' ')),
    },
  ],
])

/** Methods of clients that do nothing out there. */
export const LOCAL_CLIENT_METHODS: ReadonlySet<string> = new Set(['aclose', 'close', 'get_paginator', 'get_waiter', 'with_options'])

function functions(kind: ExternalKind, module: string, names: string): (readonly [string, ExternalKind])[] {
  return names.split(' ').map((name) => [`${module}.${name}`, kind] as const)
}

function clients(kind: ExternalKind, names: string, methods?: string, handles?: string): (readonly [string, ExternalClient])[] {
  const client: ExternalClient = {
    kind,
    ...(methods !== undefined && { methods: new Set(methods.split(' ')) }),
    ...(handles !== undefined && { handles: new Set(handles.split(' ')) }),
  }
  return names.split(' ').map((name) => [name, client] as const)
}
