/**
 * The place of the first row whose first number is not less than a key, as a count of numbers; their length if there is none.
 * @param rows of one size in a row, sorted by their first numbers
 */
export function firstRowFrom(rows: Int32Array, size: number, key: number): number {
  let low = 0
  let high = rows.length / size
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle * size]! < key) low = middle + 1
    else high = middle
  }
  return low * size
}
