// Files that are too large for one request: brought up in pieces, judged and imported as a chore that
// tells how far it is. Matters of the past by a mapping, a table of grids with their boundaries, and a
// table beside the rows of a register.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bring, octets, openDemo, settle } from './office.mjs'

const password = 'a long enough password'
const grid = '222401002001007'
let office, admin, keeper
before(async () => {
  office = await openDemo()
  office.addAdministrator('admin_one', password, '--import-past')
  office.addAdministrator('admin_two', password)
  admin = await office.person('admin_one', password)
  keeper = await office.person('unit_keeper_1')
})
after(() => office.stop())

const mapping = `mapping: old_file
label: {zh: 旧件, en: Old}
type: appeal
locality: yanji
key: no
zone: Asia/Shanghai
fields:
  text: {concat: [kind, '：', words]}
  place: {column: grid}
  channel: {fixed: phone}
steps:
  submit: {by: public, at: made}
  accept: {by: centre@yanji, at: +1 hour_working, when: {column: status, in: [done]}, input: {category: {column: kind, values: {lamp: lighting, else: road}}}}
`
const day = (at) => `2025-0${1 + (at % 9)}-${String(1 + (at % 27)).padStart(2, '0')} 09:00`
const rowOf = (at, made = day(at)) => `${at},${made},lamp,第 ${at} 盏灯不亮，${'请来看看。'.repeat(10)},${grid},done\n`
const head = 'no,made,kind,words,grid,status\n'

test('thousands of matters: judged without a trace, imported with progress, and again without a change', async () => {
  const rows = Array.from({ length: 1_500 }, (_, at) => rowOf(at, at === 700 ? 'never' : undefined))
  const csv = head + rows.join('')
  assert.ok(csv.length > 100_000)
  const upload = await bring(admin, csv)
  const judged = await settle(admin, await admin.post('/imports/matters', { upload, mapping, preview: true }))
  assert.equal(judged.state, 'done', JSON.stringify(judged.refusal))
  assert.deepEqual([judged.answer.stored, judged.answer.taken, judged.answer.refused_count], [false, 1_499, 1])
  const [bad] = judged.answer.refused
  assert.deepEqual([bad.line, bad.key, bad.column, bad.cells[1]], [702, 'import.time', 'made', 'never'])
  assert.deepEqual(judged.answer.columns, head.trim().split(','))

  const busy = admin.post('/imports/matters', { upload, mapping })
  const begun = await busy
  assert.equal((await admin.post('/imports/matters', { upload, mapping })).key, 'chore.busy')
  const done = await settle(admin, begun)
  assert.deepEqual([done.answer.stored, done.answer.taken, done.answer.unchanged, done.answer.refused_count], [true, 1_499, 0, 1])
  assert.ok(done.told.some(({ state, done: at, of }) => state === 'running' && at > 0 && of === 1_499), JSON.stringify(done.told.at(-2)))
  const again = await settle(admin, await admin.post('/imports/matters', { upload, mapping }))
  assert.deepEqual([again.answer.taken, again.answer.unchanged], [0, 1_499])
  const mended = (await admin.post('/imports/matters', { csv: head + rowOf(700), mapping })).json
  assert.deepEqual([mended.taken, mended.refused_count], [1, 0], JSON.stringify(mended))
})

test('whoever may not is refused, and so is what does not fit, with its reason', async () => {
  const other = await office.person('admin_two', password)
  assert.equal((await other.post('/imports/matters', { csv: head + rowOf(1), mapping })).key, 'import.right')
  assert.equal((await keeper.post('/imports/matters', { csv: head, mapping })).key, 'account.administer')
  for (const [wrong, key] of [['', 'mapping.form'], ['mapping: [', 'definition.yaml.syntax'], [mapping.replace('appeal', 'nothing'), 'mapping.type'], [mapping.replace('column: grid', 'column: nowhere'), 'mapping.column']])
    assert.equal((await admin.post('/imports/matters', { csv: head + rowOf(1), mapping: wrong })).key, key, wrong)
  assert.equal((await admin.post('/imports/matters', { mapping })).key, 'import.form')
  assert.equal((await admin.post('/imports/posts', { upload: 'nothing' })).key, 'upload.unknown')
  const upload = await bring(other, 'key,role,unit\n')
  assert.equal((await admin.post('/imports/posts', { upload })).key, 'upload.unknown', 'of another account')
  const refused = await settle(other, await other.post('/imports/posts', { upload: await bring(other, 'key\n') }))
  assert.deepEqual([refused.state, refused.refusal.key], ['refused', 'csv.column.missing'])
  assert.equal((await admin.get('/chores/none')).key, 'chore.unknown')
  const { json: { id } } = await admin.post('/uploads')
  assert.equal((await admin.ask('POST', `/uploads/${id}?at=0`, { raw: 'x' })).key, 'http.content_type')
  assert.equal((await admin.ask('POST', `/uploads/${id}?at=x`, { raw: 'x', headers: octets })).key, 'upload.at')
  assert.equal((await admin.ask('POST', `/uploads/${id}?at=9`, { raw: 'x', headers: octets })).key, 'upload.offset')
  assert.equal((await office.resident().post('/uploads')).status, 401)
})

