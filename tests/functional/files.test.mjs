// Files that people send: what they are, what is taken out of them, who gets them back, and that
// what is no picture hurts nobody.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { gewu, openDemo, pointIn, run, until } from './files_hands.mjs'

let office, resident
before(async () => {
  office = await openDemo()
  resident = office.resident()
})
after(() => office?.stop())

const be32 = (number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes }
const be16 = (number) => { const bytes = Buffer.alloc(2); bytes.writeUInt16BE(number); return bytes }
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data])
  return Buffer.concat([be32(data.length), body, be32(crc32(body))])
}
/** A PNG with a stripe, and whatever chunks beside. */
function png(width, height, { rows, more = [] } = {}) {
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 120)])
  const data = rows ?? Buffer.concat(Array.from({ length: height }, () => line))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([be32(width), be32(height), Buffer.from([8, 2, 0, 0, 0])])),
    ...more, chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0)),
  ])
}
/** An Exif segment with an orientation and a place: 43 N, 129 E. */
function exif(orientation) {
  const tiff = Buffer.alloc(26 + 12 + 6 + 12 * 2)
  tiff.write('MM\0*', 0, 'latin1'); tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  tiff.writeUInt16BE(0x0112, 10); tiff.writeUInt16BE(3, 12); tiff.writeUInt32BE(1, 14); tiff.writeUInt16BE(orientation, 18)
  tiff.writeUInt16BE(0x8825, 22); tiff.writeUInt16BE(4, 24); tiff.writeUInt32BE(1, 26); tiff.writeUInt32BE(38, 30)
  tiff.writeUInt16BE(1, 38); tiff.writeUInt16BE(1, 40); tiff.writeUInt16BE(2, 42); tiff.writeUInt32BE(2, 44); tiff.write('N\0', 48, 'latin1')
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('GPS 43.00N 129.00E')])
  return Buffer.concat([Buffer.from([0xff, 0xe1]), be16(body.length + 2), body])
}
const withSegment = (jpeg, segment) => Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
/** Width and height of a JPEG by its frame header. */
function jpegSize(bytes) {
  for (let at = 2; at < bytes.length;) {
    const marker = bytes[at + 1]
    if (marker >= 0xc0 && marker <= 0xc3) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  throw new Error('no frame')
}
async function send(person, bytes, name = 'photo.jpg', headers = {}) {
  return person.ask('POST', `/files?name=${encodeURIComponent(name)}`, { raw: bytes, headers: { 'content-type': 'application/octet-stream', ...headers } })
}
async function bytesOf(person, path) {
  const reply = await fetch(`${office.url}/api${path}`, { headers: person.headers() })
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) }
}
/** A JPEG of the server's own making: a large noisy PNG comes back as one. */
async function aJpeg() {
  const width = 900, height = 700
  const rows = Buffer.alloc(height * (1 + width * 3))
  let seed = 7
  for (let i = 0; i < rows.length; i += 1) rows[i] = i % (1 + width * 3) === 0 ? 0 : (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 16
  const reply = await send(resident, png(width, height, { rows }))
  assert.equal(reply.status, 201, reply.text)
  assert.equal(reply.json.media_type, 'image/jpeg')
  const appeal = await withPhotos([reply.json])
  return (await bytesOf(resident, `/receipts/${appeal.receipt}/files/${reply.json.sha256}`)).bytes
}
async function withPhotos(photos, person = resident) {
  const { lon, lat } = await pointIn(resident, '222401002')
  const reply = await person.post('/matters', { type: 'appeal', values: { text: '楼前路灯不亮。', place: { lon, lat }, photos, contact: { name: '李小明', phone: '13812341234' } } })
  assert.equal(reply.status, 201, reply.text)
  return reply.json
}
const shelf = () => readdirSync(join(office.data, 'files'), { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(name))

describe('a photo', () => {
  test('loses its place, stands upright, and is the author’s and the office’s alone', async () => {
    const jpeg = withSegment(await aJpeg(), exif(6))
    assert.ok(jpeg.includes('GPS 43'))
    const sent = await send(resident, jpeg, '../../C:\\me\\\u202egpj.家门口.exe')
    assert.equal(sent.status, 201, sent.text)
    assert.equal(sent.json.name, 'gpj.家门口.jpg')
    const appeal = await withPhotos([{ ...sent.json, media_type: 'text/html', bytes: 1, name: '"a".svg' }])
    const got = await bytesOf(resident, `/receipts/${appeal.receipt}/files/${sent.json.sha256}`)
    assert.equal(got.status, 200)
    assert.equal(createHash('sha256').update(got.bytes).digest('hex'), sent.json.sha256)
    assert.ok(!got.bytes.includes('Exif') && !got.bytes.includes('GPS'))
    assert.deepEqual(jpegSize(got.bytes), [700, 900])
    assert.equal(got.headers.get('content-type'), 'image/jpeg')
    assert.equal(got.headers.get('x-content-type-options'), 'nosniff')
    assert.match(got.headers.get('content-security-policy'), /default-src 'none'; sandbox/)
    assert.match(got.headers.get('content-disposition'), /^inline; filename="file.jpg"; filename\*=UTF-8''_a_\.jpg$/)
    assert.match(got.headers.get('cache-control'), /^private/)
    assert.equal((await bytesOf(resident, `/matters/${appeal.id}/files/${sent.json.sha256}`)).status, 404)
    const desk = await office.person('dispatcher_beishan_street')
    const seen = (await desk.get(`/matters/${appeal.id}`)).json.fields.find(({ name }) => name === 'photos').value[0]
    assert.deepEqual([seen.media_type, seen.bytes], ['image/jpeg', got.bytes.length])
    assert.equal((await bytesOf(desk, `/matters/${appeal.id}/files/${sent.json.sha256}`)).status, 200)
    const elsewhere = await office.person('dispatcher_xinxing_street')
    assert.equal((await bytesOf(elsewhere, `/matters/${appeal.id}/files/${sent.json.sha256}`)).status, 404)
    const other = await withPhotos([])
    assert.equal((await bytesOf(resident, `/receipts/${other.receipt}/files/${sent.json.sha256}`)).status, 404)
  })
  test('that is large becomes small', async () => {
    const sent = await send(resident, png(4000, 100))
    assert.equal(sent.status, 201, sent.text)
    const appeal = await withPhotos([sent.json])
    const { bytes } = await bytesOf(resident, `/receipts/${appeal.receipt}/files/${sent.json.sha256}`)
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2560, 64])
  })
  test('lies on the disk under its hash, and is not to be read there', async () => {
    const files = shelf()
    assert.ok(files.length > 0)
    for (const name of files) {
      // Three bytes of a picture's head stand somewhere in a sealed file by chance: the whole head does not.
      const bytes = readFileSync(join(office.data, 'files', name))
      for (const head of ['\xff\xd8\xff\xe0\0\x10JFIF', '\x89PNG\r\n\x1a\n'])
        assert.ok(!bytes.includes(Buffer.from(head, 'latin1')), name)
    }
  })
  test('that nothing names is swept after a day; a named one stays', async () => {
    const lonely = await send(resident, png(30, 30))
    const named = await send(resident, png(31, 31))
    await withPhotos([named.json])
    const old = new Date(Date.now() - 25 * 3_600_000)
    for (const name of shelf()) utimesSync(join(office.data, 'files', name), old, old)
    assert.equal((await send(resident, png(32, 32))).status, 201)
    await office.restart()
    const left = () => shelf().map((name) => name.slice(-64))
    await until(() => !left().includes(lonely.json.sha256))
    assert.ok(left().includes(named.json.sha256))
    const { lon, lat } = await pointIn(resident, '222401002')
    const late = await resident.post('/matters', { type: 'appeal', values: { text: '灯', place: { lon, lat }, photos: [lonely.json] } })
    assert.deepEqual([late.status, late.key, late.json.details.field], [400, 'upload.absent', 'photos'])
  })
})

