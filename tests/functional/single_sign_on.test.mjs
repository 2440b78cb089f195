// Staff sign in with another system: a real OpenID Connect provider on loopback.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDemoWith } from './office.mjs'

const load = createRequire(new URL('../../web/package.json', import.meta.url))
const { default: Provider } = await import(load.resolve('oidc-provider'))

const secret = 'a secret between the two of them'
let office, provider, server, folder, issuer
/** Whom the provider signs in next, and what it says of how. */
let next = { login: 'dispatcher_beishan_street', amr: undefined }

/** A free port that stays the same for issuer and client. */
function listen(handler) {
  const made = createServer(handler)
  return new Promise((done) => made.listen(0, '127.0.0.1', () => done(made)))
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gewu-sso-'))
  let handle = (_, response) => response.writeHead(503).end()
  server = await listen((request, response) => handle(request, response))
  issuer = `http://127.0.0.1:${server.address().port}`
  const file = join(folder, 'openid.json')
  const port = await (async () => { const s = await listen(() => {}); const p = s.address().port; await new Promise((d) => s.close(d)); return p })()
  const redirect = `http://127.0.0.1:${port}/api/sign-in/provider/return`
  writeFileSync(file, JSON.stringify({
    issuer, client_id: 'gewu', client_secret: secret, redirect_uri: redirect,
    login_claim: 'preferred_username', scopes: ['openid', 'profile'],
    label: { zh: '统一身份认证', ko: '통합 인증', en: 'Staff sign-in' },
  }))
  provider = new Provider(issuer, {
    clients: [{ client_id: 'gewu', client_secret: secret, redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub', 'amr'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/there/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, ...(next.amr ? { amr: next.amr } : {}) }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: 'gewu', accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  handle = async (request, response) => {
    if (!request.url.startsWith('/there/')) return provider.callback()(request, response)
    await provider.interactionFinished(request, response, { login: { accountId: next.login, amr: next.amr } })
  }
  office = await openDemoWith(['--openid', file, '--port', String(port)])
})
after(async () => {
  await office?.stop()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A browser: follows redirects and keeps each host's cookies. */
class Browser {
  jar = new Map()
  async go(url, steps = 12) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...this.jar].filter(([key]) => key.startsWith(new URL(url).host)).map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') } })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)
      if (value === '' || set.includes('Max-Age=0')) this.jar.delete(`${new URL(url).host} ${name}`)
      else this.jar.set(`${new URL(url).host} ${name}`, value)
    }
    const to = response.headers.get('location')
    if (to?.includes('state=')) this.state = new URL(to, url).searchParams.get('state')
    if (!to || steps === 0) return { url, status: response.status }
    const target = new URL(to, url).href
    this.seen = [...(this.seen ?? []), target]
    // Pages of the office end the walk: what matters is which one.
    if (target.startsWith(office.url) && !target.includes('/api/')) return { url: target.slice(office.url.length), status: response.status }
    return this.go(target, steps - 1)
  }
  async me() {
    const host = new URL(office.url).host
    const response = await fetch(`${office.url}/api/me`, { headers: { cookie: `gewu_session=${this.jar.get(`${host} gewu_session`) ?? ''}` } })
    return response.json()
  }
}
const begin = (path = '') => `${office.url}/api/sign-in/provider${path}`

test('the sign-in page is told of the other system', async () => {
  const me = await office.resident().get('/me')
  assert.equal(me.json.single_sign_on.en, 'Staff sign-in')
})

test('an officer comes in by the other system and lands where he was going', async () => {
  next = { login: 'dispatcher_beishan_street' }
  const browser = new Browser()
  const end = await browser.go(begin('?next=/desk%3Fview%3Dmine'))
  assert.deepEqual(end, { url: '/desk?view=mine', status: 303 })
  const me = await browser.me()
  assert.equal(me.account.login, 'dispatcher_beishan_street')
  assert.equal(me.single_sign_on, undefined)
  const asked = new URL(browser.seen[0])
  assert.equal(asked.searchParams.get('code_challenge_method'), 'S256')
  assert.ok(asked.searchParams.get('state').length >= 40)
})

test('nobody is let in whom the office does not know', async () => {
  next = { login: 'somebody_else' }
  const browser = new Browser()
  assert.equal((await browser.go(begin())).url, '/sign-in?refused=sso.account')
  assert.equal((await browser.me()).account, undefined)
})

test('a code that another browser brought opens nothing', async () => {
  next = { login: 'dispatcher_beishan_street' }
  const first = new Browser()
  await first.go(begin())
  const back = first.seen.find((url) => url.includes('/provider/return'))
  const thief = new Browser()
  assert.equal((await thief.go(back)).url, '/sign-in?refused=sso.state')
  // Not even with a sign-in of his own under way.
  thief.jar.set(`${new URL(office.url).host} gewu_sso`, `${'A'.repeat(43)}.Lw`)
  assert.equal((await thief.go(back)).url, '/sign-in?refused=sso.state')
  assert.equal((await thief.me()).account, undefined)
  // A code is used once.
  assert.equal((await first.go(back)).url, '/sign-in?refused=sso.state')
})

test('it leads to pages of this office alone', async () => {
  next = { login: 'dispatcher_beishan_street' }
  for (const elsewhere of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', '/\t/elsewhere.example', ''])
    assert.equal((await new Browser().go(begin(`?next=${encodeURIComponent(elsewhere)}`))).url, '/', elsewhere)
})

test('what the provider refuses is said on the sign-in page', async () => {
  const browser = new Browser()
  await browser.go(begin(), 0)
  assert.equal((await browser.go(`${begin('/return')}?error=access_denied&state=${browser.state}`)).url, '/sign-in?refused=sso.answer')
})

test('a second factor of the account is not walked around', async () => {
  const person = await office.person('second_dispatcher')
  const offered = await person.post('/account/second-factor', { password: office.passwordOf('second_dispatcher') })
  assert.equal(offered.status, 200, offered.text)
  const code = await oneTimeCode(offered.json.secret)
  const confirmed = await person.post('/account/second-factor/confirm', { code })
  assert.equal(confirmed.status, 200, confirmed.text)
  next = { login: 'second_dispatcher' }
  assert.equal((await new Browser().go(begin())).url, '/sign-in?refused=sso.second_factor')
  next = { login: 'second_dispatcher', amr: ['pwd', 'otp'] }
  const browser = new Browser()
  assert.equal((await browser.go(begin())).url, '/')
  assert.equal((await browser.me()).account.login, 'second_dispatcher')
})

test('without the other system people sign in as ever', async () => {
  const closed = new Promise((done) => server.close(done))
  server.closeAllConnections()
  await closed
  const browser = new Browser()
  await browser.go(begin(), 0)
  assert.equal((await browser.go(`${begin('/return')}?code=any&state=${browser.state}`)).url, '/sign-in?refused=sso.unavailable')
  const person = await office.person('dispatcher_beishan_street')
  assert.equal(person.me.account.login, 'dispatcher_beishan_street')
})

/** RFC 6238, as an authenticator app makes it. */
async function oneTimeCode(secret) {
  const { createHmac } = await import('node:crypto')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = hash[19] & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
