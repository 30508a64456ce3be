/**
 * The order in which a worker tries to claim files: first its own share, then, from their far ends, those of others, should they not come to them. A share
 * is one stretch of the list: files of one folder ask for the same things, so that less of it is worked out in several threads.
 * @param files how many there are
 * @param slot the place of the worker among the others, from 0
 * @param slots how many workers there are
 */
export function workOrder(files: number, slot: number, slots: number): number[] {
  const start = Math.floor((files * slot) / slots)
  const end = Math.floor((files * (slot + 1)) / slots)
  const numbers = Array.from({ length: files }, (_, number) => number)
  return [...numbers.slice(start, end), ...numbers.slice(end).reverse(), ...numbers.slice(0, start).reverse()]
}
