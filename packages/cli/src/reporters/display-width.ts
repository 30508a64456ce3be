/** The number of terminal columns that one grapheme or a run of printable ASCII takes. Characters of ambiguous width count as narrow. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(text)) return 0
  return wide.test(text) ? 2 : 1
}

// Emoji, and the blocks of wide and fullwidth characters of Unicode's EastAsianWidth.txt. U+FE0F asks for the emoji form of a character.
const wide = new RegExp(
  String.raw`[\p{Emoji_Presentation}\u{fe0f}\u{1100}-\u{115f}\u{2329}\u{232a}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{a960}-\u{a97f}` +
    String.raw`\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe10}-\u{fe19}\u{fe30}-\u{fe6f}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}` +
    String.raw`\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]`,
  'u',
)
