// The three word files hold the same keys, the same placeholders, and every key is used.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const names = ['zh-CN', 'ko', 'en']
// Keys that code builds from what the server says (a lamp, a stage, an error key, ...).
const built = ['error.', 'ui.lamp.', 'ui.stage.', 'ui.audience.', 'ui.scope.', 'ui.unit.', 'ui.theme.', 'ui.by.', 'ui.clock.', 'ui.weekday.', 'ui.outbox.state.', 'ui.find.group.', 'ui.title.', 'ui.admin.tables.']

function flatten(tree, prefix = '', out = new Map()) {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value)
    else flatten(value, `${prefix}${key}.`, out)
  }
  return out
}
function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return files(path)
    return /\.(ts|vue)$/.test(name) && name !== 'schema.d.ts' ? [path] : []
  })
}
const placeholders = (text) => [...new Set(text.match(/\{[a-z_]+\}/g) ?? [])].sort().join(' ')

const faults = []
// Those of every page, and in folders those that only some pages load; no key stands in two files.
const folders = ['', ...readdirSync(join(root, 'src/locales')).filter((name) => !name.includes('.'))]
function read(name) {
  const all = new Map()
  for (const folder of folders) {
    for (const [key, text] of flatten(JSON.parse(readFileSync(join(root, 'src/locales', folder, `${name}.json`), 'utf8')))) {
      if (all.has(key)) faults.push(`${name}: twice ${key}`)
      all.set(key, text)
    }
  }
  return all
}
const words = Object.fromEntries(names.map((name) => [name, read(name)]))
const reference = words['zh-CN']
for (const name of names.slice(1)) {
  for (const key of reference.keys()) if (!words[name].has(key)) faults.push(`${name}: missing ${key}`)
  for (const key of words[name].keys()) if (!reference.has(key)) faults.push(`${name}: not in zh-CN ${key}`)
  for (const [key, text] of reference) {
    const other = words[name].get(key)
    if (other !== undefined && placeholders(other) !== placeholders(text)) faults.push(`${name}: placeholders differ ${key}`)
  }
}
for (const name of names) for (const [key, text] of words[name]) if (!text.trim()) faults.push(`${name}: empty ${key}`)

const source = files(join(root, 'src')).map((path) => readFileSync(path, 'utf8')).join('\n')
const used = new Set([...source.matchAll(/['"`]((?:ui|error\.(?:client|code|ending))\.[a-z0-9_.]*[a-z0-9_])/g)].map((found) => found[1]))
for (const key of used) {
  const isPrefix = [...reference.keys()].some((known) => known.startsWith(`${key}.`))
  if (!reference.has(key) && !isPrefix) faults.push(`used but unknown: ${key}`)
}
for (const key of reference.keys()) {
  if (!used.has(key) && !built.some((prefix) => key.startsWith(prefix))) faults.push(`never used: ${key}`)
}
// What the doors and use cases refuse a person with needs words of its own; other keys are said by
// the definition, by their ending or by their code.
const doors = ['../src/http', '../src/usecase'].map((folder) => join(root, folder)).filter((folder) => existsSync(folder))
for (const path of doors.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.cpp')).map((name) => join(folder, name)))) {
  const refusals = readFileSync(path, 'utf8').matchAll(/refuse\(ErrorCode::(?:unauthenticated|forbidden|too_many),\s*"([a-z_.]+)"/g)
  // Imports run on the command line, which has words of its own.
  for (const [, key] of refusals) if (!key.startsWith('import.') && !reference.has(`error.${key}`)) faults.push(`no words for ${key} of ${path}`)
}
if (faults.length) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`locales: ${reference.size} keys in ${names.length} languages`)
