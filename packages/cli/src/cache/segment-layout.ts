/** What a segment holds: something readable, numbers, and bytes that the numbers point into. */
export interface Segment<Header, Memory extends ArrayBufferLike = ArrayBufferLike> {
  readonly header: Header
  readonly numbers: Int32Array
  readonly bytes: Uint8Array<Memory>
}

/** The lengths of the header and of the numbers, in bytes. */
const LENGTHS = 8

/** Puts a segment into one piece: lengths, header, numbers, bytes. */
export function joinSegment(header: unknown, numbers: Int32Array, bytes: readonly Uint8Array[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(header))
  const lengths = Buffer.alloc(LENGTHS)
  lengths.writeUInt32LE(text.length, 0)
  lengths.writeUInt32LE(numbers.byteLength, 4)
  return Buffer.concat([lengths, text, littleEndian(numbers), ...bytes])
}

/** @param piece what `joinSegment` gave. The bytes are not copied. */
export function splitSegment<Header, Memory extends ArrayBufferLike>(piece: Buffer<Memory>): Segment<Header, Memory> {
  const numbersStart = LENGTHS + piece.readUInt32LE(0)
  const bytesStart = numbersStart + piece.readUInt32LE(4)
  const numbers = new Int32Array((bytesStart - numbersStart) / Int32Array.BYTES_PER_ELEMENT)
  bytesOf(numbers).set(piece.subarray(numbersStart, bytesStart))
  return {
    header: JSON.parse(piece.toString('utf8', LENGTHS, numbersStart)) as Header,
    numbers: IS_LITTLE_ENDIAN ? numbers : new Int32Array(swapped(numbers).buffer),
    bytes: piece.subarray(bytesStart),
  }
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function littleEndian(numbers: Int32Array): Uint8Array {
  return IS_LITTLE_ENDIAN ? bytesOf(numbers) : swapped(numbers)
}

function swapped(numbers: Int32Array): Buffer<ArrayBuffer> {
  return Buffer.from(new Uint8Array(bytesOf(numbers)).buffer).swap32()
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
