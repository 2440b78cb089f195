// A provider of tiles on this machine, pictures of one colour, and files of tiles, for tests of what
// lies under the boundaries.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { crc32, deflateSync } from 'node:zlib'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { zxyToTileId } = require('pmtiles')

/** A picture of 256 × 256 of one colour. */
export function png([red, green, blue]) {
  const side = 256
  const chunk = (name, bytes) => {
    const body = Buffer.concat([Buffer.from(name), bytes])
    const around = Buffer.alloc(8)
    around.writeUInt32BE(bytes.length)
    around.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side)
  head.writeUInt32BE(side, 4)
  head.set([8, 2], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([red, green, blue]))])
  const rows = Buffer.concat(Array.from({ length: side }, () => row))
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

/** Keeps what it was asked: `heard` {url, headers}. `answer` may be put in its place. */
export async function openProvider(colour) {
  const provider = { heard: [], answer: (_, reply) => reply.writeHead(200, { 'content-type': 'image/png' }).end(png(colour)) }
  const server = createServer((request, reply) => {
    provider.heard.push({ url: request.url, headers: request.headers })
    provider.answer(request, reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  provider.url = `http://127.0.0.1:${server.address().port}`
  provider.close = () => new Promise((done) => { server.close(done); server.closeAllConnections() })
  return provider
}

function varint(number) {
  const bytes = []
  for (let left = number; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left])
    bytes.push((left % 128) | 128)
  }
}

/** A file in the format PMTiles, version 3, uncompressed: `tiles` are {z, x, y, bytes}. */
export function pmtiles(tiles, type, [west, south, east, north]) {
  const sorted = tiles.map((tile) => ({ ...tile, id: zxyToTileId(tile.z, tile.x, tile.y) })).sort((a, b) => a.id - b.id)
  const zooms = sorted.map(({ z }) => z)
  const directory = Buffer.concat([
    varint(sorted.length),
    ...sorted.map(({ id }, at) => varint(id - (sorted[at - 1]?.id ?? 0))),
    ...sorted.map(() => varint(1)),
    ...sorted.map(({ bytes }) => varint(bytes.length)),
    ...sorted.map((_, at) => varint(at === 0 ? 1 : 0)),
  ])
  const metadata = Buffer.from('{}')
  const content = Buffer.concat(sorted.map(({ bytes }) => bytes))
  const head = Buffer.alloc(127)
  head.write('PMTiles')
  head[7] = 3
  const longs = [127, directory.length, 127 + directory.length, metadata.length, 0, 0, 127 + directory.length + metadata.length, content.length, sorted.length, sorted.length, sorted.length]
  longs.forEach((long, at) => head.writeBigUInt64LE(BigInt(long), 8 + at * 8))
  head.set([1, 1, 1, { mvt: 1, png: 2 }[type], Math.min(...zooms), Math.max(...zooms)], 96)
  ;[west, south, east, north].forEach((degrees, at) => head.writeInt32LE(Math.round(degrees * 1e7), 102 + at * 4))
  head[118] = Math.min(...zooms)
  head.writeInt32LE(Math.round(((west + east) / 2) * 1e7), 119)
  head.writeInt32LE(Math.round(((south + north) / 2) * 1e7), 123)
  return Buffer.concat([head, directory, metadata, content])
}

/** Columns and rows of a zoom that meet a frame. */
export function tilesIn([west, south, east, north], z) {
  const column = (lon) => Math.floor(((lon + 180) / 360) * 2 ** z)
  const row = (lat) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z)
  const found = []
  for (let x = column(west); x <= column(east); x += 1) for (let y = row(north); y <= row(south); y += 1) found.push({ z, x, y })
  return found
}

/** A tile of shapes: the whole of it under `layer` as one square. */
export function squareTile(layer) {
  const part = (number, bytes) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
  const whole = (number, value) => Buffer.concat([varint(number << 3), varint(value)])
  const extent = 4096
  const zigzag = (value) => (value << 1) ^ (value >> 31)
  const moves = [9, zigzag(0), zigzag(0), (3 << 3) | 2, zigzag(extent), zigzag(0), zigzag(0), zigzag(extent), zigzag(-extent), zigzag(0), 15]
  const feature = Buffer.concat([whole(3, 3), part(4, Buffer.concat(moves.map(varint)))])
  return part(3, Buffer.concat([whole(15, 2), part(1, Buffer.from(layer)), part(2, feature), whole(5, extent)]))
}
