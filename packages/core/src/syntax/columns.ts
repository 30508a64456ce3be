/** Most files are small enough for two bytes per number. */
export type Offsets = Uint16Array | Uint32Array
export type Parents = Int16Array | Int32Array

/** The columns of a `FlatTree`: one entry per node, in pre-order. */
export interface TreeColumns {
  readonly size: number
  readonly kind: Uint16Array
  readonly field: Uint8Array
  readonly flags: Uint8Array
  readonly start: Offsets
  readonly end: Offsets
  readonly next: Offsets
  readonly parent: Parents
  /** Whether the parser had to repair anything, also where no ERROR or MISSING node shows it. */
  readonly hasErrors: boolean
}

const MAX_INT16 = 0x7fff
const MAX_UINT16 = 0xffff

/**
 * Columns of exactly `size` nodes, all in one buffer. `hasErrors` is false until the caller says otherwise.
 * @param textLength in UTF-16 code units
 */
export function createColumns(size: number, textLength: number): TreeColumns & { hasErrors: boolean } {
  const isSmall = size <= MAX_INT16 && textLength <= MAX_UINT16
  const width = isSmall ? 2 : 4
  const buffer = new ArrayBuffer(size * (4 * width + 4))
  const offsets = (column: number): Offsets => (isSmall ? new Uint16Array(buffer, column * size * width, size) : new Uint32Array(buffer, column * size * width, size))
  const rest = 4 * size * width
  return {
    size,
    start: offsets(0),
    end: offsets(1),
    next: offsets(2),
    parent: isSmall ? new Int16Array(buffer, 3 * size * width, size) : new Int32Array(buffer, 3 * size * width, size),
    kind: new Uint16Array(buffer, rest, size),
    field: new Uint8Array(buffer, rest + 2 * size, size),
    flags: new Uint8Array(buffer, rest + 3 * size, size),
    hasErrors: false,
  }
}
