// Marks on the map are pressed where they lie: one opens its matter, those near each other are looked at
// more closely, those in one place are listed. The pixel is reckoned from what the map was fitted to.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openDemo, pointIn } from '../functional/office.mjs'
import { desk, onFailure, openBrowser, signedIn } from './hands.mjs'

const unit = '222401002'
const dispatcher = 'dispatcher_beishan_street'
const worldMetres = 20_037_508.342789244
const padding = { whole: 28, cluster: 60 }
const nearest = 0.149291 // metres a pixel at zoom 20
const clear = 55 // pixels around a point in which no other mark lies: more than the 40 of a cluster
let office, browser, person, shapes

const plane = ([lon, lat]) => [(lon / 180) * worldMetres, (Math.log(Math.tan(((90 + lat) * Math.PI) / 360)) / Math.PI) * worldMetres]
/** Where a point lies in a box, as the map fits an extent into it. */
function lens(points, { width, height }, space, finest = 0) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => plane(point)[axis]))
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const metres = Math.max((right - left) / (width - 2 * space), (high - low) / (height - 2 * space), finest)
  return (point) => {
    const [x, y] = plane(point)
    return { x: width / 2 + (x - (left + right) / 2) / metres, y: height / 2 - (y - (low + high) / 2) / metres }
  }
}
const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y)
const corners = () => shapes.flatMap(({ geometry }) => geometry.coordinates.flat(geometry.type === 'Polygon' ? 1 : 2))
const middleOf = ({ geometry }) => {
  const [ring] = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates[0]
  return [0, 1].map((axis) => ring.slice(1).reduce((sum, point) => sum + point[axis], 0) / (ring.length - 1))
}
const rows = async () => (await person.get(`/matters?of=territory&unit=${unit}&rows=1000`)).json.rows
async function report(at) {
  const [lon, lat] = at.map((degrees) => degrees.toFixed(6))
  const { status, json, text } = await office.resident().post('/matters', { type: 'appeal', values: { text: '路面有坑', place: { lon, lat } } })
  assert.equal(status, 201, text)
  return json
}
async function openMap() {
  const page = await signedIn(browser, office, dispatcher, { viewport: desk })
  await page.goto('/map')
  const map = page.getByRole('application')
  await map.locator('canvas').first().waitFor()
  await page.waitForTimeout(1_500)
  const box = await map.boundingBox()
  const press = async ({ x, y }) => {
    await page.mouse.click(box.x + x, box.y + y)
    await page.waitForTimeout(1_000)
  }
  return { page, box, press }
}
/** The middle of a grid with nothing else around it, on the map as it opens. */
async function emptyPlace(box) {
  const at = lens(corners(), box, padding.whole)
  const others = (await rows()).filter(({ point, final }) => point && !final).map(({ point }) => at(point))
  const isInside = ({ x, y }) => x > 60 && y > 60 && x < box.width - 90 && y < box.height - 90
  const space = (place) => Math.min(...others.map((other) => far(other, at(place))))
  const places = shapes.map(middleOf).filter((place) => isInside(at(place))).sort((a, b) => space(b) - space(a))
  assert.ok(space(places[0]) > clear, `${space(places[0])} px around the loneliest`)
  return places[0]
}

before(async () => {
  office = await openDemo()
  person = await office.person(dispatcher)
  shapes = (await person.get(`/territory/${unit}/grids.geojson`)).json.features
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await office?.stop()
})

test('a row says where it lies to whoever sees the place, and to nobody else', async () => {
  const { lon, lat } = await pointIn(office.resident(), unit)
  const { id } = await report([Number(lon), Number(lat)])
  assert.deepEqual((await rows()).find((row) => row.id === id).point, [Number(lon), Number(lat)])
  const public_ = await office.resident().get(`/matters/${id}`)
  assert.equal(public_.json.point, undefined)
})

test('a mark opens its matter', async () => {
  const first = await openMap()
  const place = await emptyPlace(first.box)
  await first.page.context().close()
  const { id } = await report(place)
  const { page, box, press } = await openMap()
  await onFailure([page], 'map-mark', async () => {
    await press(lens(corners(), box, padding.whole)(place))
    await page.waitForURL((url) => url.pathname === `/matters/${id}`)
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('a cluster is looked at more closely, then each of its marks opens', async () => {
  const first = await openMap()
  const place = await emptyPlace(first.box)
  await first.page.context().close()
  const beside = [place[0] + 0.0004, place[1]]
  await report(place)
  const { id } = await report(beside)
  const { page, box, press } = await openMap()
  await onFailure([page], 'map-cluster', async () => {
    const whole = lens(corners(), box, padding.whole)
    assert.ok(far(whole(place), whole(beside)) < 24, 'they lie in one cluster')
    await press(whole(place))
    assert.equal(new URL(page.url()).pathname, '/map', 'nothing is opened yet')
    await press(lens([place, beside], box, padding.cluster, nearest)(beside))
    await page.waitForURL((url) => url.pathname === `/matters/${id}`)
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})

test('what lies in one place is listed beside the map', async () => {
  const first = await openMap()
  const place = await emptyPlace(first.box)
  await first.page.context().close()
  const ids = [(await report(place)).id, (await report(place)).id]
  const { page, box, press } = await openMap()
  await onFailure([page], 'map-here', async () => {
    await press(lens(corners(), box, padding.whole)(place))
    await page.getByText('同一处的 2 件').waitFor()
    for (const id of ids) await page.locator(`a[href="/matters/${id}"]`).waitFor()
    await page.getByRole('button', { name: '看全部' }).click()
    await page.getByText('同一处的 2 件').waitFor({ state: 'hidden' })
    assert.deepEqual(page.heard, [])
  })
  await page.context().close()
})
