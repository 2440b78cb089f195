// An office with one small place from tests/localities, for tests that bring files of their own.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { executable } from './office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const shared = resolve(root, process.env.GEWU_SHARED ?? '../shared')
export const importer = { login: 'importer', password: 'a long password' }

/** Runs the executable to its end: {status, out, err, seconds, cpu}; the shell counts the processor's time. */
export function run(args, { input = '', env = {} } = {}) {
  const started = performance.now()
  const script = 'TIMEFORMAT="cpu %U %S"; exec 3>&2; { time "$@" 2>&3; } 2>&4'
  const done = spawnSync('bash', ['-c', script, 'bash', executable, ...args], { cwd: root, input, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] })
  if (done.error) throw done.error
  const cpu = done.output[4].trim().split(' ').slice(1).reduce((sum, seconds) => sum + Number(seconds), 0)
  return { status: done.status, out: done.stdout, err: done.stderr, seconds: (performance.now() - started) / 1000, cpu }
}

/** A folder with an office in it that knows one place and an account that may import. */
export class SmallOffice {
  constructor(place, { validFrom = '2010-01-01' } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'gewu-small-'))
    this.definitions = join(this.folder, 'definitions')
    this.data = join(this.folder, 'office')
    this.place = join(this.definitions, 'localities', place)
    cpSync(join(root, 'systems'), join(this.definitions, 'systems'), { recursive: true })
    cpSync(join(root, 'tests/localities', place), this.place, { recursive: true })
    this.must(['init', this.definitions, '--locality', place])
    const table = (what, file, ...more) => this.must(['import', what, join(this.place, file), '--valid-from', validFrom, ...more])
    for (const file of ['territory.csv', 'territory_grids.csv']) table('territory', file, '--grids', join(this.place, 'grids.geojson'))
    table('organisations', 'organisations.csv')
    table('posts', 'posts.csv')
    this.posts = this.must(['post', 'list']).out.trim().split('\n').map((line) => line.split(' ')[0])
    this.addAccount(importer.login, [this.posts.find((post) => post.endsWith('_centre'))], '--import-past')
  }
  addAccount(login, posts, ...more) {
    this.must(['account', 'add', login, ...posts.flatMap((post) => ['--post', post]), ...more], { input: `${importer.password}\n` })
  }
  mapping(name) {
    return join(this.place, 'mappings', `${name}.yaml`)
  }
  run(args, options) {
    return run([...args.slice(0, 1), '--data', this.data, ...args.slice(1)], options)
  }
  must(args, options) {
    const done = this.run(args, options)
    if (done.status !== 0) throw new Error(`gewu ${args.join(' ')}: ${done.status}\n${done.out}${done.err}`)
    return done
  }
  importArguments(file, mapping, refused) {
    return ['import', '--data', this.data, 'matters', file, '--mapping', this.mapping(mapping), '--login', importer.login, '--refused', refused]
  }
  /** {rows, taken, known, refused, seconds} as the executable says. */
  importMatters(file, mapping, refused = join(this.folder, 'refused.csv')) {
    const done = run(this.importArguments(file, mapping, refused))
    const said = /^(\d+) rows: (\d+) taken, (\d+) known already, (\d+) refused$/m.exec(done.out)
    if (!said) throw new Error(`import: ${done.status}\n${done.out}${done.err}`)
    const [rows, taken, known, refusedRows] = said.slice(1).map(Number)
    return { rows, taken, known, refused: refusedRows, seconds: done.seconds, cpu: done.cpu, status: done.status }
  }
  /** What `gewu check --data` says: `counts` of events, matters, cells and differences, `head` of the journal. */
  check() {
    const { status, out, err } = this.run(['check', '--lang', 'en'])
    const matters = Number(/(\d+) matters/.exec(out)?.[1])
    return { status, text: out + err, counts: /^\d+ events.*$/m.exec(out)?.[0], head: /^journal head ([0-9a-f]{64})$/m.exec(out)?.[1], matters }
  }
  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Rows of a table as objects; quotes, line ends in quotes and CR LF. */
export function readTable(text) {
  const rows = []
  let row = [], cell = '', quoted = false
  for (let i = 0; i < text.length; ++i) {
    const c = text[i]
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (c === '"') quoted = true
    else if (c === ',') { row.push(cell); cell = '' }
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') ++i
      row.push(cell); cell = ''
      if (row.length > 1 || row[0] !== '') rows.push(row)
      row = []
    } else cell += c
  }
  if (cell !== '' || row.length > 0) { row.push(cell); rows.push(row) }
  const [columns, ...lines] = rows
  return { columns, rows: lines.map((line) => Object.fromEntries(columns.map((name, i) => [name, line[i] ?? '']))) }
}

export function writeTable(columns, rows) {
  const text = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((line) => line.map(text).join(',')).join('\n') + '\n'
}

