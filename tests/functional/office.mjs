// Starts the real executable over loopback on an office of its own, and asks it as people do.
import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const executable = resolve(process.env.GEWU_BIN ?? join(root, 'build/release/gewu'))
const startMs = 30_000
const otherPassword = 'a second long password'
const others = ['second_dispatcher', 'two_posts']

/** What residents of these tests leave of themselves. It is nobody's to read but theirs, and of who opened it. */
const sealed = { name: '李小明', phone: '13812341234' }
const seeds = Object.values(sealed)
const holdsSeed = (bytes) => seeds.some((seed) => bytes.includes(seed))

/** Fails the test that met a sealed value where it may not be. */
function mustHoldNone(where, bytes) {
  if (holdsSeed(bytes)) throw new Error(`a sealed value of a resident in ${where}`)
  return bytes
}

export function gewu(args, input = '') {
  return mustHoldNone(`what gewu ${args[0]} prints`, execFileSync(executable, args, { cwd: root, input, encoding: 'utf8' }))
}

/** The file, what it exports, and all that the server said of its failures. */
function searchAll(office) {
  mustHoldNone('the log of the server', office.stderr)
  if (!existsSync(join(office.data, 'office.db'))) return
  mustHoldNone('office.db', readFileSync(join(office.data, 'office.db')))
  const exported = join(office.folder, 'searched')
  gewu(['export', 'journal', exported, '--data', office.data])
  for (const file of readdirSync(exported)) mustHoldNone(`the export's ${file}`, readFileSync(join(exported, file)))
}

/** A demonstration takes its time, so that one is made for an executable and copied. */
function demoTemplate() {
  const { mtimeMs, size } = statSync(executable)
  const folder = join(tmpdir(), `gewu-demo-${Math.round(mtimeMs)}-${size}`)
  if (existsSync(join(folder, 'printed.txt'))) return folder
  const making = mkdtempSync(join(tmpdir(), 'gewu-making-'))
  try {
    const data = join(making, 'office')
    const printed = gewu(['demo', '--data', data, '--locality', 'yanji', '--small'])
    // A second seat at one desk: who sent a task out is not the one who checks it.
    gewu(['account', 'add', 'second_dispatcher', '--data', data, '--name', '副调度员',
          '--post', 'dispatcher_beishan_street'], `${otherPassword}\n`)
    gewu(['account', 'add', 'two_posts', '--data', data, '--post', 'dispatcher_beishan_street',
          '--post', 'dispatcher_xinxing_street'], `${otherPassword}\n`)
    writeFileSync(join(making, 'printed.txt'), printed)
    // Whoever runs beside this one may have been faster: a folder that is there is never replaced.
    try {
      renameSync(making, folder)
    } catch (error) {
      if (!existsSync(join(folder, 'printed.txt'))) throw error
    }
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return folder
}

/** An office with its server; `stop` ends it by its process id and removes the folder. */
class Office {
  constructor(folder, url, child, printed) {
    Object.assign(this, { folder, url, child, printed, stderr: '' })
    child.stderr.on('data', (bytes) => (this.stderr += bytes))
  }
  get data() {
    return join(this.folder, 'office')
  }
  resident() {
    return new Person(this)
  }
  /** Somebody of the demonstration, or one of those added to it here. */
  async person(login, password = this.passwordOf(login)) {
    const person = new Person(this)
    const reply = await person.post('/sign-in', { login, password })
    if (reply.status !== 200) throw new Error(`${login}: ${reply.status} ${reply.text}`)
    person.me = reply.json
    return person
  }
  /** One more account, made by the command line, whose duty is the office itself. */
  addAdministrator(login, password = this.password, ...more) {
    gewu(['account', 'add', login, '--data', this.data, '--administrator', ...more], `${password}\n`)
  }
  passwordOf(login) {
    return others.includes(login) ? otherPassword : this.password
  }
  get password() {
    return /^password of all \d+ accounts: (\S+)$/m.exec(this.printed)[1]
  }
  async stop() {
    const ended = new Promise((done) => this.child.once('exit', (code, signal) => done({ code, signal })))
    this.child.kill('SIGTERM')
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 15_000)
    const how = await ended
    clearTimeout(timer)
    try {
      if (how.code === 0) searchAll(this)
    } finally {
      rmSync(this.folder, { recursive: true, force: true })
    }
    return how
  }
}