describe('what is none', () => {
  const cases = {
    'a page': '<!doctype html><script>alert(1)</script>',
    'a drawing with script': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'a PDF that is a page': '%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF',
    'a GIF that is a script': 'GIF89a/*',
    'nothing': '',
    'a program': '\x7fELF',
  }
  for (const [name, text] of Object.entries(cases))
    test(`${name} is refused`, async () => {
      const reply = await send(resident, Buffer.from(text, 'latin1'), 'photo.jpg', { 'content-type': 'application/octet-stream' })
      assert.deepEqual([reply.status, reply.key], [400, 'upload.type'])
    })
  test('the head of a picture alone, or with a page behind, is refused or drawn without it', async () => {
    const head = await send(resident, Buffer.from('\xff\xd8\xff\xe0<html><script>alert(1)</script>', 'latin1'))
    assert.deepEqual([head.status, head.key], [400, 'upload.picture'])
    const both = await send(resident, Buffer.concat([png(20, 20), Buffer.from('<script>alert(1)</script>')]))
    assert.equal(both.status, 201)
    const appeal = await withPhotos([both.json])
    assert.ok(!(await bytesOf(resident, `/receipts/${appeal.receipt}/files/${both.json.sha256}`)).bytes.includes('script'))
  })
  test('eleven MiB are refused before they are read', async () => {
    const reply = await send(resident, Buffer.alloc(11 * 1024 * 1024, 0xff)).catch(() => ({ status: 413, key: 'http.body_too_large' }))
    assert.deepEqual([reply.status, reply.key], [413, 'http.body_too_large'])
    const other = await resident.ask('POST', '/matters', { raw: Buffer.alloc(300 * 1024, 32) })
    assert.equal(other.status, 413)
  })
  test('a bomb is refused and the server lives', async () => {
    const pixels = await send(resident, png(60_000, 60_000, { rows: Buffer.alloc(1000) }))
    assert.deepEqual([pixels.status, pixels.key], [400, 'upload.pixels'])
    const short = await send(resident, png(7000, 7000, { rows: Buffer.alloc(1000) }))
    assert.deepEqual([short.status, short.key], [400, 'upload.picture'])
    // A thousand passes over 49 million pixels: the child is killed by its own clock.
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0])
    const scans = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...Array(64).fill(1)]),
      Buffer.from([0xff, 0xc2, 0, 11, 8, 0x1b, 0x58, 0x1b, 0x58, 1, 1, 0x11, 0]),
      Buffer.from([0xff, 0xc4, 0, 20, 0, 1, ...Array(15).fill(0), 0]),
      ...Array(5000).fill(scan), Buffer.from([0xff, 0xd9]),
    ])
    const slow = await send(resident, scans)
    assert.deepEqual([slow.status, slow.key], [400, 'upload.picture'])
    assert.equal((await resident.get('/health')).status, 200)
  })
  test('a document needs an account', async () => {
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n')
    const reply = await send(resident, pdf, 'a.pdf')
    assert.deepEqual([reply.status, reply.key], [403, 'upload.pictures_only'])
    const desk = await office.person('dispatcher_beishan_street')
    const kept = await send(desk, pdf, 'a.pdf')
    assert.deepEqual([kept.status, kept.json.media_type], [201, 'application/pdf'])
    assert.equal((await send(desk, pdf, 'a.pdf', { 'content-type': 'multipart/form-data' })).key, 'http.content_type')
  })
  test('a reference that nobody uploaded is refused', async () => {
    const { lon, lat } = await pointIn(resident, '222401002')
    const reply = await resident.post('/matters', { type: 'appeal', values: { text: '灯', place: { lon, lat }, photos: [{ sha256: 'a'.repeat(64), name: 'a.jpg', media_type: 'image/jpeg', bytes: 3 }] } })
    assert.deepEqual([reply.status, reply.key], [400, 'upload.absent'])
  })
})

