import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAXIMUM_FILE_SIZE, readSource } from '../../src/read/read-source.ts'
import { makeFolder } from '../support/cli.ts'

test('reads a file of the largest size, and not one byte more', () => {
  const folder = makeFolder({ 'fits.py': '#'.repeat(MAXIMUM_FILE_SIZE), 'large.py': '#'.repeat(MAXIMUM_FILE_SIZE + 1) })
  expect(readSource(join(folder, 'fits.py'))).toMatchObject({ text: '#'.repeat(MAXIMUM_FILE_SIZE) })
  expect(readSource(join(folder, 'large.py'))).toEqual({ reason: 'it is 2.0 MB large, and the limit is 2 MB' })
})

test('says why a file can not be read', () => {
  const folder = makeFolder({ 'folder.py/x.py': '' })
  symlinkSync('self.py', join(folder, 'self.py'))
  expect(readSource(join(folder, 'gone.py'))).toEqual({ reason: 'it does not exist any more (ENOENT)' })
  expect(readSource(join(folder, 'folder.py'))).toEqual({ reason: 'it is a folder' })
  expect(readSource(join(folder, 'self.py'))).toEqual({ reason: 'it is a symbolic link that leads to itself (ELOOP)' })
})

test('never waits on a pipe', () => {
  const folder = makeFolder()
  spawnSync('mkfifo', [join(folder, 'pipe.py')])
  expect(readSource(join(folder, 'pipe.py'))).toEqual({ reason: 'it is not a regular file' })
})
