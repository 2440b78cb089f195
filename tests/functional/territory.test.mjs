// A newer table of territory, through the executable: units merge on a day, matters keep their old
// grid, and what the office keeps is what its journal says.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openDemo, pointIn, submitAppeal, until } from './office.mjs'
import { run } from './small_office.mjs'

const subdistrict = '222401002'
const today = new Date().toISOString().slice(0, 10)

describe('a newer table of territory', () => {
  let office, folder, old, successor, appeal
  before(async () => {
    office = await openDemo()
    folder = mkdtempSync(join(tmpdir(), 'gewu-territory-'))
    old = await pointIn(office.resident(), subdistrict)
    const { json } = await office.resident().get(`/territory/${subdistrict}/grids.geojson`)
    successor = json.features.map(({ properties }) => properties.code).find((code) => code !== old.code && code.startsWith(old.code.slice(0, 12)))
    appeal = await submitAppeal(office, { subdistrict })
  })
  after(async () => {
    await office.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const importTable = (name, lines, ...more) => {
    const file = join(folder, `${name}.csv`)
    writeFileSync(file, ['code,name,level,successors', ...lines, ''].join('\n'))
    return run(['import', 'territory', file, '--data', office.data, '--valid-from', today, ...more])
  }
  const submitAt = (place) => office.resident().post('/matters', { type: 'appeal', values: { text: '井盖松动。', place, contact: { name: '李小明', phone: '13812341234' } } })
  const gridOf = async (id) => (await (await office.person('centre_1')).get(`/matters/${id}`)).json.territory.code

  test('a row with successors ends its unit on that day, and its matters stay', async () => {
    const merged = importTable('merged', [`${old.code},某网格,grid,${successor}`])
    assert.equal(merged.status, 0, merged.out + merged.err)
    assert.match(merged.out, /^1 taken, 0 unchanged, 1 ended, 0 refused$/m)
    await until(async () => (await office.resident().get(`/territory/at?lon=${old.lon}&lat=${old.lat}`)).json.nodes.at(-1).code === successor)
    assert.equal(await gridOf(appeal.id), old.code)
    const centre = await office.person('centre_1')
    assert.equal((await centre.act(appeal.id, 'accept', { category: 'lighting' })).status, 200)
    assert.equal(await gridOf(appeal.id), old.code)
  })
  test('what is new goes to the successor, and nothing is opened under the old code', async () => {
    const there = await submitAt({ lon: old.lon, lat: old.lat })
    assert.equal(there.status, 201, there.text)
    assert.equal(await gridOf(there.json.id), successor)
    const named = await submitAt({ territory: old.code, address: '2号楼前' })
    assert.deepEqual([named.status, named.key], [409, 'appeal.place.ended'])
  })
  test('what stands elsewhere is not sent to a unit that has ended', async () => {
    const { id } = await submitAppeal(office, { subdistrict })
    const dispatcher = await office.person('dispatcher_beishan_street')
    const before = (await dispatcher.get(`/matters/${id}`)).json
    const sent = await dispatcher.act(id, 'reroute', { place: { territory: old.code }, ground: 'wrong_place', reason: '在那边' })
    assert.deepEqual([sent.status, sent.key], [409, 'appeal.reroute.place.ended'], sent.text)
    const now = (await dispatcher.get(`/matters/${id}`)).json
    assert.deepEqual([now.version, now.territory.code], [before.version, successor])
  })
  test('the same table again changes nothing', () => {
    const again = importTable('merged', [`${old.code},某网格,grid,${successor}`])
    assert.equal(again.status, 0, again.out + again.err)
    assert.match(again.out, /^0 taken, 1 unchanged, 0 ended, 0 refused$/m)
  })
  test('an end that cannot be names its row', () => {
    const wrong = importTable('wrong', [`${old.code.slice(0, 12)}998,某网格,grid,${successor}`], '--lang', 'en')
    assert.equal(wrong.status, 1)
    assert.match(wrong.out, /^line 2: refused territory\.import\.never_stood/m)
    assert.match(wrong.out, /0 taken, 0 unchanged, 0 ended, 1 refused; nothing was stored$/m)
  })
  test('a table of a part says what it leaves alone, a whole one ends it', () => {
    const community = old.code.slice(0, 12)
    const listed = [`${successor},某网格,grid,`]
    const part = importTable('part', listed, '--lang', 'en')
    assert.match(part.out, /^\d+ unlisted: /m)
    assert.match(part.out, / 0 ended, /)
    const none = importTable('whole', listed, '--whole', '999999')
    assert.equal(none.status, 1)
    assert.match(none.err, /territory\.import\.whole/)
    const whole = importTable('whole', listed, '--whole', community)
    assert.equal(whole.status, 0, whole.out + whole.err)
    assert.match(whole.out, / [1-9]\d* ended, 0 refused$/m)
    assert.match(importTable('whole', listed, '--whole', community).out, /^0 taken, 1 unchanged, 0 ended, 0 refused$/m)
  })
  test('an administrator judges a whole table in the browser, then brings it in', async () => {
    office.addAdministrator('table_admin')
    const admin = await office.person('table_admin', office.password)
    const community = old.code.slice(0, 12)
    const { json } = await admin.get(`/territory/${subdistrict}/grids.geojson`)
    const other = json.features.map(({ properties }) => properties.code).find((code) => !code.startsWith(community))
    const table = { csv: `code,name,level,successors\n${other},某网格,grid,\n`, valid_from: today, whole: other.slice(0, 12) }
    const grids = async () => (await admin.get(`/territory/${subdistrict}/grids.geojson`)).json.features.map(({ properties }) => properties.code)
    const inside = (await grids()).filter((code) => code.startsWith(table.whole) && code !== other)
    assert.ok(inside.length > 0)
    const worker = await admin.post('/imports/posts', { csv: `key,role,unit\nworker_of_before,grid_worker,territory:${inside[0]}\n` })
    assert.equal(worker.json?.stored, true, worker.text)
    const judged = await admin.post('/imports/territory', { ...table, preview: true })
    assert.deepEqual([judged.status, judged.json.stored, judged.json.refused_count], [200, false, 0], judged.text)
    assert.ok(judged.json.ended >= inside.length, judged.text)
    assert.deepEqual(judged.json.posts_left, ['worker_of_before'])
    assert.ok((await grids()).includes(inside[0]), 'judged, not stored')
    const none = await admin.post('/imports/territory', { ...table, whole: '999999' })
    assert.deepEqual([none.status, none.key], [400, 'territory.import.whole'], none.text)
    const done = await admin.post('/imports/territory', table)
    assert.deepEqual([done.status, done.json.stored, done.json.ended], [200, true, judged.json.ended], done.text)
    await until(async () => !(await grids()).some((code) => inside.includes(code)))
    assert.ok((await grids()).includes(other))
  })
  test('the journal and every row agree', () => {
    const checked = run(['check', '--data', office.data])
    assert.equal(checked.status, 0, checked.out + checked.err)
    assert.match(checked.out, / 0 differences$/m)
  })
})
