// What is wrong is refused with a stable key and words in three languages, and nothing of it is
// kept: the journal's head and every count are as before.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Person, randomUUID, serve } from './office.mjs'
import { importer, run, SmallOffice } from './small_office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const languages = { zh: 'zh-CN', ko: 'ko', en: 'en' }

/** The words that a page finds for a key: its own, or those of its end; never just its code. */
function wordsOfPage(key, language) {
  const { error } = JSON.parse(readFileSync(join(root, `web/src/locales/${languages[language]}.json`), 'utf8'))
  const exact = key.split('.').reduce((tree, part) => tree?.[part], error)
  return typeof exact === 'string' ? exact : error.ending[key.split('.').at(-1)]
}
const script = { zh: /[\u4e00-\u9fff]/, ko: /[\uac00-\ud7a3]/, en: /[a-z]{3}/ }

/** That a command is refused in each language's words, with its key, and leaves no trace. */
function refuses(office, args, key, { at, input } = {}) {
  const before = office.check()
  const said = {}
  for (const language of Object.keys(languages)) {
    const done = office.run([...args, '--lang', language], { input })
    assert.equal(done.status, 1, `${key}: ${done.status}\n${done.out}${done.err}`)
    const line = (done.err + done.out).split('\n').find((text) => text.includes(`${key}: `) || text.includes(`${key} (`) || text.includes(`${key} `))
    assert.ok(line, `${key}\n${done.out}${done.err}`)
    if (at) assert.ok(line.startsWith(at), `${line} does not begin with ${at}`)
    said[language] = line.slice(line.lastIndexOf(': ') + 2)
    assert.match(said[language], script[language], line)
  }
  assert.equal(new Set(Object.values(said)).size, 3, JSON.stringify(said))
  assert.deepEqual(office.check(), before, `${key}: nothing is half-written`)
}

const system = `system: trial
label: 试验
roles:
  tester: {label: 试验员, unit: territory}
`
const type = `type: trial_thing
version: 1
label: 试件
sets: {below: trial_thing.above}
fields:
  above: {kind: link, to: trial_thing, label: 上级}
  text: {kind: text, label: 内容}
  size: {kind: number, label: 大小}
  who: {kind: contact, label: 联系方式}
states:
  open: 开
  closed: {label: 结, final: true}
actions:
  start: {label: 提, opens: open, by: [tester], asks: [text, size, who]}
  finish: {label: 结, from: [open], to: closed, by: [tester]}
clocks:
  answer: {label: 答, from: start, until: finish, within: 5 day_working}
see:
  author: {fields: all}
erase:
  all: {after: closed, in: 180 day_natural, purpose: contact}
`
// The checker's list (language.md 2.10), a fault of each kind: what is written instead of what.
const faults = [
  ['1 form: no YAML', 'fields:\n', 'fields: {\n', 'definition.yaml.syntax'],
  ['1 form: a key twice', 'version: 1\n', 'version: 1\nversion: 1\n', 'definition.yaml.duplicate_key'],
  ['1 form: a key that is none', 'version: 1\n', 'version: 1\ncolour: red\n', 'definition.unknown_key'],
  ['1 form: without a label', 'label: 试件\n', '', 'definition.label_missing'],
  ['1 form: an expression that YAML cut', 'to: closed,', 'to: if(size > 3, closed, open),', 'definition.yaml.cut'],
  ['1 form: compared with none', 'from: [open], to', 'from: [open], when: size == none, to', 'expression.none_compared'],
  ['2 names: a role that is none', 'to: closed, by: [tester]', 'to: closed, by: [nobody_there]', 'definition.unknown_role'],
  ['2 names: a name that is none', 'from: [open], to', 'from: [open], when: sise > 3, to', 'expression.name'],
  ['3 types', 'from: [open], to', 'from: [open], when: text > 3, to', 'expression.type'],
  ['4 cost: filters inside filters', 'from: [open], to', 'from: [open], when: "any(below[any(below[any(below[state == open])])])", to', 'expression.nested'],
  ['4 cost: more than a decision may load', 'from: [open], to', 'from: [open], when: any(below.below.below), to', 'definition.dossier'],
  ['4 cost: an auto that nothing would wake', 'clocks:\n', '  end: {label: 尽, from: [open], to: closed, auto: true, when: any(below.below)}\nclocks:\n', 'definition.auto_reach'],
  ['5 states: out of reach', 'states:\n', 'states:\n  lost: 丢\n', 'definition.state_unreachable'],
  ['6 actions: a loop without end', 'clocks:\n', '  stir: {label: 搅, from: [open], to: open, by: [tester]}\nclocks:\n', 'definition.loop_unbounded'],
  ['7 clocks: two dues', 'within: 5 day_working', "within: 5 day_working, at: today", 'definition.clock_due'],
  ['8 parts: one that never ends', '  closed: {label: 结, final: true}\nactions:\n',
    '  kept: {label: 存, resting: true}\n  closed: {label: 结, final: true}\nactions:\n  keep: {label: 存, from: [open], to: kept, by: [tester]}\n' +
    '  end: {label: 尽, from: [open], to: closed, auto: true, when: "all(below, is_final)"}\n', 'definition.part_never_final'],
  ['9 holds: never free', 'clocks:\n', 'holds:\n  one: {label: 占, of: size, most: 1, in: [open, closed]}\nclocks:\n', 'definition.hold_never_free'],
  ['10 sight: a contact to the public', 'see:\n', 'see:\n  public: {fields: [who], sealed: true}\n', 'definition.public_sealed'],
  ['11 erasure: a contact without a line', 'erase:\n  all: {after: closed, in: 180 day_natural, purpose: contact}\n', '', 'definition.erase_missing'],
  ['12 figures: a ratio of one', 'see:\n', 'indicators:\n  half: {label: 半, ratio: [{flow: finish}]}\nsee:\n', 'definition.ratio_parts'],
  ['13 product rules: what is not kept of people', '  size: {kind', '  ethnicity: {kind: text, label: 民族}\n  size: {kind', 'definition.denied'],
]

