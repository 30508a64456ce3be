/** The columns of a `FlatTree`: one entry per node, in pre-order. */
export interface TreeColumns {
  readonly size: number
  readonly kind: Uint16Array
  readonly field: Uint8Array
  readonly flags: Uint8Array
  readonly start: Uint32Array
  readonly end: Uint32Array
  readonly next: Uint32Array
  readonly parent: Int32Array
  /** Whether the parser had to repair anything, also where no ERROR or MISSING node shows it. */
  readonly hasErrors: boolean
}

const BYTES_PER_NODE = 20

/** Columns of exactly `size` nodes, all in one buffer. `hasErrors` is false until the caller says otherwise. */
export function createColumns(size: number): TreeColumns & { hasErrors: boolean } {
  const buffer = new ArrayBuffer(size * BYTES_PER_NODE)
  return {
    size,
    start: new Uint32Array(buffer, 0, size),
    end: new Uint32Array(buffer, size * 4, size),
    next: new Uint32Array(buffer, size * 8, size),
    parent: new Int32Array(buffer, size * 12, size),
    kind: new Uint16Array(buffer, size * 16, size),
    field: new Uint8Array(buffer, size * 18, size),
    flags: new Uint8Array(buffer, size * 19, size),
    hasErrors: false,
  }
}
