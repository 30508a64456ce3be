/** A text, or why there is none: half a sentence that follows "This file was not linted:". */
export type OverlayText = { readonly text: string } | { readonly reason: string }

/** What stands in place of files on disk, by absolute path. */
export type Overlay = ReadonlyMap<string, OverlayText>
