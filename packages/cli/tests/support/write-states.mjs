// Writes states with their segments into the cache of a project, again and again, until it is killed.
import { createJiti } from 'jiti'

const { ProjectFolder } = await createJiti(import.meta.url, {
  alias: { '@krait/core': new URL('../../../core/src/index.ts', import.meta.url).pathname },
}).import('../../src/cache/project-folder.ts')

const [, , root, writer] = process.argv
const folder = new ProjectFolder({ folder: `${root}/.krait_cache`, isOwn: true }, root)
let last = []
for (let i = 0; ; i++) {
  const segment = folder.writeSegment([{ writer, i }, Int32Array.of(i), [Buffer.alloc(100_000 + i, writer)]])
  folder.writeState(JSON.stringify({ writer, segment, padding: writer.repeat(100_000 + (i % 7)) }))
  folder.removeAllBut([segment], last)
  last = [segment]
  if (i === 3) process.stdout.write('running')
}