describe('an office with files', () => {
  test('is proved by the check, also when one is spoilt, and comes back from its backup', async () => {
    const sent = await send(resident, png(40, 41))
    const appeal = await withPhotos([sent.json])
    const checked = run(['check', '--data', office.data])
    assert.equal(checked.status, 0, checked.out + checked.err)
    const backup = join(office.folder, 'backup')
    gewu(['backup', '--data', office.data, backup])
    const path = join(office.data, 'files', sent.json.sha256.slice(0, 2), sent.json.sha256)
    const whole = readFileSync(path)
    writeFileSync(path, Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1) ^ 1])]))
    const spoilt = run(['check', '--data', office.data])
    assert.equal(spoilt.status, 1)
    assert.match(spoilt.out, new RegExp(`file ${sent.json.sha256}: upload.broken`))
    rmSync(path)
    assert.match(run(['check', '--data', office.data]).out, new RegExp(`file ${sent.json.sha256}: upload.absent`))
    assert.equal((await bytesOf(resident, `/receipts/${appeal.receipt}/files/${sent.json.sha256}`)).status, 404)
    const copy = join(office.folder, 'copy')
    gewu(['restore', '--data', copy, '--keys', `${office.data}.keys`, backup])
    const restored = run(['check', '--data', copy, '--keys', `${office.data}.keys`])
    assert.equal(restored.status, 0, restored.out + restored.err)
    writeFileSync(path, whole)
  })
})
