import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCodec } from '../../src/read/codecs.ts'
import { decodeSource } from '../../src/read/decode.ts'

function decode(...parts: (string | number[])[]): string {
  const result = decodeSource(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
  return 'text' in result ? result.text : `unreadable: ${result.reason}`
}

const BOM = [0xef, 0xbb, 0xbf]

describe('the encoding of a file', () => {
  test('is UTF-8 if nothing says otherwise', () => {
    expect(decode('x = "é🐍"')).toBe('x = "é🐍"')
    expect(decode('')).toBe('')
  })

  test('a byte order mark stays in the text', () => {
    expect(decode(BOM, 'x')).toBe('\uFEFFx')
    expect(decode(BOM, '# coding: utf-8\n')).toBe('\uFEFF# coding: utf-8\n')
  })

  test.each([
    ['# -*- coding: latin-1 -*-\n', 'latin-1'],
    ['# vim: set fileencoding=iso-8859-1 :\n', 'vim'],
    ['#!/usr/bin/python\n# coding=L1\n', 'second line'],
    ['\f \t# coding: ISO_8859_1\r\n', 'form feed and blanks'],
    ['\r# coding: latin1\r', 'old line breaks'],
    ['#coding:iso8859-1-unix\n', 'with a line end style'],
  ])('%j declares Latin-1 (%s), in which every byte is its code point', (head) => {
    expect(decode(head, [0xe9, 0x80, 0x9f])).toBe(`${head}\u00e9\u0080\u009f`)
  })

  test.each([
    ['x = 1\n# coding: latin-1\n', 'a second line counts only after a comment or blank line'],
    ['#\n#\n# coding: latin-1\n', 'a third line never counts'],
    ['x = "coding: latin-1"\n', 'only a comment counts'],
  ])('%j declares nothing: %s', (head) => {
    expect(decode(head, [0xe9])).toBe('unreadable: it is not valid UTF-8 and declares no other encoding; save it as UTF-8')
  })

  // The bytes come from CPython 3.11: '<text>'.encode('<name>').
  test.each([
    ['cp1252', '€', [0x80]],
    ['cp1251', 'Ж', [0xc6]],
    ['koi8-r', 'Ж', [0xf6]],
    ['iso-8859-15', '€', [0xa4]],
    ['latin9', '€', [0xa4]],
    ['cp866', 'Ж', [0x86]],
    ['mac_roman', 'é', [0x8e]],
    ['gbk', '中', [0xd6, 0xd0]],
    ['gb2312', '中', [0xd6, 0xd0]],
    ['big5', '中', [0xa4, 0xa4]],
    ['euc_jp', '日', [0xc6, 0xfc]],
    ['shift_jis', '日', [0x93, 0xfa]],
    ['cp932', '日', [0x93, 0xfa]],
    ['euc_kr', '한', [0xc7, 0xd1]],
    ['cp949', '한', [0xc7, 0xd1]],
  ])('%s is read and written as Python does', (name, text, bytes) => {
    expect(decode(`# coding: ${name}\n`, bytes)).toBe(`# coding: ${name}\n${text}`)
    expect([...(findCodec(name)!.encode(text) as Uint8Array)]).toEqual(bytes)
  })
})

describe('what can not be read', () => {
  test.each([
    ['UTF-16, little end first', [[0xff, 0xfe, 0x78, 0]], 'it is UTF-16; save it as UTF-8'],
    ['UTF-16, big end first', [[0xfe, 0xff, 0, 0x78]], 'it is UTF-16; save it as UTF-8'],
    ['UTF-32', [[0xff, 0xfe, 0, 0, 0x78, 0, 0, 0]], 'it is UTF-32; save it as UTF-8'],
    ['a NUL byte', ['ab', [0], 'c'], 'it holds a NUL byte at offset 2, so it is binary or not UTF-8'],
    ['an unknown encoding', ['# coding: klingon\n'], 'it declares the encoding \'klingon\', which is not known'],
    ['UTF-7, which could hide code', ['# coding: utf-7\n'], 'it declares the encoding \'utf-7\', which is not known'],
    ['UTF-16 as a declaration', ['# coding: utf-16\n'], 'it declares the encoding \'utf-16\', which is not known'],
    ['bytes above ASCII', ['# coding: ascii\n', [0xe9]], 'it is not valid ascii, the encoding that it declares'],
    ['a mark that the declaration denies', [BOM, '# coding: latin-1\n'], 'it has a UTF-8 byte order mark but declares the encoding \'latin-1\''],
    ['half a character', ['x', [0xe2, 0x82]], 'it is not valid UTF-8 and declares no other encoding; save it as UTF-8'],
  ] as [string, (string | number[])[], string][])('%s', (_, parts, reason) => {
    expect(decode(...parts)).toBe(`unreadable: ${reason}`)
  })
})

describe('writing', () => {
  test.each(['utf-8', 'latin-1', 'ascii', 'cp1252', 'gbk', 'shift_jis', 'euc_kr', 'big5'])('%s gives back the text that it wrote, or names a character', (name) => {
    const codec = findCodec(name)!
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = codec.encode(text)
      if (bytes instanceof Uint8Array) expect(codec.decode(bytes)).toBe(text)
      else expect(text).toContain(bytes.unencodable)
    }))
  })

  test('names the first character that has no place in the encoding', () => {
    expect(findCodec('latin-1')!.encode('aé€b')).toEqual({ unencodable: '€' })
    expect(findCodec('cp1252')!.encode('aé€🐍')).toEqual({ unencodable: '🐍' })
    expect(findCodec('utf-8')!.encode('a\uD800')).toEqual({ unencodable: '\uD800' })
  })
})
