import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProgressLine } from '../../src/run/progress.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

function record(): { written: string[]; output: { write(text: string | Uint8Array): void } } {
  const written: string[] = []
  return { written, output: { write: (text) => void written.push(String(text)) } }
}

test('a short run shows nothing', () => {
  const { written, output } = record()
  const line = new ProgressLine(output, 10)
  for (let done = 1; done <= 10; done++) line.update(done)
  line.clear()
  expect(written).toEqual([])
})

test('a long run shows a line now and then, and leaves none', () => {
  const { written, output } = record()
  const line = new ProgressLine(output, 9)
  for (let done = 1; done <= 9; done++) {
    vi.advanceTimersByTime(40)
    line.update(done)
  }
  line.clear()
  expect(written).toEqual(['\r\u001B[KLinting 3 of 9 files', '\r\u001B[KLinting 6 of 9 files', '\r\u001B[KLinting 9 of 9 files', '\r\u001B[K'])
})
