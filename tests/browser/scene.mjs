// What pictures need and a demonstration has not: a bundle that waits for its second person, an
// opened contact that was drawn, somebody nearby who said it before. Each is made when asked for.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { answerPath, bringToCalling } from '../functional/calling.mjs'
import { bring, pointIn, settle, submitAppeal, until } from '../functional/office.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const street = '222401002'
/** Somewhere nobody answers: the button is drawn from what the file says of the provider. */
export const provider = {
  issuer: 'http://127.0.0.1:9', client_id: 'gewu', client_secret: 'a secret', redirect_uri: 'http://127.0.0.1:9/api/sign-in/provider/return',
  login_claim: 'preferred_username', scopes: ['openid'], label: { zh: '统一身份认证', ko: '통합 인증', en: 'Staff sign-in' },
}
export const organisations = 'key,label,kind,parent,territory\nstreet_station,北山综合站,department,,222401002\n,没有编号的单位,department,,222401002\nlost_office,上级不存在,department,nowhere,222401002\nfar_office,地点不存在,department,,999999\n'
export const units = '名称,网格代码,成立日期,人数\n第一支部,222401002001007,,12\n坏行,2224,,很多\n'

export class Scene {
  made = new Map()
  constructor(office, password, messages) {
    Object.assign(this, { office, password, messages, folder: mkdtempSync(join(tmpdir(), 'gewu-scene-')) })
  }
  once(name, make) {
    if (!this.made.has(name)) this.made.set(name, make())
    return this.made.get(name)
  }
  end() {
    rmSync(this.folder, { recursive: true, force: true })
  }
  administrators() {
    return this.once('administrators', () => {
      this.office.addAdministrator('scene_one', this.password)
      this.office.addAdministrator('scene_two', this.password)
      return Promise.all([this.office.person('scene_one', this.password), this.office.person('scene_two', this.password)])
    })
  }
  /** Where the author of an appeal is asked how it was done. */
  answerPath() {
    return this.once('answer', async () => {
      const { id, number } = await submitAppeal(this.office)
      await bringToCalling({}, (login) => this.office.person(login), id)
      return answerPath(this.messages, number)
    })
  }
  /** A matter that never was. */
  canary() {
    return this.once('canary', async () => {
      const [first] = await this.administrators()
      const { lon, lat } = await pointIn(first, '222401002')
      const values = { text: '楼道里堆着旧家具，没人来搬。', place: { lon, lat, address: '二单元门口' }, contact: { name: '编某某', phone: '13000000007' } }
      const planted = await first.post('/canaries', { type: 'appeal', state: 'withdrawn', values })
      if (planted.status !== 201) throw new Error(planted.text)
    })
  }
  /** The definitions of this tree with one file changed, as a zip. */
  bundle(file, change) {
    const at = join(this.folder, 'bundle')
    for (const part of ['systems', 'localities']) cpSync(join(root, part), join(at, part), { recursive: true, filter: (path) => !path.endsWith('.scenario') })
    const text = readFileSync(join(at, file), 'utf8')
    const changed = change(text)
    if (changed === text) throw new Error(`${file}: nothing to change`)
    writeFileSync(join(at, file), changed)
    const zip = join(this.folder, 'bundle.zip')
    rmSync(zip, { force: true })
    execFileSync('python3', ['-m', 'zipfile', '-c', zip, at])
    rmSync(at, { recursive: true })
    return readFileSync(zip)
  }
  async proposed(file, change) {
    const [first] = await this.administrators()
    const upload = await bring(first, this.bundle(file, change))
    const judged = await settle(first, await first.post('/publication/check', { upload }))
    const { sha256 } = judged.answer
    const done = await settle(first, await first.post('/publication/propose', { upload, sha256 }))
    if (done.state !== 'done') throw new Error(JSON.stringify(done.refusal))
    return sha256
  }
  proposal() {
    return this.once('proposal', async () => {
      await this.drawn()
      return this.proposed('systems/appeals/appeal.yaml', (text) => text.replace(/^(label: \{zh: )([^,}]+)/m, '$1$2（改）'))
    })
  }
  /** Of every opened contact one is drawn, and one is opened. */
  drawn() {
    return this.once('drawn', async () => {
      const sha256 = await this.proposed('systems/common/system.yaml', (text) => text.replace(/(unseal_drawn: \{kind: number, default: )2/, '$1100'))
      const [, second] = await this.administrators()
      const done = await settle(second, await second.post('/publication/confirm', { sha256 }))
      if (done.state !== 'done') throw new Error(JSON.stringify(done.refusal))
      const caller = await this.office.person('caller_beishan_street')
      const { id } = await this.sealed()
      const opened = await caller.act(id, 'unseal', { ground: 'call_back', reason: '核对地址' })
      if (opened.status !== 200) throw new Error(opened.text)
      const above = await this.office.person('street_lead_beishan_street')
      return until(async () => (await above.get('/notices')).json.notices.some(({ text }) => text === 'unseal_drawn'))
    })
  }
  /** An appeal with a contact that its subdistrict has not opened. */
  sealed() {
    return this.once('sealed', async () => {
      const appeal = await submitAppeal(this.office)
      const centre = await this.office.person('centre_1')
      await centre.act(appeal.id, 'accept', { category: 'lighting' })
      return appeal
    })
  }
  /** A boundary that waits for its second person. */
  drawing() {
    return this.once('drawing', async () => {
      const [first] = await this.administrators()
      const { properties, geometry } = (await first.get(`/territory/${street}/grids.geojson`)).json.features[0]
      const [ring] = geometry.coordinates
      const middle = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length)
      const coordinates = [ring.map((point) => point.map((at, axis) => Number((at * 0.9 + middle[axis] * 0.1).toFixed(6))))]
      const grids = JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { code: properties.code }, geometry: { ...geometry, coordinates } }] })
      const body = { grids, valid_from: new Date().toISOString().slice(0, 10) }
      const { version } = (await first.post(`/territory/${street}/drawing/check`, body)).json
      const done = await first.post(`/territory/${street}/drawing/propose`, { ...body, version })
      if (!done.json.proposed) throw new Error(done.text)
    })
  }
  /** A finding that was written down and settled without a net, and arrived later. */
  late() {
    return this.once('late', async () => {
      const worker = await this.office.person(`grid_worker_${street}001`)
      const beat = (await worker.get('/me')).headers.get('gewu-beat')
      await new Promise((done) => setTimeout(done, 3_000))
      const { lon, lat } = await pointIn(worker, `${street}001`)
      const { json, text } = await worker.post('/matters', { type: 'grid_finding', values: { kind: 'hazard', text: '井盖松动，车一过就响。', place: { lon, lat, address: '路口' } } }, { 'gewu-beat': beat, 'gewu-since': '1000' })
      if (!json?.id) throw new Error(text)
      const done = await worker.post(`/matters/${json.id}/actions`, { action: 'settle', values: { result: '已垫实并围挡。' } }, { 'gewu-beat': beat, 'gewu-since': '2000' })
      if (done.status !== 200) throw new Error(done.text)
      return json
    })
  }
  nearby() {
    return this.once('nearby', async () => {
      const at = await pointIn(this.office.resident(), street)
      const { json } = await this.office.resident().post('/matters', { type: 'appeal', values: { text: '井盖没有了', place: { lon: at.lon, lat: at.lat } } })
      const centre = await this.office.person('centre_1')
      await centre.act(json.id, 'accept', { category: 'drainage' })
      return at
    })
  }
}