test('grids come with boundaries that wait for a second person; a row that hangs from nothing is told', async () => {
  const near = (await admin.get('/territory/222401002/grids.geojson')).json.features[0]
  const moved = { ...near.geometry, coordinates: near.geometry.coordinates.map((ring) => ring.map(([lon, lat]) => [lon + 1, lat + 1])) }
  const grids = await bring(admin, JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { code: '222401002001099' }, geometry: moved }] }))
  const upload = await bring(admin, 'code,name,level\n222401002001099,远处的网格,grid\n999999999999999,孤网格,grid\n')
  const order = { upload, grids, valid_from: '2026-01-01' }
  const judged = await settle(admin, await admin.post('/imports/territory', { ...order, preview: true }))
  assert.deepEqual([judged.answer.stored, judged.answer.taken, judged.answer.waiting], [false, 1, 1])
  assert.deepEqual(judged.answer.refused.map(({ line, key, cells }) => [line, key, cells[1]]), [[3, 'territory.import.orphan', '孤网格']])
  const done = await settle(admin, await admin.post('/imports/territory', { ...order, partial: true }))
  assert.deepEqual([done.answer.stored, done.answer.taken, done.answer.waiting], [true, 1, 1])
  assert.equal((await admin.get('/territory/222401002001099')).status, 200)
  const isDrawn = async () => (await admin.get('/territory/222401002001/grids.geojson')).json.features.some(({ properties }) => properties.code === '222401002001099')
  assert.equal(await isDrawn(), false)
  office.addAdministrator('second_importer')
  const second = await office.person('second_importer', office.password)
  const { drawings: [{ sha256, unit, mine }] } = (await second.get('/drawings')).json
  assert.deepEqual([unit.code, mine], ['222401002', false])
  assert.equal((await admin.post(`/territory/${unit.code}/drawing/confirm`, { sha256 })).key, 'territory.drawing.second_person')
  assert.equal((await second.post(`/territory/${unit.code}/drawing/confirm`, { sha256 })).json.stored, true)
  assert.equal(await isDrawn(), true)
})

test('a table beside a register: seen first, then exactly that is done, by whom it concerns', async () => {
  const { imports } = (await keeper.get('/types/party_unit')).json
  assert.deepEqual(imports.map(({ name, by, review }) => [name, by, review]), [['grids', ['unit_keeper'], true]])
  const open = async (values) => {
    const reply = await keeper.post('/matters', { type: 'party_unit', action: 'create', values })
    assert.equal(reply.status, 201, reply.text)
    return reply.json.id
  }
  const street = await open({ name: '街道组织', level: 'street', place: '222401002' })
  const community = await open({ name: '社区组织', level: 'community', place: '222401002001', above: street })
  const first = await open({ name: '七格支部', level: 'grid', form: 'branch', place: grid, above: community })
  const path = '/types/party_unit/imports/grids'
  const csv = `名称,网格代码,成立日期,人数,备注\n七格第一支部,${grid},,12,无\n某支部,222401002002001,,,无\n`
  const asPost = { 'gewu-post': keeper.me.posts[0].id }
  const compare = (body) => keeper.post(path, body, asPost)
  const answer = await compare({ csv })
  assert.equal(answer.status, 200, answer.text)
  const compared = answer.json
  assert.deepEqual([compared.stored, compared.changed, compared.refused], [false, 1, 1])
  assert.deepEqual(compared.dropped, ['备注'])
  const changed = compared.rows.find(({ verdict }) => verdict === 'changed')
  assert.deepEqual([changed.line, changed.matter, changed.fields.sort()], [2, first, ['head_count', 'name']])
  assert.equal(compared.rows.find(({ verdict }) => verdict === 'refused').reason.key, 'import.not_kept')
  assert.equal((await compare({ csv, digest: 'of something else' })).key, 'import.review')
  assert.equal((await admin.post(path, { csv })).status, 403)
  assert.equal((await keeper.post('/types/party_unit/imports/nothing', { csv }, asPost)).key, 'import.unknown')
  const done = await settle(keeper, await compare({ upload: await bring(keeper, csv), digest: compared.digest }))
  assert.deepEqual([done.answer.stored, done.answer.changed], [true, 1], JSON.stringify(done.refusal))
  assert.equal((await keeper.get(`/matters/${first}`)).json.title, '七格第一支部')
})
