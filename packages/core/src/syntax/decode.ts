import { createColumns } from './columns.ts'
import type { TreeColumns } from './columns.ts'
import { NodeFlag } from './tree.ts'

/**
 * Reads syntax trees straight out of web-tree-sitter's linear memory, which is many times faster than asking for one node after the other.
 *
 * It depends on the layout of tree-sitter's C structures for wasm32 (little endian), as of web-tree-sitter 0.27.1, see `lib/src/subtree.h`,
 * `lib/src/tree.h`, `lib/src/parser.h` and, for the rules of fields and aliases, `lib/src/tree_cursor.c` in tree-sitter:
 *
 * - `TSTree`: +0 the root `Subtree` (8 bytes), +8 pointer to the `TSLanguage`.
 * - `Subtree`: if bit 0 of its first word is set, a leaf packed into the 8 bytes (`SubtreeInlineData`); else a pointer to `SubtreeHeapData`.
 * - `SubtreeInlineData`: byte 0 holds the bits inline, visible, named, extra, has changes, missing; byte 1 the symbol; byte 6 the padding
 *   before the leaf; byte 7 its size.
 * - `SubtreeHeapData`: +4 padding bytes, +16 size bytes, +32 error cost, +36 child count, +40 symbol (u16), +44 bits (u16: 0 visible, 1 named,
 *   2 extra, 9 missing), +56 number of visible descendants, +66 production id (u16). Its children lie directly before it, 8 bytes each.
 * - `TSLanguage`: +4 symbol count, +8 alias count, +32 field count, +36 longest alias sequence (u16), +64 field map slices (u16 first entry, u16 length, per production),
 *   +68 field map entries (u16 field, u8 child index, u8 inherited), +76 public symbol map (u16), +84 alias sequences (u16).
 *
 * Sizes in memory are bytes of UTF-16 text: two per code unit.
 */
