// Real files, driven through the engine by their own times: an open city's requests and a board's
// appeals with their answers (data/SOURCES.md). The files are only read, never copied.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { executable, serve } from './office.mjs'
import { importer, readTable, shared, SmallOffice, writeTable } from './small_office.mjs'

const hotline = join(shared, 'data/requests_311/la_myla311_40k.csv.gz')
const replies = join(shared, 'data/appeals_zh/replies.csv')
const skip = !existsSync(hotline) && 'without the shared data'

const months = ['2017-12', '2018-01', '2018-12', '2020-01']
const category = {
  'Bulky Items': 'bulky', 'Metal/Household Appliances': 'appliances', 'Electronic Waste': 'electronic',
  'Illegal Dumping Pickup': 'dumping', 'Dead Animal Removal': 'dead_animal', 'Homeless Encampment': 'encampment',
  'Graffiti Removal': 'graffiti', 'Single Streetlight Issue': 'lighting', 'Multiple Streetlight Issue': 'lighting',
  'Report Water Waste': 'water',
}

/** Counts of rows by a key, most of it a figure's dimension. */
function countBy(rows, keyOf) {
  const counts = {}
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1
  return counts
}

async function figures(person, name, unit, period, by = '') {
  const { status, json, text } = await person.get(`/indicators/${name}?unit=${unit}&period=${period}${by && `&by=${by}`}`)
  assert.equal(status, 200, text)
  return Object.fromEntries(json.rows.map((row) => [row.dimension ?? '', Number(row.value ?? 0)]))
}