describe('definitions', () => {
  let office, folder
  before(() => {
    office = new SmallOffice('masked_city')
    folder = join(office.definitions, 'systems/trial')
    mkdirSync(folder)
    writeFileSync(join(folder, 'system.yaml'), system)
    const locality = join(office.place, 'locality.yaml')
    writeFileSync(locality, readFileSync(locality, 'utf8').replace('systems: {appeals: on}', 'systems: {appeals: on, trial: on}'))
    writeFileSync(join(folder, 'trial_thing.yaml'), type)
    office.must(['publish', office.definitions, '--locality', 'masked_city'])
  })
  after(() => office.remove())

  const write = (text) => writeFileSync(join(folder, 'trial_thing.yaml'), text)
  for (const [name, what, instead, key] of faults)
    test(`${name}: ${key}`, () => {
      assert.ok(type.includes(what), what)
      write(type.replace(what, instead))
      refuses(office, ['publish', office.definitions, '--locality', 'masked_city'], key, { at: 'systems/trial/trial_thing.yaml:' })
    })

  test('14 sources: words that the document does not have', () => {
    write(type.replace('label: 试件\n', 'label: 试件\nsource: {file: paper.txt, text: 没有这句}\n'))
    const documents = join(office.folder, 'documents')
    mkdirSync(documents)
    writeFileSync(join(documents, 'paper.txt'), '别的话')
    const done = run(['check', office.definitions, '--sources', documents, '--lang', 'zh'])
    assert.equal(done.status, 1)
    assert.match(done.out, /trial_thing\.yaml:\d+: error: definition\.source_missing .*文件里没有这段文字/)
  })
  test('15 scenarios: one that fails', () => {
    write(type)
    const scenario = join(folder, 'trial.scenario')
    writeFileSync(scenario, '# name: fails\nlocality masked_city\nat 2026-09-22 09:00\ntester@970101 start trial_thing size=1 -> closed\n')
    const done = run(['check', office.definitions, '--only', 'trial'])
    rmSync(scenario)
    assert.equal(done.status, 1, done.out)
    assert.match(done.out, /trial\.scenario:4: scenario\.failed/)
  })
  test('16 publishing: another text under the old version', () => {
    write(type.replace('within: 5 day_working', 'within: 3 day_working'))
    refuses(office, ['publish', office.definitions, '--locality', 'masked_city'], 'definition.version_same', { at: 'systems/trial/trial_thing.yaml:' })
    write(type)
  })
})