export function serve(folder, printed, args = []) {
  const port = args.includes('--port') ? [] : ['--port', '0']
  const child = spawn(executable, ['serve', '--data', join(folder, 'office'), ...port, ...args],
                      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((done, fail) => {
    let out = '', err = ''
    const timer = setTimeout(() => { child.kill('SIGKILL'); fail(new Error(`did not start: ${out}${err}`)) }, startMs)
    child.stderr.on('data', (bytes) => (err += bytes))
    child.once('exit', (code) => { clearTimeout(timer); fail(new Error(`ended with ${code}: ${out}${err}`)) })
    child.stdout.on('data', (bytes) => {
      out += bytes
      const url = /^(http:\/\/\S+)$/m.exec(out)?.[1]
      if (!url) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      done(new Office(folder, url, child, printed))
    })
  })
}

export const openDemo = () => openDemoWith([])

/** With more words to `serve`. */
export async function openDemoWith(args) {
  const template = demoTemplate()
  const folder = mkdtempSync(join(tmpdir(), 'gewu-office-'))
  cpSync(template, folder, { recursive: true })
  return serve(folder, readFileSync(join(folder, 'printed.txt'), 'utf8'), args)
}

export async function openNew() {
  const folder = mkdtempSync(join(tmpdir(), 'gewu-office-'))
  const printed = gewu(['init', '--data', join(folder, 'office'), root])
  return serve(folder, printed)
}

/** Tries to serve a copy of the demonstration elsewhere than on loopback. */
export async function serveDemoAt(address) {
  const folder = mkdtempSync(join(tmpdir(), 'gewu-office-'))
  try {
    cpSync(demoTemplate(), folder, { recursive: true })
    const office = await serve(folder, '', ['--address', address])
    await office.stop()
    return 'served'
  } catch (error) {
    return error.message
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A browser with its cookie, or nobody in particular. */
export class Person {
  constructor(office) {
    // `mayRead`: he wrote a sealed value himself, or opened one with a reason.
    Object.assign(this, { office, cookie: '', csrf: '', mayRead: false })
  }
  headers(more = {}) {
    const headers = { ...more }
    if (this.cookie) headers.cookie = this.cookie
    return headers
  }
  async ask(method, path, { body, headers = {}, raw } = {}) {
    const init = { method, headers: this.headers(headers) }
    if (method === 'POST') {
      if (this.csrf && !('gewu-csrf' in headers)) init.headers['gewu-csrf'] = this.csrf
      init.headers['content-type'] ??= 'application/json'
      init.body = raw ?? JSON.stringify(body ?? {})
    }
    const response = await fetch(`${this.office.url}${path.startsWith('//') ? path.slice(1) : `/api${path}`}`, init)
    const text = await response.text()
    this.mayRead ||= holdsSeed(init.body ?? '') || body?.action === 'unseal'
    if (!this.mayRead && !path.startsWith('/receipts/')) mustHoldNone(`the answer to ${method} ${path}`, text)
    for (const set of response.headers.getSetCookie()) this.keep(set)
    let json
    if (response.headers.get('content-type')?.includes('json')) json = JSON.parse(text)
    if (json?.csrf) this.csrf = json.csrf
    return { status: response.status, headers: response.headers, text, json, key: json?.key }
  }
  /** As a browser does: those of a name it has are replaced, ended ones dropped. */
  keep(set) {
    const kept = this.cookie.split('; ').filter((one) => one && one.split('=')[0] !== set.split('=')[0])
    if (!set.includes('Max-Age=0')) kept.push(set.split(';')[0])
    this.cookie = kept.join('; ')
  }
  get(path, options) {
    return this.ask('GET', path, options)
  }
  post(path, body, headers) {
    return this.ask('POST', path, { body, headers })
  }
  act(id, action, values = {}, version) {
    return this.post(`/matters/${id}/actions`, { action, values, ...(version === undefined ? {} : { version }) })
  }
}

export { randomUUID }

/** A point inside a grid of a subdistrict, as a phone would send it. */
export async function pointIn(person, subdistrict) {
  const { json } = await person.get(`/territory/${subdistrict}/grids.geojson`)
  for (const feature of json.features) {
    const ring = feature.geometry.coordinates[0]
    const middle = (axis) => (ring.reduce((sum, point) => sum + point[axis], 0) / ring.length).toFixed(6)
    const point = { lon: middle(0), lat: middle(1) }
    const { json: at } = await person.get(`/territory/at?lon=${point.lon}&lat=${point.lat}`)
    if (at.nodes.at(-1)?.code === feature.properties.code) return { ...point, code: feature.properties.code }
  }
  throw new Error(`no point inside a grid of ${subdistrict}`)
}

/** A resident's appeal in a subdistrict: {id, number, receipt}. */
export async function submitAppeal(office, { text = '楼前路灯不亮。', subdistrict = '222401002', headers } = {}) {
  const resident = office.resident()
  const { lon, lat } = await pointIn(resident, subdistrict)
  const reply = await resident.post('/matters', {
    type: 'appeal',
    values: { text, place: { lon, lat, address: '2号楼前' }, contact: sealed },
  }, headers)
  if (reply.status !== 201) throw new Error(`submit: ${reply.status} ${reply.text}`)
  return reply.json
}

/** Asks until it holds, for what happens by itself after an answer was given. */
export async function until(holds, ms = 10_000) {
  const end = Date.now() + ms
  for (;;) {
    const found = await holds()
    if (found) return found
    if (Date.now() > end) throw new Error('did not come to pass')
    await new Promise((done) => setTimeout(done, 100))
  }
}

export function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

export const octets = { 'content-type': 'application/octet-stream' }
/** Brings a file up in pieces; its id. */
export async function bring(person, bytes, pieceBytes = 100_000) {
  const { status, json: { id } } = await person.post('/uploads')
  if (status !== 201) throw new Error(`upload: ${status}`)
  const all = Buffer.from(bytes)
  for (let at = 0; at < all.length; at += pieceBytes) {
    const added = await person.ask('POST', `/uploads/${id}?at=${at}`, { raw: all.subarray(at, at + pieceBytes), headers: octets })
    if (added.json.bytes !== Math.min(all.length, at + pieceBytes)) throw new Error(`piece at ${at}: ${added.text}`)
  }
  return id
}
/** What a chore came to, and everything it told on its way. */
export async function settle(person, begun) {
  if (begun.status !== 202) throw new Error(`no chore: ${begun.status} ${begun.text}`)
  const told = []
  const ended = await until(async () => {
    const { json } = await person.get(`/chores/${begun.json.chore}`)
    told.push(json)
    return ['done', 'refused'].includes(json.state) && json
  }, 120_000)
  return { ...ended, told }
}
