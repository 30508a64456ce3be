/**
 * Rewrites the legacy `dylink` custom section of a WebAssembly module as `dylink.0`, the form that current runtimes read; a module that has
 * it already is returned as it is. Both forms: https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
 * @throws if the module has neither section first, or needs other libraries.
 */
export function upgradeDylink(bytes) {
  const reader = new Reader(bytes, HEADER_LENGTH)
  if (reader.byte() !== CUSTOM_SECTION) throw new Error('The module does not start with a dylink section: it is no tree-sitter grammar.')
  const sectionEnd = reader.number() + reader.position
  const name = reader.name()
  if (name === 'dylink.0') return bytes
  if (name !== 'dylink') throw new Error(`The module starts with the section '${name}' instead of 'dylink': it is no tree-sitter grammar.`)

  const memoryStart = reader.position
  for (let i = 0; i < 4; i++) reader.number() // memory size and alignment, table size and alignment: the same four numbers in both forms
  const memoryInfo = bytes.subarray(memoryStart, reader.position)
  if (reader.number() > 0) throw new Error('The module needs other libraries, which is not supported.')

  const newName = new TextEncoder().encode('dylink.0')
  const payload = [newName.length, ...newName, MEMORY_INFO, memoryInfo.length, ...memoryInfo]
  if (payload.length > 127) throw new Error('The dylink section is longer than this rewriting allows.')
  return Buffer.concat([bytes.subarray(0, HEADER_LENGTH), Uint8Array.of(CUSTOM_SECTION, payload.length, ...payload), bytes.subarray(sectionEnd)])
}

/** The magic number and the version. */
const HEADER_LENGTH = 8
const CUSTOM_SECTION = 0
/** WASM_DYLINK_MEM_INFO */
const MEMORY_INFO = 1

class Reader {
  constructor(bytes, position) {
    this.bytes = bytes
    this.position = position
  }

  byte() {
    return this.bytes[this.position++]
  }

  /** An unsigned LEB128 number. */
  number() {
    let result = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      result |= (byte & 127) << shift
      if (byte < 128) return result >>> 0
    }
  }

  name() {
    const length = this.number()
    const text = new TextDecoder().decode(this.bytes.subarray(this.position, this.position + length))
    this.position += length
    return text
  }
}
