import { attemptsOf, leadsToNextAttempt, retryLoopOf } from '@krait/python'
import type { ExceptClauseNode } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { contextOf } from '../helpers/rule-context.ts'

function retries(text: string): boolean[] {
  const { file, context } = contextOf(text)
  return [...file.all()].filter((node): node is ExceptClauseNode => node.kind === 'except_clause').map((clause) => leadsToNextAttempt(context, clause))
}

describe('a retry loop', () => {
  it.each([
    ['a return in the body', 'for attempt in range(3):\n    try:\n        return load()\n    except OSError:\n        pass\n'],
    ['a break in the else', 'while True:\n    try:\n        x = load()\n    except OSError:\n        pass\n    else:\n        break\n'],
    ['a break behind the try', 'while tries < 3:\n    try:\n        x = load()\n    except OSError:\n        continue\n    break\n'],
    ['under with and if', 'while True:\n    if ready:\n        with lock:\n            try:\n                return load()\n            except OSError:\n                wait()\n    sleep(1)\n'],
    ['counting up', 'import itertools\nfor n in itertools.count(1):\n    try:\n        return load()\n    except OSError:\n        pass\n'],
    ['counted delays', 'DELAYS = [1, 2.5]\nfor i, delay in enumerate(DELAYS):\n    try:\n        return load()\n    except OSError:\n        sleep(delay)\n'],
    ['an answer that is tested', 'for _ in range(9):\n    try:\n        answer = load()\n        if answer.ok:\n            return answer\n    except OSError:\n        pass\n'],
    ['an answer that is tested behind the try', 'while True:\n    try:\n        x = load()\n    except OSError:\n        pass\n    else:\n        if x:\n            break\n    time.sleep(1)\n'],
  ])('%s', (_, text) => {
    expect(retries(text)).toEqual([true])
  })

  it.each([
    ['over data', 'for row in rows:\n    try:\n        return load(row)\n    except OSError:\n        pass\n'],
    ['over candidates', 'for port in (80, 8080):\n    try:\n        return load(port)\n    except OSError:\n        pass\n'],
    ['no way out', 'while True:\n    try:\n        load()\n    except OSError:\n        pass\n'],
    ['a worker', 'while True:\n    try:\n        job = get()\n        if not job:\n            break\n        run(job)\n    except OSError:\n        pass\n'],
    ['a worker that returns something else', 'while True:\n    try:\n        job = get()\n    except OSError:\n        continue\n    run(job)\n    if done():\n        return close()\n'],
    ['a round that goes on by itself', 'while True:\n    try:\n        if ready:\n            continue\n        load()\n    except OSError:\n        continue\n    return\n'],
    ['taking one after the other', 'while names:\n    name = names.pop()\n    try:\n        return load(name)\n    except OSError:\n        pass\n'],
    ['pages', 'for page in range(9):\n    try:\n        rows = load(page)\n        if not rows:\n            break\n    except OSError:\n        pass\n'],
    ['a break of an inner loop', 'while True:\n    try:\n        for row in rows:\n            break\n    except OSError:\n        pass\n'],
    ['a handler that leaves', 'while True:\n    try:\n        return load()\n    except OSError:\n        return None\n'],
    ['a handler that raises', 'while True:\n    try:\n        return load()\n    except OSError:\n        raise\n'],
    ['what follows always leaves', 'while True:\n    try:\n        x = load()\n    except OSError:\n        x = None\n    return x\n'],
    ['no loop', 'try:\n    x = load()\nexcept OSError:\n    pass\n'],
    ['in a function of its own', 'while True:\n    def run():\n        try:\n            return load()\n        except OSError:\n            pass\n'],
    ['the else of the loop', 'while x:\n    run()\nelse:\n    try:\n        x = load()\n    except OSError:\n        pass\n'],
    ['in another try', 'while True:\n    try:\n        try:\n            return load()\n        except OSError:\n            pass\n    finally:\n        stop()\n'],
  ])('not %s', (_, text) => {
    expect(retries(text)).toEqual([false])
  })

  it('tells the handlers that go on from those that do not', () => {
    const text = 'for attempt in range(3):\n    try:\n        return load()\n    except TimeoutError:\n        continue\n    except OSError:\n        break\n    except ValueError:\n        pass\n'
    expect(retries(text)).toEqual([true, false, true])
    const { file, context } = contextOf(text)
    const found = retryLoopOf(context, file.first('try_statement'))
    expect([found?.loop.kind, found?.handlers.length]).toEqual(['for_statement', 2])
  })

  it.each([
    ['range(3)', 'range', 3],
    ['range(1, N + 1)', 'range', 4],
    ['range(limit)', 'range', null],
    ['range(10, 0, -3)', 'range', 4],
    ['itertools.count()', 'count', null],
    ['(1, 5, None)', 'delays', 3],
    ['enumerate([0.5, 1])', 'delays', 2],
  ])('counts the attempts of %s', (over, kind, count) => {
    const { file, context } = contextOf(`import itertools\nN = 4\nfor attempt in ${over}:\n    pass\n`)
    expect(attemptsOf(context, file.first('for_statement'))).toEqual({ kind, count })
  })

  it('counts no attempts over data', () => {
    const { file, context } = contextOf('for row in rows:\n    pass\n')
    expect(attemptsOf(context, file.first('for_statement'))).toBeNull()
  })

  it('knows the loops of tenacity', () => {
    expect(retries('from tenacity import Retrying\nfor attempt in Retrying(stop=x):\n    with attempt:\n        try:\n            return load()\n        except OSError:\n            pass\n')).toEqual([true])
  })
})
