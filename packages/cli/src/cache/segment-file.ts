import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { sha256 } from '../read/digest.ts'

/**
 * An immutable file: a header, numbers, and a body. Its name is a digest of the header and the numbers, so these are known to be whole. Who puts
 * something into the body has its digest among the numbers.
 */
export interface Segment<Header> {
  readonly header: Header
  readonly numbers: Int32Array
  readonly body: SegmentBody
}

export interface SegmentBody {
  /** In bytes. */
  readonly size: number
  /** `undefined` if there is an error. */
  read(offset: number, length: number): Buffer | undefined
  /** The whole body in memory that every thread can read. */
  readAll(): SharedArrayBuffer | undefined
  close(): void
}

/** The lengths of header, numbers and body, in bytes. */
const LENGTHS = 12

/** The pieces of the file, and its name. */
export function formatSegment(header: unknown, numbers: Int32Array, body: readonly Uint8Array[]): { readonly name: string; readonly pieces: readonly Uint8Array[] } {
  const text = Buffer.from(JSON.stringify(header))
  const lengths = Buffer.alloc(LENGTHS)
  lengths.writeUInt32LE(text.length, 0)
  lengths.writeUInt32LE(numbers.byteLength, 4)
  lengths.writeUInt32LE(body.reduce((sum, { length }) => sum + length, 0), 8)
  const head = Buffer.concat([lengths, text, littleEndian(numbers)])
  return { name: nameOf(head), pieces: [head, ...body] }
}

/**
 * Opens a segment; it stays open until its body is closed.
 * @returns `undefined` if the file is not what its name says
 * @throws the system's error
 */
export function openSegment<Header>(path: string, name: string): Segment<Header> | undefined {
  const handle = openSync(path, 'r')
  const lengths = readAt(handle, 0, LENGTHS)
  const headLength = lengths ? LENGTHS + lengths.readUInt32LE(0) + lengths.readUInt32LE(4) : 0
  const size = lengths?.readUInt32LE(8) ?? 0
  const head = fstatSync(handle).size === headLength + size ? readAt(handle, 0, headLength) : undefined
  if (!lengths || !head || nameOf(head) !== name) {
    closeSync(handle)
    return undefined
  }
  const numbersStart = LENGTHS + lengths.readUInt32LE(0)
  return {
    header: JSON.parse(head.toString('utf8', LENGTHS, numbersStart)) as Header,
    numbers: fromLittleEndian(head.subarray(numbersStart)),
    body: new OpenBody(handle, headLength, size),
  }
}

class OpenBody implements SegmentBody {
  readonly #handle: number
  readonly #start: number
  readonly size: number
  #isOpen = true

  constructor(handle: number, start: number, size: number) {
    this.#handle = handle
    this.#start = start
    this.size = size
  }

  read(offset: number, length: number): Buffer | undefined {
    return this.#isOpen ? readAt(this.#handle, this.#start + offset, length) : undefined
  }

  readAll(): SharedArrayBuffer | undefined {
    const memory = new SharedArrayBuffer(this.size)
    return this.#isOpen && fill(Buffer.from(memory), this.#handle, this.#start) ? memory : undefined
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#handle)
    this.#isOpen = false
  }
}

function readAt(handle: number, position: number, length: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(length)
  return fill(bytes, handle, position) ? bytes : undefined
}

function fill(bytes: Buffer, handle: number, position: number): boolean {
  try {
    for (let done = 0; done < bytes.length;) {
      const read = readSync(handle, bytes, done, bytes.length - done, position + done)
      if (read === 0) return false
      done += read
    }
    return true
  } catch {
    return false
  }
}

function nameOf(head: Uint8Array): string {
  return `${sha256(head, 'hex')}.bin`
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function littleEndian(numbers: Int32Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap32()
}

function fromLittleEndian(bytes: Uint8Array): Int32Array {
  // A copy stands at the start of its memory, as numbers must.
  const copy = new Uint8Array(bytes)
  if (!IS_LITTLE_ENDIAN) Buffer.from(copy.buffer).swap32()
  return new Int32Array(copy.buffer)
}
