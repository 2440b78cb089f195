// The ground under the boundaries, from a provider on this machine and from a file of our own: what the
// provider is told, that its key is told to nobody, and what an operator reads who wrote it wrong.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openProvider, pmtiles, png, tilesIn } from './ground_hands.mjs'
import { openDemo, openDemoWith, until } from './office.mjs'

const key = '0c0ffee0key0of0the0office'
const attribution = { zh: '某底图 审图号 12号', ko: '어떤 바탕지도', en: 'Some base map' }
let folder
before(() => { folder = mkdtempSync(join(tmpdir(), 'gewu-ground-')) })
after(() => rmSync(folder, { recursive: true, force: true }))

function settings(name, content) {
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify({ attribution, ...content }))
  return path
}
async function raw(office, path, headers = {}) {
  const reply = await fetch(`${office.url}/api${path}`, { headers })
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) }
}
const middle = (frame, z) => { const all = tilesIn(frame, z); return all[Math.floor(all.length / 2)] }

test('without a word of the operator there is none', async () => {
  const office = await openDemo()
  try {
    const { json } = await office.resident().get('/base-map')
    assert.deepEqual(json, { kind: 'none' })
  } finally {
    await office.stop()
  }
})

test('a provider is told the number of a tile and the key, and nobody else is told the key', async () => {
  const provider = await openProvider([10, 200, 30])
  const file = settings('tianditu', { kind: 'tianditu', key, url: `${provider.url}/t{s}/{layer}_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}`, tiles_a_minute: 6 })
  const office = await openDemoWith(['--base-map', file])
  const told = []
  try {
    const person = await office.person('dispatcher_beishan_street')
    const { json, text } = await person.get('/base-map')
    told.push(text)
    assert.equal(json.layers, 2)
    assert.deepEqual(json.attribution, attribution)
    const { z, x, y } = middle(json.frame, 14)
    const headers = { cookie: person.cookie, 'user-agent': 'a browser of somebody', referer: `${office.url}/map`, 'x-forwarded-for': '203.0.113.9' }
    const ask = async (path) => {
      const reply = await raw(office, path, headers)
      told.push(reply.bytes.toString('latin1'), JSON.stringify([...reply.headers]))
      return reply
    }
    const tile = await ask(`/base-map/tiles/0/${z}/${x}/${y}`)
    assert.equal(tile.status, 200)
    assert.deepEqual(tile.bytes, png([10, 200, 30]))
    assert.equal(tile.headers.get('content-type'), 'image/png')
    assert.equal(tile.headers.get('content-encoding'), null)
    await ask(`/base-map/tiles/1/${z}/${x}/${y}`)
    await ask(`/base-map/tiles/0/${z}/${x}/${y}`)
    assert.deepEqual(provider.heard.map(({ url }) => url), ['vec', 'cva'].map((layer) => `/t${(x + y) % 8}/${layer}_w/wmts?TILEMATRIX=${z}&TILEROW=${y}&TILECOL=${x}&tk=${key}`))
    for (const { headers: sent } of provider.heard) assert.deepEqual(Object.keys(sent).sort(), ['accept', 'host', 'user-agent'])
    for (const { headers: sent } of provider.heard) assert.equal(sent['user-agent'], 'gewu')

    provider.answer = (_, reply) => reply.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ msg: `key ${key} is not allowed` }))
    for (let more = 1; more <= 3; more += 1) assert.equal((await ask(`/base-map/tiles/0/${z}/${x + more}/${y}`)).status, 503)
    const refused = await person.get('/base-map')
    told.push(refused.text)
    assert.equal(refused.json.trouble, 'base_map.refused')
    await until(() => /base_map\.refused/.test(office.stderr))
    for (const text_ of [...told, office.stderr]) assert.ok(!text_.includes(key), text_)
    assert.ok(told.some((text_) => text_.includes('base_map.refused')), 'the answers were looked at')
  } finally {
    await office.stop()
    await provider.close()
  }
})

test('a provider that is gone is told, and what was seen before is still shown', async () => {
  const provider = await openProvider([1, 2, 3])
  const office = await openDemoWith(['--base-map', settings('xyz', { kind: 'xyz', url: `${provider.url}/{z}/{x}/{y}.png` })])
  try {
    const somebody = office.resident()
    const { json } = await somebody.get('/base-map')
    const { z, x, y } = middle(json.frame, 13)
    assert.equal((await raw(office, `/base-map/tiles/0/${z}/${x}/${y}`)).status, 200)
    await provider.close()
    const reply = await somebody.get(`/base-map/tiles/0/${z}/${x + 1}/${y}`)
    assert.equal(reply.status, 503)
    assert.equal(reply.key, 'base_map.unreachable')
    assert.equal((await somebody.get('/base-map')).json.trouble, 'base_map.unreachable')
    assert.equal((await raw(office, `/base-map/tiles/0/${z}/${x}/${y}`)).status, 200)
  } finally {
    await office.stop()
  }
})

test('a file beside the settings is served in parts', async () => {
  const bytes = pmtiles([{ z: 0, x: 0, y: 0, bytes: png([9, 9, 9]) }], 'png', [129, 42, 130, 43])
  writeFileSync(join(folder, 'city.pmtiles'), bytes)
  const office = await openDemoWith(['--base-map', settings('file', { kind: 'pmtiles', file: 'city.pmtiles' })])
  try {
    assert.equal((await office.resident().get('/base-map')).json.kind, 'pmtiles')
    const part = await raw(office, '/base-map/file', { range: 'bytes=7-126', 'accept-encoding': 'gzip' })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 7-126/${bytes.length}`)
    assert.equal(part.headers.get('content-encoding'), null)
    assert.deepEqual(part.bytes, bytes.subarray(7, 127))
    const tag = part.headers.get('etag')
    assert.match(tag, /^"[^"]+"$/)
    assert.equal((await raw(office, '/base-map/file', { range: `bytes=${bytes.length}-` })).status, 416)
    assert.deepEqual((await raw(office, '/base-map/file')).bytes, bytes)
    const head = await fetch(`${office.url}/api/base-map/file`, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), String(bytes.length))
    writeFileSync(join(folder, 'city.pmtiles'), Buffer.concat([bytes, Buffer.alloc(5)]))
    assert.notEqual((await raw(office, '/base-map/file', { range: 'bytes=0-1' })).headers.get('etag'), tag)
  } finally {
    await office.stop()
  }
})

test('settings that are wrong are told by name before anything is served', async () => {
  writeFileSync(join(folder, 'no.pmtiles'), 'nothing of the kind')
  for (const [wrong, expected] of [
    [settings('a', { kind: 'xyz', url: 'https://tiles.example/{z}/{x}.png' }), /base_map\.options[\s\S]*url|url[\s\S]*base_map/],
    [settings('b', { kind: 'tianditu' }), /key/],
    [settings('c', { kind: 'pmtiles', file: 'no.pmtiles' }), /no\.pmtiles/],
    [settings('d', { kind: 'pmtiles', file: 'absent.pmtiles' }), /absent\.pmtiles/],
    [join(folder, 'nothing.json'), /nothing\.json/],
  ]) {
    await assert.rejects(openDemoWith(['--base-map', wrong]), ({ message }) => /ended with [1-9]/.test(message) && expected.test(message))
  }
})