export class MemoryDecoder {
  readonly #memory: WebAssembly.Memory
  #bytes = new Uint8Array(0)
  #halves = new Uint16Array(0)
  #words = new Uint32Array(0)
  #stack = new Int32Array(64 * FRAME_SIZE)

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
  }

  /**
   * The columns of a tree, or `null` if what lies in memory is not what is expected; then the public cursor must be used.
   * @param address Where the `TSTree` lies.
   * @param textLength The length of the parsed text in UTF-16 code units; bounds the work on a memory that makes no sense.
   * @param errorKind The kind id to give to ERROR nodes.
   */
  decode(address: number, textLength: number, errorKind: number): TreeColumns | null {
    this.#refreshViews()
    const words = this.#words
    const halves = this.#halves
    const bytes = this.#bytes
    let stepsLeft = STEPS_PER_CODE_UNIT * (textLength + STEPS_PER_CODE_UNIT)

    const root = words[address >> 2]!
    if (root & INLINE) return null
    const size = words[(root + 56) >> 2]! + 1
    if (size > stepsLeft) return null
    const columns = createColumns(size, textLength)
    const { kind, field, flags, start, end, next, parent } = columns
    columns.hasErrors = words[(root + 32) >> 2]! > 0

    const language = words[(address + 8) >> 2]!
    const aliasSequenceLength = halves[(language + 36) >> 1]!
    const hasFields = words[(language + 32) >> 2]! > 0
    const fieldSlices = words[(language + 64) >> 2]! >> 1
    const fieldEntries = words[(language + 68) >> 2]!
    const publicSymbols = words[(language + 76) >> 2]! >> 1
    const aliasSequences = words[(language + 84) >> 2]! >> 1
    if (words[(language + 4) >> 2]! + words[(language + 8) >> 2]! !== errorKind) return null

    let stack = this.#stack
    let depth = 0
    let count = 0

    // The parent whose children are being read. `ownIndex` is -1 for a hidden node, whose children belong to `visibleParent`.
    let child = 0
    let remaining = 0
    let position = 0
    let structuralIndex = 0
    let production = 0
    let ownIndex = -1
    let visibleParent = -1
    let inheritedField = 0

    const rootStart = words[(root + 4) >> 2]!
    const rootSymbol = halves[(root + 40) >> 1]!
    kind[0] = rootSymbol === ERROR_SYMBOL ? errorKind : halves[publicSymbols + rootSymbol]!
    start[0] = rootStart >> 1
    end[0] = (rootStart + words[(root + 16) >> 2]!) >> 1
    parent[0] = -1
    count = 1
    ownIndex = 0
    visibleParent = 0
    remaining = words[(root + 36) >> 2]!
    child = root - 8 * remaining
    production = remaining > 0 ? halves[(root + 66) >> 1]! : 0

    for (;;) {
      if (remaining === 0) {
        if (ownIndex >= 0) next[ownIndex] = count
        if (depth === 0) break
        depth--
        const frame = depth * FRAME_SIZE
        child = stack[frame]!
        remaining = stack[frame + 1]!
        position = stack[frame + 2]!
        structuralIndex = stack[frame + 3]!
        production = stack[frame + 4]!
        ownIndex = stack[frame + 5]!
        visibleParent = stack[frame + 6]!
        inheritedField = stack[frame + 7]!
        continue
      }
      if (--stepsLeft < 0) return null

      const word = words[child >> 2]!
      const isInline = (word & INLINE) !== 0
      let symbol: number
      let from: number
      let to: number
      let bits: number
      let childCount = 0
      if (isInline) {
        const sizes = words[(child + 4) >> 2]!
        from = position + ((sizes >> 16) & 255)
        to = from + (sizes >>> 24)
        symbol = (word >> 8) & 255
        bits = ((word >> 1) & 7) | (word & 32 ? MISSING_BIT : 0)
      } else {
        from = position + words[(word + 4) >> 2]!
        to = from + words[(word + 16) >> 2]!
        symbol = halves[(word + 40) >> 1]!
        bits = halves[(word + 44) >> 1]!
        childCount = words[(word + 36) >> 2]!
      }
      child += 8
      remaining--
      const before = position
      position = to

      // Extra nodes have no place in the production: neither alias nor field.
      let alias = 0
      let fieldOfChild = 0
      if ((bits & EXTRA_BIT) === 0) {
        fieldOfChild = inheritedField
        if (production > 0) {
          if (structuralIndex < aliasSequenceLength) alias = halves[aliasSequences + production * aliasSequenceLength + structuralIndex]!
          const firstEntry = hasFields ? halves[fieldSlices + production * 2]! : 0
          const lastEntry = hasFields ? firstEntry + halves[fieldSlices + production * 2 + 1]! : 0
          for (let entry = firstEntry; entry < lastEntry; entry++) {
            const entryAddress = fieldEntries + entry * 4
            if (bytes[entryAddress + 2] === structuralIndex && bytes[entryAddress + 3] === 0) {
              fieldOfChild = halves[entryAddress >> 1]!
              break
            }
          }
        }
        structuralIndex++
      }

      let index = -1
      if (alias !== 0 || (bits & VISIBLE_BIT) !== 0) {
        index = count++
        const shown = alias || symbol
        kind[index] = shown === ERROR_SYMBOL ? errorKind : halves[publicSymbols + shown]!
        field[index] = fieldOfChild
        flags[index] = (bits & MISSING_BIT ? NodeFlag.missing : 0) | (bits & EXTRA_BIT ? NodeFlag.extra : 0)
        start[index] = from >> 1
        end[index] = to >> 1
        next[index] = count
        parent[index] = visibleParent
      }
      if (childCount === 0) continue

      const frame = depth * FRAME_SIZE
      if (frame + FRAME_SIZE > stack.length) stack = this.#growStack()
      stack[frame] = child
      stack[frame + 1] = remaining
      stack[frame + 2] = position
      stack[frame + 3] = structuralIndex
      stack[frame + 4] = production
      stack[frame + 5] = ownIndex
      stack[frame + 6] = visibleParent
      stack[frame + 7] = inheritedField
      depth++
      child = word - 8 * childCount
      remaining = childCount
      // The padding before a node is that of its first leaf.
      position = before
      structuralIndex = 0
      production = halves[(word + 66) >> 1]!
      ownIndex = index
      if (index >= 0) {
        visibleParent = index
        inheritedField = 0
      } else {
        inheritedField = fieldOfChild
      }
    }
    return count === size ? columns : null
  }

  /** WebAssembly.Memory hands out a new buffer when it grows, and the old one becomes empty. */
  #refreshViews(): void {
    const { buffer } = this.#memory
    if (this.#words.buffer === buffer) return
    this.#bytes = new Uint8Array(buffer)
    this.#halves = new Uint16Array(buffer)
    this.#words = new Uint32Array(buffer)
  }

  #growStack(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.#stack.length * 2)
    grown.set(this.#stack)
    this.#stack = grown
    return grown
  }
}

const INLINE = 1
const VISIBLE_BIT = 1
const EXTRA_BIT = 4
const MISSING_BIT = 512
const ERROR_SYMBOL = 65535
const FRAME_SIZE = 8
/** Hidden nodes and tokens of no width come on top of the text, but never this many for each code unit. */
const STEPS_PER_CODE_UNIT = 64
