import { expect, it } from 'vitest'
import { workOrder } from '../../src/run/work-order.ts'

it('a worker begins with its own stretch of the files and goes on at the far ends of the others', () => {
  expect(workOrder(7, 0, 3)).toEqual([0, 1, 6, 5, 4, 3, 2])
  expect(workOrder(7, 1, 3)).toEqual([2, 3, 6, 5, 4, 1, 0])
  expect(workOrder(7, 2, 3)).toEqual([4, 5, 6, 3, 2, 1, 0])
})

it('each worker can take any file', () => {
  for (const [files, slots] of [
    [0, 2],
    [1, 4],
    [10, 1],
    [33, 4],
  ] as const) {
    for (let slot = 0; slot < slots; slot++) {
      expect(workOrder(files, slot, slots).toSorted((a, b) => a - b)).toEqual(Array.from({ length: files }, (_, number) => number))
    }
  }
})
