// Weight of the first view, gzip, over the build manifest: what a page and everything it imports
// at once costs. Phone pages 120 kB, desk pages 220 kB, any chunk 200 kB (kB = 1024 bytes).
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
const phone = 120
const desk = 220
const chunk = 200
const sizes = new Map()
function weigh(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1024)
  return sizes.get(file)
}
function gather(key, files = new Set()) {
  const entry = manifest[key]
  if (!entry || files.has(entry.file)) return files
  files.add(entry.file)
  for (const css of entry.css ?? []) files.add(css)
  for (const used of entry.imports ?? []) gather(used, files)
  return files
}
const faults = []
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)
// The dearest language counts: its words are loaded beside the page, those of the desk and of the
// administrator beside theirs.
const wordsIn = (folder) => Math.max(...Object.keys(manifest).filter((key) => new RegExp(`locales/${folder}(zh-CN|ko|en)\\.json$`).test(key)).map((key) => weigh(manifest[key].file)))
const wordsOf = (key) => wordsIn('') + (key.includes('/resident/') ? (/Place|OpenFigures|Billboard/.test(key) ? wordsIn('public/') : 0) : wordsIn('desk/')) + (/admin|Reset/.test(key) ? wordsIn('admin/') : 0)
const pages = Object.keys(manifest).filter((key) => /src\/places\/.*page\.vue$/i.test(key) && manifest[key].isDynamicEntry)
for (const key of pages) {
  const files = gather(key, gather(entry))
  const weight = [...files].reduce((sum, file) => sum + weigh(file), 0) + wordsOf(key)
  const most = key.includes('/resident/') ? phone : desk
  console.log(`${weight.toFixed(1).padStart(7)} of ${most} kB  ${key}`)
  if (weight > most) faults.push(`${key}: ${weight.toFixed(1)} kB, budget ${most} kB`)
}
for (const { file } of Object.values(manifest)) {
  if (/\.(js|css)$/.test(file) && weigh(file) > chunk) faults.push(`${file}: ${weigh(file).toFixed(1)} kB, budget ${chunk} kB`)
}
if (!pages.length) faults.push('no pages found in the manifest')
if (faults.length) {
  console.error(faults.join('\n'))
  process.exit(1)
}
