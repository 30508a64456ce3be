import { isTaskRetry, policyArgument, policyOfDecorator, policyOfPlainCall } from '@krait/python'
import type { CallNode, RetryPolicy } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { contextOf } from '../helpers/rule-context.ts'

function decorated(text: string): RetryPolicy | null {
  const { file, context } = contextOf(text)
  return policyOfDecorator(context, file.first('decorator'))
}

describe('a retry policy', () => {
  it.each([
    ['from tenacity import retry\n@retry\ndef f(): ...\n', 'tenacity', '@retry'],
    ['import tenacity as t\n@t.retry(stop=x)\ndef f(): ...\n', 'tenacity', '@t.retry'],
    ['import backoff\n@backoff.on_exception(backoff.expo, OSError)\ndef f(): ...\n', 'backoff', '@backoff.on_exception'],
    ['import stamina\n@stamina.retry(on=OSError)\ndef f(): ...\n', 'stamina', '@stamina.retry'],
    ['from retrying import retry\n@retry\ndef f(): ...\n', 'retrying', '@retry'],
    ['from retry import retry\n@retry()\ndef f(): ...\n', 'retry', '@retry'],
    ['from celery import shared_task\n@shared_task\ndef f(): ...\n', 'celery', '@shared_task'],
    ['from celery import Celery\napp = Celery()\n@app.task(bind=True)\ndef f(self): ...\n', 'celery', '@app.task'],
    ['from app.worker import app\n@app.task(autoretry_for=(OSError,))\ndef f(): ...\n', 'celery', '@app.task'],
  ])('%s', (text, library, label) => {
    const policy = decorated(text)
    expect([policy?.library, policy?.label, policy?.function?.name.text]).toEqual([library, label, 'f'])
  })

  it.each([['@retry\ndef f(): ...\n'], ['def retry(f): ...\n@retry\ndef f(): ...\n'], ['@app.task(retries=3)\ndef f(): ...\n']])('not %s', (text) => {
    expect(decorated(text)).toBeNull()
  })

  it('follows a name to the policy that it stands for', () => {
    const policy = decorated('from tenacity import retry\nretried = retry(stop=1)\n@retried\ndef f(): ...\n')
    expect([policy?.label, policy?.isMadeElsewhere, policy && policyArgument(policy, 'stop', 1)]).toEqual(['@retried', true, { kind: 'literal', type: 'integer', value: 1 }])
  })

  it('knows what is not seen', () => {
    const policy = decorated('from tenacity import retry\n@retry(**options)\ndef f(): ...\n')
    expect(policy && policyArgument(policy, 'stop', 1)).toBe('open')
  })

  it('is a plain call only outside of decorators', () => {
    const { file, context } = contextOf('from tenacity import Retrying, retry\n@retry()\ndef f(): ...\nRetrying()\n')
    const calls = [...file.all()].filter((node): node is CallNode => node.kind === 'call')
    expect(calls.map((call) => policyOfPlainCall(context, call)?.name ?? null)).toEqual([null, 'Retrying'])
  })

  it.each([
    ['self.retry()', true],
    ['other.retry()', false],
    ['sync.retry()', true],
  ])('%s in a task', (call, isRetry) => {
    const { file, context } = contextOf(`from celery import shared_task\n@shared_task(bind=True)\ndef sync(self, other):\n    ${call}\n`)
    expect(isTaskRetry(context, [...file.all()].findLast((node): node is CallNode => node.kind === 'call')!)).toBe(isRetry)
  })
})