describe('files', () => {
  let office
  before(() => {
    office = new SmallOffice('masked_city')
    office.addAccount('no_importer', ['masked_centre'])
  })
  after(() => office.remove())

  const head = 'id,subject,text,time,reply_time,reply\n'
  const row = (id, more = {}) => {
    const cells = { id, subject: '路灯', text: '不亮', time: '2019-04-24 16:03:40', reply_time: '2019-05-09 09:49:10', reply: '已修', ...more }
    return `${Object.values(cells).join(',')}\n`
  }
  const file = (name, bytes) => {
    const path = join(office.folder, name)
    writeFileSync(path, bytes)
    return path
  }
  const matters = (path, { mapping = office.mapping('replies'), login = importer.login } = {}) =>
    ['import', 'matters', path, '--mapping', mapping, '--login', login, '--refused', join(office.folder, 'refused.csv')]

  const whole = [
    ['a file that is not there', () => join(office.folder, 'nothing.csv'), 'file.absent'],
    ['an empty table', () => file('empty.csv', ''), 'csv.empty'],
    ['UTF-16', () => file('utf16.csv', Buffer.from(`\ufeff${head}${row(1)}`, 'utf16le')), 'csv.encoding'],
    ['a column that is missing', () => file('column.csv', head.replace('reply_time', 'answered') + row(1)), 'mapping.column'],
    ['a column twice', () => file('twice.csv', head.replace('reply_time', 'time') + row(1)), 'csv.column.duplicate'],
    ['a quote that never ends', () => file('quote.csv', `${head}1,"路灯,不亮\n`), 'csv.quote.open'],
    ['what is packed and cut', () => file('cut.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2])), 'file.packed'],
  ]
  for (const [name, path, key] of whole) test(`${name}: ${key}`, () => refuses(office, matters(path()), key))

  test('an account without the right, or none', () => {
    const good = file('good.csv', head + row(1))
    refuses(office, matters(good, { login: 'no_importer' }), 'import.right')
    refuses(office, matters(good, { login: 'nobody' }), 'account.unknown')
  })

  const mappings = [
    ['no YAML', (text) => text.replace('fields:', 'fields: {'), 'definition.yaml.syntax'],
    ['a key that is none', (text) => `${text}colour: red\n`, 'mapping.form'],
    ['a type that is none', (text) => text.replace('type: appeal', 'type: wish'), 'mapping.type'],
    ['a place that is none', (text) => text.replace('locality: masked_city', 'locality: elsewhere'), 'mapping.locality'],
    ['a step that is none', (text) => text.replace('  accept:', '  welcome:'), 'mapping.action'],
    ['a field that is none', (text) => text.replace('  channel:', '  way:'), 'mapping.field'],
    ['a post that is none', (text) => text.replace('accept: {by: centre@masked_city', 'accept: {by: centre@elsewhere'), 'import.post'],
    ['a zone that is none', (text) => text.replace('Asia/Shanghai', 'Asia/Nowhere'), 'mapping.form'],
  ]
  for (const [name, change, key] of mappings)
    test(`a mapping with ${name}: ${key}`, () => {
      const text = readFileSync(office.mapping('replies'), 'utf8'), changed = change(text)
      assert.notEqual(changed, text)
      refuses(office, matters(file('good.csv', head + row(1)), { mapping: file('mapping.yaml', changed) }), key)
    })

  const rows = [
    ['no time', row(1, { time: 'yesterday' }), 'import.time column=time'],
    ['an answer before the question', row(1, { reply_time: '2019-04-24 16:00:00' }), 'import.time column=reply_time'],
    ['a time to come', row(1, { reply_time: '2999-01-01 00:00:00' }), 'import.future step=publish_answer'],
    ['no key', row(''), 'import.key column=id'],
    ['a cell too many', `${row(1).trim()},more\n`, 'csv.row.cells'],
    ['text behind a quote', row(1, { text: '"不"亮' }), 'csv.quote.closed'],
    ['a text that is too long', row(1, { reply: 'x'.repeat(5_001) }), 'appeal.publish_answer.answer.length_max'],
  ]
  for (const [name, line, reason] of rows)
    test(`a row with ${name}: ${reason}`, () => {
      const before = office.check()
      const refused = join(office.folder, 'refused.csv')
      const done = office.run([...matters(file('row.csv', head + line)), '--lang', 'ko'])
      assert.equal(done.status, 1, done.err)
      assert.match(done.out, /^1 rows: 0 taken, 0 known already, 1 refused$/m)
      const [, said] = readFileSync(refused, 'utf8').split('\r\n')
      assert.ok(said.startsWith(`2,`) && said.includes(reason), said)
      assert.match(said, script.ko)
      assert.deepEqual(office.check(), before)
    })

  test('GBK, as spreadsheets save it, is read', () => {
    // 路灯不亮 and 已修 in GBK.
    const gbk = Buffer.concat([Buffer.from(`${head}gbk,`), Buffer.from([0xc2, 0xb7, 0xb5, 0xc6]), Buffer.from(','), Buffer.from([0xb2, 0xbb, 0xc1, 0xc1]),
      Buffer.from(',2019-04-24 16:03:40,2019-05-09 09:49:10,'), Buffer.from([0xd2, 0xd1, 0xd0, 0xde]), Buffer.from('\n')])
    const done = office.run(matters(file('gbk.csv', gbk)))
    assert.equal(done.status, 0, done.out + done.err)
    assert.match(done.out, /^1 rows: 1 taken, /m)
  })

  test('tables of a place: a code that is none, a parent that is missing, a column that is missing', () => {
    refuses(office, ['import', 'territory', file('t.csv', 'code,name\n9x,甲\n')], 'territory.import.code')
    refuses(office, ['import', 'territory', file('t.csv', 'code,name\n990101,甲\n')], 'territory.import.orphan')
    refuses(office, ['import', 'territory', file('t.csv', 'code,label\n99,甲\n')], 'csv.column.missing')
    refuses(office, ['import', 'organisations', file('o.csv', 'key,label,kind,parent\nnew_office,新单位,department,nobody\n')], 'organisation.parent')
    refuses(office, ['import', 'posts', file('p.csv', 'key,role,unit,organisation,seats\nnew_post,centre,territory:999999,masked_city_hall,1\n')], 'post.unit')
  })
})

describe('requests', () => {
  let office, served, centre, dispatcher, resident, matter
  const place = { lon: 112.92, lat: 28.22 }
  before(async () => {
    office = new SmallOffice('masked_city')
    office.addAccount('dispatcher', ['masked_dispatcher'])
    office.addAccount('two_posts', ['masked_centre', 'masked_dispatcher'])
    served = await serve(office.folder, '')
    centre = await served.person(importer.login, importer.password)
    dispatcher = await served.person('dispatcher', importer.password)
    resident = new Person(served)
    const opened = await resident.post('/matters', { type: 'appeal', values: { text: '路灯不亮', place } })
    assert.equal(opened.status, 201, opened.text)
    matter = (await centre.get(`/matters/${opened.json.id}`)).json
  })
  after(() => served.stop())

  const request = randomUUID()
  const raw = (text, headers) => resident.ask('POST', '/matters', { raw: text, headers })
  const cases = [
    ['a body that is no JSON', () => raw('{"type":'), 400, 'json.syntax'],
    ['deep JSON', () => raw('['.repeat(17) + ']'.repeat(17)), 400, 'json.depth'],
    ['a JSON key twice', () => raw('{"type":"appeal","type":"appeal"}'), 400, 'json.duplicate'],
    ['a member that is none', () => raw('{"type":"appeal","values":{},"kind":1}'), 400, 'json.unknown'],
    ['another content type', () => raw('{}', { 'content-type': 'text/plain' }), 400, 'http.content_type'],
    ['a body too large', () => raw(JSON.stringify({ type: 'appeal', values: { text: 'x'.repeat(300 * 1024) } })), 413, 'http.body_too_large'],
    ['a text too long', () => resident.post('/matters', { type: 'appeal', values: { text: 'x'.repeat(5_001), place } }), 400, 'appeal.text.length_max'],
    ['a required field left out', () => resident.post('/matters', { type: 'appeal', values: { place } }), 400, 'appeal.text.required'],
    ['a field that is none', () => resident.post('/matters', { type: 'appeal', values: { text: 'x', place, nothing: 1 } }), 400, 'form.unknown'],
    ['a type that is none', () => resident.post('/matters', { type: 'wish', values: { text: 'x', place } }), 404, 'not_found'],
    ['a system that is off', () => resident.post('/matters', { type: 'whistle', values: { reason: 'x', place } }), 404, 'not_found'],
    ['no type', () => resident.post('/matters', { values: { text: 'x', place } }), 400, 'type.required'],
    ['a place outside the locality', () => resident.post('/matters', { type: 'appeal', values: { text: '别处', place: { lon: 2.35, lat: 48.85 } } }), 400, 'appeal.place.outside'],
    ['a point that is not on earth', () => resident.post('/matters', { type: 'appeal', values: { text: 'x', place: { lon: 200, lat: 28 } } }), 400, 'appeal.place.kind'],
    ['a stale version', () => centre.act(matter.id, 'accept', { category: 'lighting' }, matter.version + 1), 409, 'matter.version'],
    ['a request id with another body', () => resident.post('/matters', { type: 'appeal', values: { text: '另一件', place } }, { 'gewu-request': request }), 409, 'request.reused'],
    ['a request id that is no UUID', () => resident.post('/matters', { type: 'appeal', values: { text: '另一件', place } }, { 'gewu-request': 'again' }), 400, 'request.id'],
    ['a state that forbids the action', () => centre.act(matter.id, 'publish_answer', { answer: 'x' }), 409, 'appeal.publish_answer.from'],
    ['a demand that is not met', () => centre.act(matter.id, 'accept'), 400, 'appeal.accept.category'],
    ['an action that is none', () => centre.act(matter.id, 'dance'), 400, 'action.unknown'],
    ['a post without the right', () => dispatcher.act(matter.id, 'accept', { category: 'lighting' }), 403, 'appeal.accept.by'],
    ['somebody who is not signed in', () => resident.get('/matters'), 401, 'session.absent'],
    ['a wrong password', () => resident.post('/sign-in', { login: importer.login, password: 'wrong password' }), 401, 'sign_in.refused'],
    ['one of several posts, not named', async () => (await served.person('two_posts', importer.password)).get('/matters'), 400, 'post.choose'],
    ['an address that is none', () => resident.get('/nothing'), 404, 'http.route'],
  ]

  test('each has its key and words, and nothing is kept', async () => {
    const first = await resident.post('/matters', { type: 'appeal', values: { text: '第一件', place } }, { 'gewu-request': request })
    assert.equal(first.status, 201, first.text)
    const before = office.check()
    assert.ok(before.head, before.text)
    for (const [name, ask, status, key] of cases) {
      const reply = await ask()
      assert.equal(reply.status, status, `${name}: ${reply.text}`)
      const keys = [reply.json, ...(reply.json.others ?? [])].map((error) => error.key)
      assert.ok(keys.includes(key), `${name}: ${reply.text}`)
      const label = [reply.json, ...(reply.json.others ?? [])].find((error) => error.key === key).label
      for (const language of Object.keys(languages)) {
        const words = label?.[language] ?? wordsOfPage(key, language)
        assert.ok(words, `${name}: no words for ${key} in ${language}`)
        assert.match(words, script[language])
      }
    }
    assert.deepEqual(office.check(), before)
  })

})
