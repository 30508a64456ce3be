/** Calls of libraries that notify somebody or send metrics, by qualified name. */
export const AUXILIARY_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['SMTP', 'SMTP_SSL', 'LMTP'].flatMap((name) => [`smtplib.${name}.send_message`, `smtplib.${name}.sendmail`]),
  'aiosmtplib.SMTP.send_message',
  'aiosmtplib.SMTP.sendmail',
  'aiosmtplib.send',
  'django.core.mail.EmailMessage.send',
  'django.core.mail.EmailMultiAlternatives.send',
  'fastapi_mail.FastMail.send_message',
  'firebase_admin.messaging.send',
  'firebase_admin.messaging.send_each',
  'firebase_admin.messaging.send_each_for_multicast',
  'firebase_admin.messaging.send_multicast',
  'sendgrid.SendGridAPIClient.send',
  'slack_sdk.webhook.WebhookClient.send',
  'slack_sdk.webhook.async_client.AsyncWebhookClient.send',
])

/** Methods that are such calls on a receiver of whose names, as written or qualified, one is among the words; on any receiver where there are no words. */
export const AUXILIARY_METHODS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['chat_postMessage', []],
  ...'decr decrement distribution gauge histogram incr increment timing'.split(' ').map((method) => [method, ['datadog', 'dogstatsd', 'statsd', 'stats_client']] as const),
  ...'capture track'.split(' ').map((method) => [method, ['analytics', 'mixpanel', 'posthog', 'segment']] as const),
])

/** What functions are called that notify somebody or send metrics. */
export const AUXILIARY_NAMES: readonly RegExp[] = [
  /^_?(send|push|post|dispatch|deliver)_.*(email|mail|sms|notification|push|slack|alert|webhook|receipt)s?(_|$)/,
  /^_?notify(_|$)/,
  /^_?(track|emit|record|report|increment)_.*(metric|event|analytics|usage)s?(_|$)/,
]

/** Methods that do so on an object whose name says that it is for that. */
export const MESSENGER_METHODS: ReadonlySet<string> = new Set(['notify', 'send_confirmation', 'send_welcome', 'track'])
export const MESSENGER_NAME = /email|mail|notif|slack|sms|metric|analytics|webhook/i
