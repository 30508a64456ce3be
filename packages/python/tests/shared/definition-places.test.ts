import { describe, expect, test } from 'vitest'
import { definitionPlaces } from '@krait/python'
import { file } from '../helpers/memory-project.ts'

const CODES = `
  from enum import Enum

  class Reason(Enum):
      LOST = 1

      class Inner:
          def method(self): ...

  TEXTS = {}
  TEXTS = {Reason.LOST: "lost"}
`

describe('where names of the project are defined', () => {
  const { project } = file('from app.codes import TEXTS as texts\n', 'app/main.py', { 'app/__init__.py': '', 'app/codes.py': CODES }).services

  test.each([
    ['app.codes.Reason', 3, 7],
    ['app.codes.Reason.LOST', 4, 5],
    ['app.codes.Reason.Inner.method', 7, 13],
    ['app.codes.TEXTS', 9, 1],
    ['app.main.texts', 9, 1],
  ])('%s', (name, line, column) => {
    expect(definitionPlaces(project, name, 'here')).toEqual([{ path: 'app/codes.py', line, column, message: 'here' }])
  })

  test.each(['enum.Enum', 'app.codes.Missing', 'builtins.len'])('%s is not known', (name) => {
    expect(definitionPlaces(project, name, 'here')).toEqual([])
  })
})
