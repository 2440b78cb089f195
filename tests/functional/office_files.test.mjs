// Where an office lies and how it begins: what fails leaves nothing behind, folders are written as
// people write them, older files are kept aside, and what was changed by hand is named.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { executable, openDemo, serve } from './office.mjs'
import { run } from './small_office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = mkdtempSync(join(tmpdir(), 'gewu-files-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const names = (path) => readdirSync(path).sort()
/** A folder with the systems and one small place. */
function definitionsAt(path) {
  cpSync(join(root, 'systems'), join(path, 'systems'), { recursive: true })
  cpSync(join(root, 'tests/localities/masked_city'), join(path, 'localities/masked_city'), { recursive: true })
  return path
}
const sql = (file, statements) => execFileSync('python3', ['-c', 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])', file, statements])

describe('a new office', () => {
  const definitions = definitionsAt(join(folder, 'definitions'))
  const init = (at, ...more) => run(['init', '--data', at, definitions, '--lang', 'en', ...more])

  test('keys of an office that is gone are not taken over once something was erased under them', () => {
    const data = join(folder, 'gone'), keys = `${data}.keys`
    assert.equal(init(data).status, 0)
    rmSync(data, { recursive: true })
    assert.equal(init(data).status, 0, 'nothing was erased under them')
    rmSync(data, { recursive: true })
    const erased = '{"matter":"1","slot":1}\n'
    writeFileSync(join(keys, 'erased.log'), erased)
    for (const verb of [['init', definitions], ['demo', '--small']]) {
      const refused = run([verb[0], '--data', data, ...verb.slice(1), '--lang', 'en'])
      assert.equal(refused.status, 1, refused.out + refused.err)
      assert.match(refused.err, /office\.keys_left.*move that folder away/)
      assert.ok(!existsSync(data), 'nothing was made')
    }
    assert.equal(readFileSync(join(keys, 'erased.log'), 'utf8'), erased)
  })
  test('a command that is refused leaves nothing, and the mended one works', () => {
    const own = join(folder, 'first')
    mkdirSync(own)
    const data = join(own, 'office')
    for (const [args, key] of [
      [['init', '--data', data, definitions, '--locality', 'nowhere'], 'definition.locality_absent'],
      [['init', '--data', data, join(folder, 'nothing')], 'file.absent'],
    ]) {
      const refused = run([...args, '--lang', 'en'])
      assert.equal(refused.status, 1, refused.out + refused.err)
      assert.match(refused.err, new RegExp(key.replace('.', '\\.')))
      assert.deepEqual(names(own), [])
    }
    const wrong = join(definitions, 'systems/appeals/appeal.yaml'), whole = readFileSync(wrong, 'utf8')
    writeFileSync(wrong, whole.replace('type: appeal\n', 'type: appeal\nnonsense: 1\n'))
    const faulty = init(data)
    writeFileSync(wrong, whole)
    assert.equal(faulty.status, 1)
    assert.match(faulty.err, /appeal\.yaml:\d+: definition\.unknown_key/)
    assert.deepEqual(names(own), [])
    const made = init(data)
    assert.equal(made.status, 0, made.out + made.err)
    assert.deepEqual(names(own), ['office', 'office.keys'])
    assert.match(init(data).err, /office\.exists/)
  })

  test('a scenario that fails keeps its definitions out, by name; nothing is written', () => {
    const scenario = join(definitions, 'systems/appeals/wrong.scenario')
    const text = readFileSync(join(definitions, 'localities/masked_city/answer.scenario'), 'utf8')
    const first = text.split('\n').findIndex((line) => / -> /.test(line))
    const lines = text.split('\n')
    lines[first] = lines[first].replace(/ -> .*/, ' -> no_such_state')
    writeFileSync(scenario, lines.join('\n').replace(/^# name: .*$/m, '# name: it goes wrong'))
    const own = join(folder, 'second'), data = join(own, 'office')
    mkdirSync(own)
    const refused = init(data)
    assert.equal(refused.status, 1, refused.out)
    assert.match(refused.err, /^publish\.scenarios: /m)
    assert.match(refused.err, new RegExp(`^systems/appeals/wrong\\.scenario:${first + 1}: scenario\\.failed \\(scenario=it goes wrong, expected=`, 'm'))
    assert.deepEqual(names(own), [])
    rmSync(scenario)
    assert.equal(init(data).status, 0)

    // At an office that works the same holds for publish and its dry run.
    writeFileSync(scenario, lines.join('\n').replace(/^# name: .*$/m, '# name: it goes wrong'))
    const locality = join(definitions, 'localities/masked_city/locality.yaml'), before = readFileSync(locality, 'utf8')
    writeFileSync(locality, before.replace(/^label: .*$/m, 'label: 另一个名称'))
    assert.notEqual(readFileSync(locality, 'utf8'), before)
    const head = () => /^journal head (\w+)$/m.exec(run(['check', '--data', data, '--lang', 'en']).out)[1]
    const was = head()
    for (const more of [[], ['--dry-run']]) {
      const publish = run(['publish', '--data', data, definitions, ...more, '--lang', 'en'])
      assert.equal(publish.status, 1, publish.out)
      assert.match(publish.err, /scenario\.failed \(scenario=it goes wrong/)
    }
    assert.equal(head(), was)
    rmSync(scenario)
    const published = run(['publish', '--data', data, definitions, '--lang', 'en'])
    assert.equal(published.status, 0, published.err)
    assert.match(published.out, /^published masked_city$/m)
  })

  test('however the folder is written, its keys lie beside it', async () => {
    const own = join(folder, 'third')
    mkdirSync(own)
    assert.equal(init(`${join(own, 'office')}//`).status, 0)
    assert.deepEqual(names(own), ['office', 'office.keys'])
    assert.ok(!names(join(own, 'office')).includes('.keys'))
    assert.equal(run(['check', '--data', join(own, 'office')]).status, 0)
    assert.equal(run(['check', '--data', `${join(own, 'office')}/./`]).status, 0)
    const office = await serve(own, '')
    assert.equal((await fetch(`${office.url}/api/me`)).status < 500, true)
    await office.stop()
    const here = join(folder, 'fourth')
    mkdirSync(here)
    const made = spawnSync(executable, ['init', '--data', '.', definitions], { cwd: here, encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    assert.ok(existsSync(`${here}.keys/office.key`))
    assert.ok(existsSync(join(here, 'office.db')))
  })

  test('a demonstration of a place that has none says which have one', () => {
    const demo = (...more) => run(['demo', '--data', join(folder, 'demo'), ...more, '--lang', 'en'])
    const elsewhere = demo(root, '--locality', 'jilin')
    assert.equal(elsewhere.status, 1)
    assert.match(elsewhere.err, /demo\.elsewhere \(locality=jilin, wanted=demo\.yaml, localities=yanji\)/)
    assert.match(demo(definitions).err, /demo\.none/)
    assert.equal(existsSync(join(folder, 'demo')), false)
  })

  test('what a table is refused for names its file, and what an import lacks its option', () => {
    const data = join(folder, 'first/office'), table = join(folder, 'posts.csv')
    writeFileSync(table, 'key,label\nx,y\n')
    const columns = run(['import', 'posts', table, '--data', data, '--lang', 'en'])
    assert.equal(columns.status, 1)
    assert.ok(columns.err.startsWith(`${table}:1: csv.column.missing (column=`), columns.err)
    for (const [args, option] of [[[], '--mapping'], [['--mapping', table], '--login']]) {
      const lacking = run(['import', 'matters', table, ...args, '--data', data, '--lang', 'en'])
      assert.equal(lacking.status, 1)
      assert.match(lacking.err, new RegExp(`^import\\.option \\(option=${option}\\): `))
    }
  })
})

describe('an office with a past', () => {
  let office
  before(async () => {
    office = await openDemo()
  })
  after(() => rmSync(office.folder, { recursive: true, force: true }))
  const stop = (of) => new Promise((done) => {
    of.child.once('exit', done)
    of.child.kill('SIGTERM')
  })

  test('an older file is copied aside before it is brought up to date', async () => {
    await stop(office)
    const file = join(office.data, 'office.db')
    // As the executable before answer links left it.
    sql(file, 'drop table answer_link; drop index outbox_waiting; pragma user_version = 15;')
    assert.match(run(['check', '--data', office.data, '--lang', 'en']).err, /store\.older/)
    assert.deepEqual(names(office.data).filter((name) => name.includes('.v')), [])
    const again = await serve(office.folder, '')
    assert.equal((await fetch(`${again.url}/api/me`)).status < 500, true)
    await stop(again)
    assert.ok(existsSync(`${file}.v15`))
    const version = (path) => execFileSync('python3', ['-c', 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nprint(c.execute("pragma user_version").fetchone()[0], c.execute("select count(*) from event").fetchone()[0])', path], { encoding: 'utf8' }).trim().split(' ')
    const [old, events] = version(`${file}.v15`), [now, same] = version(file)
    assert.equal(old, '15')
    assert.ok(Number(now) > 15)
    assert.ok(Number(events) > 0 && Number(same) >= Number(events))
    const checked = run(['check', '--data', office.data, '--lang', 'en'])
    assert.equal(checked.status, 0, checked.out)
  })

  test('a snapshot that was changed by hand is named, in the language that was asked for', () => {
    const file = join(office.data, 'office.db')
    sql(file, `update matter set snapshot = replace(snapshot, '"outcome":"transferred"', '"outcome":"solved"') where id = (select min(id) from matter where snapshot like '%"outcome":"transferred"%');`)
    const english = run(['check', '--data', office.data, '--lang', 'en'])
    assert.equal(english.status, 1, english.out)
    assert.match(english.out, /^differs: .*outcome/m)
    assert.match(english.out, /, [1-9]\d* differences$/m)
    const korean = run(['check', '--data', office.data, '--lang', 'ko'])
    assert.equal(korean.status, 1)
    assert.match(korean.out, /다른 곳 [1-9]\d*곳$/m)
    assert.doesNotMatch(korean.out, /differences|journal head/)
  })
})

describe('./run with a build that is there', () => {
  const runs = (args) => spawnSync(join(root, 'run'), args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GEWU_BIN: executable, LC_ALL: 'C.UTF-8' }, timeout: 300_000 })
  const data = join(folder, 'run/office')

  test('--help and an option that is none', () => {
    assert.match(runs(['--help']).stdout, /--no-serve/)
    const wrong = runs(['--nonsense'])
    assert.equal(wrong.status, 2)
    assert.match(wrong.stderr, /unknown option --nonsense/)
  })
  test('--data DIR/ --locality NAME --no-serve makes a demonstration once and tells its sign-ins', () => {
    const none = runs(['--no-serve', '--data', `${data}/`, '--locality', 'jilin'])
    assert.equal(none.status, 1)
    assert.match(none.stderr, /demo\.elsewhere/)
    assert.deepEqual(names(join(folder, 'run')), [])
    const made = runs(['--no-serve', '--data', `${data}/`, '--locality', 'yanji'])
    assert.equal(made.status, 0, made.stderr)
    assert.match(made.stdout, /^password of all \d+ accounts: /m)
    assert.deepEqual(names(join(folder, 'run')), ['office', 'office.keys', 'office.sign-ins'])
    const bytes = readFileSync(join(data, 'office.db'))
    const again = runs(['--no-serve', '--data', data])
    assert.equal(again.stdout, made.stdout)
    assert.deepEqual(readFileSync(join(data, 'office.db')), bytes)
  })
  test('--port N serves there', async () => {
    const port = 20_000 + (process.pid % 20_000)
    const child = spawn(join(root, 'run'), ['--data', data, '--port', String(port)], { env: { ...process.env, GEWU_BIN: executable } })
    const url = await new Promise((done, fail) => {
      let out = ''
      child.stdout.on('data', (text) => {
        out += text
        const found = /^(http:\/\/\S+)$/m.exec(out)
        if (found) done(found[1])
      })
      child.once('exit', () => fail(new Error(out)))
    })
    assert.equal(new URL(url).port, String(port))
    assert.equal((await fetch(`${url}/api/me`)).status < 500, true)
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
  })
})
