/**
 * Gives each different name of a text a number, without making a string per occurrence: names are compared in the text itself, and a string
 * is made once per different name.
 */
export class NameTable {
  readonly #text: string
  #slots = new Int32Array(256)
  #mask = 255
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  readonly #hashes: number[] = []
  readonly #strings: (string | undefined)[] = []

  constructor(text: string) {
    this.#text = text
  }

  get size(): number {
    return this.#starts.length
  }

  /** The number of the name that stands at these offsets. */
  intern(start: number, end: number): number {
    const text = this.#text
    let hash = 0
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
    const length = end - start
    let slot = (hash ^ (hash >>> 15)) & this.#mask
    for (;;) {
      const id = this.#slots[slot]! - 1
      if (id < 0) return this.#add(slot, hash, start, length)
      if (this.#hashes[id] === hash && this.#lengths[id] === length && this.#same(this.#starts[id]!, start, length)) return id
      slot = (slot + 1) & this.#mask
    }
  }

  /** The number of a name given as a string, or -1 if the text has no such name. */
  find(name: string): number {
    let hash = 0
    for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0
    let slot = (hash ^ (hash >>> 15)) & this.#mask
    for (;;) {
      const id = this.#slots[slot]! - 1
      if (id < 0) return -1
      if (this.#hashes[id] === hash && this.string(id) === name) return id
      slot = (slot + 1) & this.#mask
    }
  }

  string(id: number): string {
    return (this.#strings[id] ??= this.#text.slice(this.#starts[id], this.#starts[id]! + this.#lengths[id]!))
  }

  #same(left: number, right: number, length: number): boolean {
    const text = this.#text
    for (let i = 0; i < length; i++) if (text.charCodeAt(left + i) !== text.charCodeAt(right + i)) return false
    return true
  }

  #add(slot: number, hash: number, start: number, length: number): number {
    const id = this.#starts.length
    this.#starts.push(start)
    this.#lengths.push(length)
    this.#hashes.push(hash)
    this.#slots[slot] = id + 1
    if ((id + 1) * 2 > this.#mask) this.#grow()
    return id
  }

  #grow(): void {
    const mask = this.#mask * 2 + 1
    const slots = new Int32Array(mask + 1)
    for (let id = 0; id < this.#hashes.length; id++) {
      const hash = this.#hashes[id]!
      let slot = (hash ^ (hash >>> 15)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = id + 1
    }
    this.#mask = mask
    this.#slots = slots
  }
}
