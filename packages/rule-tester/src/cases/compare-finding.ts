import type { AnyRule, Finding, RelatedPlace } from '@krait/core'
import type { OpenedCase } from './check-case.ts'
import { fillTemplate, unfilledPlaceholders } from './message-template.ts'
import type { ExpectedFinding, ExpectedRelatedPlace } from './test-case.ts'

const POSITIONS = ['line', 'column', 'endLine', 'endColumn'] as const
const KNOWN_KEYS = new Set(['messageId', 'data', 'message', ...POSITIONS, 'suggestions', 'related'])

/** How a finding differs from what is expected of it (`null`: nothing but its existence), one sentence per difference. */
export function compareFinding({ rule, id }: OpenedCase, expected: ExpectedFinding | null, finding: Finding): string[] {
  if (finding.ruleId !== id) return [`It comes from ${finding.ruleId}: ${finding.message}`]
  return [
    ...checkPlaceholders(rule, finding.messageId, finding.message),
    ...(expected ? [...compareKeys(expected), ...compareMessage(rule, expected, finding), ...comparePosition(expected, finding)] : []),
    ...(expected?.related ? compareRelated(expected.related, finding.related ?? []) : []),
  ]
}

/** A message or a description of a rule must have a value for each placeholder. */
export function checkPlaceholders(rule: AnyRule, messageId: string | undefined, message: string): string[] {
  const template = templateOf(rule, messageId)
  if (template === undefined) return []
  return unfilledPlaceholders(template, message).map(
    (placeholder) => `The message '${messageId}' has no value for ${placeholder}: add it to the \`data\` of the report.`,
  )
}

/** Compares a message with the id and the data it should be made from; used for findings and suggestions. */
export function compareMessageId(
  rule: AnyRule,
  expected: { readonly messageId?: string; readonly data?: ExpectedFinding['data'] },
  actual: { readonly messageId?: string; readonly message: string },
): string[] {
  const { messageId, data } = expected
  if (messageId === undefined) return data === undefined ? [] : ['`data` is compared only together with `messageId`: give it, too.']
  const template = templateOf(rule, messageId)
  if (template === undefined) {
    return [`The test expects the message id '${messageId}'; ${rule.name} has ${Object.keys(rule.meta.messages as object).join(', ')}.`]
  }
  if (actual.messageId !== messageId) return [`The message id is '${actual.messageId ?? 'none'}', expected '${messageId}'.`]
  if (data === undefined) return []
  const message = fillTemplate(template, data)
  return message === actual.message ? [] : [`The message is\n    ${actual.message}\n  expected with this data\n    ${message}`]
}

function compareKeys(expected: ExpectedFinding): string[] {
  return Object.keys(expected)
    .filter((key) => !KNOWN_KEYS.has(key))
    .map((key) => `An expected finding has no property '${key}'. Known: ${[...KNOWN_KEYS].join(', ')}.`)
}

function compareMessage(rule: AnyRule, expected: ExpectedFinding, finding: Finding): string[] {
  const differences = compareMessageId(rule, expected, finding)
  const { message } = expected
  if (message === undefined) return differences
  const fits = typeof message === 'string' ? message === finding.message : message.test(finding.message)
  return fits ? differences : [...differences, `The message is\n    ${finding.message}\n  expected\n    ${String(message)}`]
}

function comparePosition(expected: ExpectedFinding, finding: Finding): string[] {
  return POSITIONS.flatMap((key) =>
    expected[key] === undefined || expected[key] === finding[key] ? [] : [`\`${key}\` is ${finding[key]}, expected ${expected[key]}.`],
  )
}

function compareRelated(expected: readonly ExpectedRelatedPlace[], actual: readonly RelatedPlace[]): string[] {
  if (expected.length !== actual.length) {
    const list = actual.map(({ path, line, column, message }) => `\n    ${path}:${line}:${column} ${message}`)
    return [`There are ${actual.length} related places, expected ${expected.length}.${list.join('')}`]
  }
  return expected.flatMap((place, index) => {
    const found = actual[index]!
    return (['path', 'line', 'column', 'message'] as const).flatMap((key) =>
      place[key] === undefined || place[key] === found[key] ? [] : [`\`${key}\` of related place ${index + 1} is ${found[key]}, expected ${place[key]}.`],
    )
  })
}

function templateOf(rule: AnyRule, messageId: string | undefined): string | undefined {
  const messages = rule.meta.messages as Record<string, string>
  return messageId !== undefined && Object.hasOwn(messages, messageId) ? messages[messageId] : undefined
}
