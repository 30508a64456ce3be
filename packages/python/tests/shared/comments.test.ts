import { commentsOfHandler, isExplanation } from '@krait/python'
import { describe, expect, it } from 'vitest'
import { contextOf } from '../helpers/rule-context.ts'

function explanation(comment: string): boolean {
  const { file } = contextOf(`${comment}\n`)
  return isExplanation(file.source.comments[0]!)
}

describe('isExplanation', () => {
  it.each(['# the key expires anyway', '#best effort', '#: documented', '# noqa: S110  # best effort', '# see issue #12', '# 404 is fine', '# réseau'])(
    '%s',
    (comment) => {
      expect(explanation(comment)).toBe(true)
    },
  )

  it.each([
    '# noqa',
    '# noqa: BLE001',
    '#NOQA',
    '# type: ignore[misc]',
    '# pylint: disable=broad-except',
    '# pragma: no cover',
    '# nosec B110',
    '# nosec  # noqa',
    '# fmt: skip',
    '# ruff: noqa',
    '# krait: ignore[error-handling/no-silent-except]',
    '# TODO: log this',
    '# FIXME',
    '# XXX handle # 12',
    '# expect: no-silent-except',
    '#',
    '# -----',
  ])('not %s', (comment) => {
    expect(explanation(comment)).toBe(false)
  })
})

describe('commentsOfHandler', () => {
  it('takes the comments of the header, the body and the last line, and none around them', () => {
    const { file } = contextOf(`
      try:
          run()  # no
      # no
      except (
          OSError,  # a
      ):  # b
          # c
          pass  # d
      # no
    `)
    expect(commentsOfHandler(file.source, file.first('except_clause')).map(({ text }) => text)).toEqual(['# a', '# b', '# c', '# d'])
  })
})
