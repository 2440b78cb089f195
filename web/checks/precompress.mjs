// A .gz beside every text asset of dist: the server sends it as it is.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist', import.meta.url).pathname
function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}
let count = 0
for (const path of walk(dist)) {
  if (!/\.(html|js|css|json|svg|txt|webmanifest)$/.test(path)) continue
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
  count += 1
}
console.log(`precompressed ${count} files`)
