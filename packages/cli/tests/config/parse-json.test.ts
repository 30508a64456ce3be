import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonSyntaxError, parseJson } from '../../src/config/parse-json.ts'

test('any JSON is read as JSON.parse reads it', () => {
  fc.assert(fc.property(fc.json(), (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  }))
})

test('comments and trailing commas are passed over, but not inside strings', () => {
  const text = '{ // one\n "a//b": "/* no */ ,}", /* two */ "c": [1, 2, ], }'
  expect(parseJson(text)).toEqual({ 'a//b': '/* no */ ,}', 'c': [1, 2] })
})

test.each<[string, string, number, number]>([
  ['', 'The file holds no value.', 1, 1],
  ['{}\n{}', 'Expected the end of the file, found \'{\'.', 2, 1],
  ['{ "a" 1 }', 'Expected \':\', found \'1\'.', 1, 7],
  ['{ a: 1 }', 'Expected a key in double quotes or \'}\', found \'a\'.', 1, 3],
  ['{ "a": \'b\' }', 'Expected a value, found \'\'b\'\'.', 1, 8],
  ['[1\n 2]', 'Expected \',\' or \']\', found \'2\'.', 2, 2],
  ['[01]', 'Expected a value or \']\', found \'01\'.', 1, 2],
  ['[,]', 'Expected a value or \']\', found \',\'.', 1, 2],
  ['[1,,]', 'Expected a value or \']\', found \',\'.', 1, 4],
  ['{"a": [}', 'Expected a value or \']\', found \'}\'.', 1, 8],
  ['["a\nb"]', 'This string does not end on its line, or holds a character that must be escaped.', 1, 2],
  ['["\\x"]', 'This string does not end on its line, or holds a character that must be escaped.', 1, 2],
])('%j', (text, message, line, column) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: 'JsonSyntaxError', message, line, column }) as JsonSyntaxError)
})
