// Replaces a file again and again, until it is killed.
import { createJiti } from 'jiti'

const { replaceFile } = await createJiti(import.meta.url).import('../../src/fix/write-file.ts')
const [, , path] = process.argv
for (let i = 0; ; i++) {
  replaceFile(path, Buffer.alloc(3_000_000, i % 2 === 0 ? 'b' : 'a'))
  if (i === 3) process.stdout.write('running')
}
