// The three word files hold the same keys, the same placeholders, and every key is used.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const names = ['zh-CN', 'ko', 'en']
// Keys that code builds from what the server says (a lamp, a stage, an error key, ...).
const built = ['error.', 'ui.lamp.', 'ui.stage.', 'ui.audience.', 'ui.scope.', 'ui.unit.', 'ui.open_figures.by.', 'ui.theme.', 'ui.by.', 'ui.clock.', 'ui.weekday.', 'ui.outbox.state.', 'ui.find.group.', 'ui.title.', 'ui.admin.tables.', 'ui.register.verdicts.', 'ui.publish.kinds.', 'ui.backup.', 'ui.grids.finding.', 'ui.grids.datums.', 'ui.admin.duties.', 'ui.audit.events.', 'ui.audit.kinds.', 'ui.audit.rules.', 'ui.audit.sources.']

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
// A page that is open to everybody waits for no part but its own files': what it can reach by imports
// finds its words in the first file.
const first = flatten(JSON.parse(readFileSync(join(root, 'src/locales/zh-CN.json'), 'utf8')))
const own = flatten(JSON.parse(readFileSync(join(root, 'src/locales/files/zh-CN.json'), 'utf8')))
const reached = new Map()
function reach(path) {
  if (reached.has(path)) return
  const text = readFileSync(path, 'utf8')
  reached.set(path, text)
  for (const [, from] of text.matchAll(/(?:from|import\()\s*'([@.][^']+)'/g)) {
    const whole = from.startsWith('@/') ? join(root, 'src', from.slice(2)) : resolve(dirname(path), from)
    const found = [whole, `${whole}.ts`, `${whole}.vue`].find((name) => /\.(ts|vue)$/.test(name) && existsSync(name))
    if (found && !found.endsWith('routes.ts')) reach(found)
  }
}
reach(join(root, 'src/main.ts'))
const routes = readFileSync(join(root, 'src/routes.ts'), 'utf8')
for (const [, path, meta] of routes.matchAll(/import\('\.\/(places\/[^']+)'\)(.*)/g)) {
  if (/^places\/(resident|sign-in)\//.test(path) && !meta.includes('words:')) reach(join(root, 'src', path))
}
for (const [path, text] of reached) {
  for (const [, key] of text.matchAll(/['"`]((?:ui|error)\.[a-z0-9_.]*[a-z0-9_])['"`]/g)) {
    if (reference.has(key) && !first.has(key) && !own.has(key)) faults.push(`${key} of ${path} stands in a part that an open page does not load`)
  }
}
if (faults.length) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`locales: ${reference.size} keys in ${names.length} languages`)
