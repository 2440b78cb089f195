// A small year of a prefecture: the same seed gives the same matters, the journal holds, figures
// stand on their records.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { run, shared } from './small_office.mjs'

const claims = join(shared, 'data/claims.csv')
const long = process.env.GEWU_LONG === '1'

function makeYear(folder, name, seed, scale) {
  const data = join(folder, name)
  const done = run(['demo', '.', '--locality', 'yanbian', '--year', '2020', '--seed', String(seed), '--scale', String(scale), '--data', data])
  assert.equal(done.status, 0, done.out + done.err)
  return { data, digest: /^digest ([0-9a-f]{16})$/m.exec(done.out)[1], out: done.out }
}

describe('a year of a place', () => {
  let folder, first
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gewu-year-'))
    first = makeYear(folder, 'first', 7, 3)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('one seed gives one year, another seed another', () => {
    assert.equal(makeYear(folder, 'again', 7, 3).digest, first.digest)
    assert.notEqual(makeYear(folder, 'other', 8, 3).digest, first.digest)
  })

  test('the journal is whole and timetables ran in it', () => {
    const check = run(['check', '--data', first.data])
    assert.equal(check.status, 0, check.out + check.err)
    assert.match(check.out, / 0 differences$/m)
    assert.match(first.out, /\d+  duty_round\.closed/)
    assert.match(first.out, /\d+  evening_slot\.held/)
  })

  test('every claim of the document is answered, with its records', { skip: !existsSync(claims) && 'without the shared data' }, () => {
    const told = run(['claims', claims, '--locality', 'yanbian', '--data', first.data])
    assert.equal(told.status, 0, told.out + told.err)
    assert.match(told.out, /^79 claims: \d+ same, \d+ differ, 1 cited from outside, \d+ not recorded$/m)
    assert.match(told.out, /^000-072 .*here 42; differs; 42 records; grid_card\.grids /m)
    const records = run(['claims', claims, '--locality', 'yanbian', '--data', first.data, '--records', '000-072', '--rows', '100'])
    assert.equal(records.out.trim().split('\n').length, 42)
    const without = run(['claims', claims, '--locality', 'yanbian', '--data', first.data, '--records', '000-020'])
    assert.equal(without.status, 1, without.out + without.err)
  })

  test('a place without claims is told', () => {
    const told = run(['claims', claims, '--locality', 'nowhere', '--data', first.data])
    assert.notEqual(told.status, 0)
  })

  // Ten minutes: ./test --long
  if (long) test('the whole year has the figures of the document', () => {
    const year = makeYear(folder, 'whole', 7, 100)
    const told = run(['claims', claims, '--locality', 'yanbian', '--data', year.data])
    for (const id of ['000-011', '000-013', '000-058', '000-072'])
      assert.match(told.out, new RegExp(`^${id} .*; same; `, 'm'))
    assert.equal(run(['check', '--data', year.data]).status, 0)
  })
})

test('each mechanism has a line with its state', () => {
  const told = run(['systems', '.'])
  assert.equal(told.status, 0, told.out + told.err)
  const lines = told.out.trim().split('\n')
  assert.equal(lines.length, 54)
  for (const line of lines.slice(0, 53)) assert.match(line, /^[A-E] [a-z0-9-]+ .+: (works|part|none); .+; types .+; scenarios \d+/)
  assert.match(lines[53], /^53 mechanisms, \d+ not whole$/)
})