/** Starts an import and kills it with SIGKILL after so many rows. */
function killAfter(office, file, mapping, rows) {
  const child = spawn(executable, office.importArguments(file, mapping, join(office.folder, 'killed.csv')), { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((done) => {
    let err = ''
    child.stderr.on('data', (bytes) => {
      err += bytes
      const told = err.match(/(\d+) rows\n/g) ?? []
      if (told.length && Number.parseInt(told.at(-1)) >= rows) child.kill('SIGKILL')
    })
    child.once('exit', (code, signal) => done({ code, signal, err }))
  })
}

describe('forty thousand requests of a city hotline', { skip }, () => {
  let office, table, wrong
  before(() => {
    office = new SmallOffice('los_angeles')
    table = readTable(gunzipSync(readFileSync(hotline)).toString('utf8'))
    wrong = table.rows.filter(({ closed, created }) => closed && closed < created)
    assert.equal(table.rows.length, 39_999)
    assert.equal(wrong.length, 48)
  })
  after(() => office.remove())

  test('all are taken but those that were closed before they were created', (t) => {
    const done = office.importMatters(hotline, 'la_311')
    t.diagnostic(`${Math.round(done.rows / done.seconds)} rows/s, ${done.seconds.toFixed(1)} s, ${done.cpu.toFixed(1)} s of processor`)
    assert.deepEqual([done.rows, done.taken, done.known, done.refused, done.status], [39_999, 39_951, 0, 48, 1])
    // Of the processor, since other work of the machine is none of the import's.
    assert.ok(done.cpu < 90, `${done.cpu} s`)
    const refused = readTable(readFileSync(join(office.folder, 'refused.csv'), 'utf8'))
    assert.deepEqual(refused.columns, ['refused_line', 'refused_key', 'refused_reason', 'refused_words', ...table.columns])
    assert.deepEqual(refused.rows.map(({ refused_key }) => refused_key), wrong.map(({ sr_number }) => sr_number))
    for (const row of refused.rows) {
      assert.equal(row.refused_reason, 'import.time column=closed')
      assert.equal(table.rows[row.refused_line - 2].sr_number, row.refused_key, 'its line, the head being line 1')
    }
  })

  test('the journal is whole, and a repeated import changes nothing', () => {
    const before = office.check()
    assert.equal(before.status, 0, before.text)
    assert.match(before.counts, / 0 differences$/)
    assert.ok(before.matters >= 39_951)
    const done = office.importMatters(hotline, 'la_311')
    assert.deepEqual([done.taken, done.known, done.refused], [0, 39_951, 48])
    assert.deepEqual(office.check(), before)
  })

  test('the refused file is mended and imported again', () => {
    const path = join(office.folder, 'refused.csv')
    const { columns, rows } = readTable(readFileSync(path, 'utf8'))
    // The closing days of these rows have no time of day: the last change of the row does.
    writeFileSync(path, writeTable(columns, rows.map((row) => ({ ...row, closed: row.updated }))))
    const done = office.importMatters(path, 'la_311', join(office.folder, 'again.csv'))
    assert.deepEqual([done.rows, done.taken, done.refused, done.status], [48, 48, 0, 0])
  })

  test('figures are what the file says, by category, month and place', async () => {
    const served = await serve(office.folder, '')
    try {
      const person = await served.person(importer.login, importer.password)
      for (const month of months) {
        const rows = table.rows.filter(({ created }) => created.startsWith(month))
        assert.deepEqual(await figures(person, 'appeal.came_in', '980101', month, 'category'), countBy(rows, (row) => category[row.request_type] ?? 'other'), month)
        assert.deepEqual(await figures(person, 'appeal.cancelled', '980101', month, 'category'),
                         countBy(table.rows.filter(({ status, closed }) => status === 'Cancelled' && closed.startsWith(month)), (row) => category[row.request_type] ?? 'other'), month)
      }
      // By the made-up grids: eight rectangles, and rows without a point stay with the city.
      const inGrid = (west, south, east, north) => table.rows.filter(({ lat, lon, created }) => lat && +lat > south && +lat < north && +lon > west && +lon < east && created.startsWith('2018-01')).length
      const lats = [33.70005, 33.90005, 34.05005, 34.20005, 34.35005], lons = [-118.66995, -118.40005, -118.15005]
      let placed = 0
      for (let row = 0; row < 4; ++row)
        for (let column = 0; column < 2; ++column) {
          const code = `98010100${Math.floor(row / 2) + 1}00${(row % 2) + 1}00${column + 1}`
          const count = inGrid(lons[column], lats[row], lons[column + 1], lats[row + 1])
          placed += count
          assert.deepEqual(await figures(person, 'appeal.came_in', code, '2018-01'), { '': count }, code)
        }
      assert.equal(placed, table.rows.filter(({ lat, created }) => lat && created.startsWith('2018-01')).length)
      assert.equal((await person.get('/notices')).json.unread, 0, 'nobody is told of the past')
    } finally {
      await served.stop()
    }
  })
})

describe('an import that is killed', { skip }, () => {
  let killed, whole, file
  before(() => {
    killed = new SmallOffice('los_angeles')
    whole = new SmallOffice('los_angeles')
    const { columns, rows } = readTable(gunzipSync(readFileSync(hotline)).toString('utf8'))
    file = join(whole.folder, 'first.csv')
    // Late ones too, so that clocks pass and listings are opened on the way.
    writeFileSync(file, writeTable(columns, rows.filter((row, i) => i < 1_500 && !(row.closed && row.closed < row.created))))
  })
  after(() => { killed.remove(); whole.remove() })

  test('goes on where it was, and ends where one that was not killed ends', async () => {
    for (const rows of [500, 1_000]) {
      const how = await killAfter(killed, file, 'la_311', rows)
      assert.equal(how.signal, 'SIGKILL', how.err)
      const { status, text } = killed.check()
      assert.equal(status, 0, text)
    }
    const rest = killed.importMatters(file, 'la_311')
    assert.equal(rest.refused, 0)
    assert.ok(rest.known >= 900 && rest.taken > 0, JSON.stringify(rest))
    const straight = whole.importMatters(file, 'la_311')
    assert.equal(straight.taken, rest.taken + rest.known)
    const check = killed.check()
    assert.equal(check.status, 0, check.text)
    assert.equal(check.counts, whole.check().counts, 'as many events, matters and cells')
  })
})

describe('appeals of a board with their answers', { skip }, () => {
  let office, table
  before(() => {
    office = new SmallOffice('masked_city')
    table = readTable(readFileSync(replies, 'utf8'))
  })
  after(() => office.remove())

  test('answers that are too long are refused, all others are taken', async () => {
    const long = table.rows.filter(({ reply }) => [...reply.trim()].length > 5_000)
    assert.equal(table.rows.length, 1_412)
    assert.equal(long.length, 3)
    const done = office.importMatters(replies, 'replies')
    const refused = readTable(readFileSync(join(office.folder, 'refused.csv'), 'utf8'))
    const early = refused.rows.filter(({ refused_reason }) => refused_reason.startsWith('import.time column=reply_time'))
    assert.deepEqual(refused.rows.filter((row) => !early.includes(row)).map(({ refused_key }) => refused_key), long.map(({ id }) => id))
    for (const { id } of long)
      assert.equal(refused.rows.find(({ refused_key }) => refused_key === id).refused_reason, 'appeal.publish_answer.answer.length_max')
    assert.equal(done.taken, 1_412 - refused.rows.length)
    // A line number is that of the row's first line: answers have line ends in them.
    const text = readFileSync(replies, 'utf8').split('\n')
    for (const { refused_line, refused_key } of refused.rows) assert.ok(text[refused_line - 1].startsWith(`${refused_key},`))
    const { status, text: said } = office.check()
    assert.equal(status, 0, said)

    const served = await serve(office.folder, '')
    try {
      const person = await served.person(importer.login, importer.password)
      const taken = table.rows.filter(({ id }) => !refused.rows.some(({ refused_key }) => refused_key === id))
      for (const year of new Set(taken.map(({ time }) => time.slice(0, 4)))) {
        const asked = countBy(taken.filter(({ time }) => time.startsWith(year)), () => '')
        assert.deepEqual(await figures(person, 'appeal.came_in', '970101', year), asked, year)
      }
      for (const year of new Set(taken.map(({ reply_time }) => reply_time.slice(0, 4))))
        assert.deepEqual(await figures(person, 'appeal.answered', '970101', year), countBy(taken.filter(({ reply_time }) => reply_time.startsWith(year)), () => ''), year)
    } finally {
      await served.stop()
    }
  })
})
