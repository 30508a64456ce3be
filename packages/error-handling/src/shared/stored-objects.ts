import { classOfExpression, lastNameOf, matchesEntry, withoutParentheses } from '@krait/python'
import type { CallNode, PythonNode, PythonServices } from '@krait/python'

const DELETING: ReadonlySet<string> = new Set(['delete', 'delete_blob', 'delete_file', 'delete_object', 'remove', 'remove_object'])
const STORING: ReadonlySet<string> = new Set([
  'copy_object',
  'fput_object',
  'put',
  'put_object',
  'save',
  'store',
  'upload',
  'upload_blob',
  'upload_file',
  'upload_fileobj',
])
const CLIENTS = /^(boto3|aioboto3|aiobotocore|botocore|minio|google\.cloud\.storage|azure\.storage)\./
const DJANGO_STORAGES: ReadonlySet<string> = new Set(['django.core.files.storage.Storage', 'django.core.files.storage.base.Storage'])
const DEFAULT_STORAGE = ['django.core.files.storage.default_storage']
const NAME = /storage|bucket|blob|s3|minio|gcs/i
const TEMPORARY = /tmp|temp|staging/i

/** The storage client on which a call deletes an object; `null` for all other calls, and for objects of a temporary name. */
export function deletingClient(context: PythonServices, call: CallNode, clients: readonly string[]): PythonNode | null {
  return clientOf(context, call, DELETING, clients)
}

/** Whether a call stores an object by a client. */
export function storesBy(call: CallNode, client: string): boolean {
  const called = withoutParentheses(call.function)
  return called.kind === 'attribute' && STORING.has(called.attribute.text) && withoutParentheses(called.object).text === client && !TEMPORARY.test(call.arguments?.text ?? '')
}

function clientOf(context: PythonServices, call: CallNode, methods: ReadonlySet<string>, clients: readonly string[]): PythonNode | null {
  const called = withoutParentheses(call.function)
  if (called.kind !== 'attribute' || !methods.has(called.attribute.text) || TEMPORARY.test(call.arguments?.text ?? '')) return null
  const client = withoutParentheses(called.object)
  return isClient(context, client, clients) ? client : null
}

function isClient(context: PythonServices, node: PythonNode, clients: readonly string[]): boolean {
  if (NAME.test(lastNameOf(node) ?? '') || context.resolvesTo(node, DEFAULT_STORAGE)) return true
  const className = classOfExpression(context, node)
  if (className !== null) {
    const { names } = context.project.ancestors(className)
    return names.some((name) => CLIENTS.test(name) || DJANGO_STORAGES.has(name) || clients.some((entry) => matchesEntry(name, entry)))
  }
  const value = context.values.of(node)
  const made = value.kind === 'await' ? value.operand : value
  return made.kind === 'call' && made.callee !== null && CLIENTS.test(made.callee)
}
