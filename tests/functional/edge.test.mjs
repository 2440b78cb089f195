// The edge of the real executable: TLS of its own, renewed while it serves, and what it refuses.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { executable, gewu } from './office.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const folder = mkdtempSync(join(tmpdir(), 'gewu-edge-'))
const data = join(folder, 'office')
const [certificate, key] = ['served.crt', 'served.key'].map((name) => join(folder, name))
let token, server, port, said = ''

/** A self-signed certificate in the place of the one that is served. */
function makeCertificate(name) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`,
                           '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)], { stdio: 'ignore' })
  copyFileSync(join(folder, `${name}.crt`), certificate)
  copyFileSync(join(folder, `${name}.key`), key)
}
function ask(path, { method = 'GET', body, module = https, headers = {} } = {}) {
  return new Promise((done, fail) => {
    const request = module.request({ host: '127.0.0.1', port, path, method, headers, rejectUnauthorized: false, agent: false },
      (response) => {
        let text = ''
        response.on('data', (bytes) => (text += bytes))
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }))
      })
    request.on('error', fail)
    request.end(body)
  })
}
/** Who the server says that it is, over a connection of its own. */
function peer(options = {}) {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      done({ name: socket.getPeerCertificate().subject.CN, protocol: socket.getProtocol() })
      socket.destroy()
    })
    socket.on('error', fail)
  })
}
async function until(holds, what) {
  for (let i = 0; i < 100; ++i) {
    if (await holds()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.fail(`never: ${what}`)
}

before(async () => {
  token = /^one-use token of the first administrator: (\S+)$/m.exec(gewu(['init', '--data', data, root]))[1]
  makeCertificate('first')
  server = spawn(executable, ['serve', '--data', data, '--port', '0', '--tls-cert', certificate, '--tls-key', key],
                 { stdio: ['ignore', 'pipe', 'pipe'] })
  server.stderr.on('data', (bytes) => (said += bytes))
  port = await new Promise((done, fail) => {
    server.stdout.on('data', (bytes) => {
      const found = /^https:\/\/127\.0\.0\.1:(\d+)$/m.exec(bytes)
      if (found) done(Number(found[1]))
    })
    server.once('exit', (code) => fail(new Error(`ended with ${code}: ${said}`)))
  })
})
after(async () => {
  const ended = new Promise((done) => server.once('exit', done))
  server.kill('SIGTERM')
  assert.equal(await ended, 0)
  rmSync(folder, { recursive: true, force: true })
})

test('over TLS the cookie is for TLS alone and browsers are told to stay with it', async () => {
  const made = await ask('/api/first-administrator', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, login: 'root', password: 'a long password' }) })
  assert.equal(made.status, 201, made.text)
  assert.equal(made.headers['strict-transport-security'], 'max-age=31536000')
  assert.equal(made.headers['set-cookie'].length, 2)
  for (const cookie of made.headers['set-cookie']) assert.match(cookie, /; HttpOnly; SameSite=Lax.*; Secure$/)
  assert.match((await peer()).protocol, /^TLSv1\.[23]$/)
})

test('old protocols and plain HTTP get nowhere, and the server stays up', async () => {
  await assert.rejects(peer({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }))
  await assert.rejects(ask('/api/health', { module: http }))
  assert.equal((await ask('/api/health')).status, 200)
})

test('a forwarded address is believed from nobody who was not named as the proxy', async () => {
  for (let i = 0; i < 10; ++i)
    assert.equal((await ask('/api/sign-in', {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.${i}.0.1` },
      body: '{"login":"root","password":"not that one"}' })).status, 401)
  const waits = await ask('/api/sign-in', {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.99.0.1' },
    body: '{"login":"root","password":"not that one"}' })
  assert.equal(waits.status, 429)
  assert.equal(JSON.parse(waits.text).key, 'sign_in.wait')
})

test('SIGHUP takes a new certificate; a broken one changes nothing and is told', async () => {
  assert.equal((await peer()).name, 'first')
  makeCertificate('second')
  server.kill('SIGHUP')
  await until(async () => (await peer()).name === 'second', 'the new certificate')
  writeFileSync(certificate, 'no certificate')
  server.kill('SIGHUP')
  await until(() => said.includes('http.tls'), 'the fault on stderr')
  assert.equal((await peer()).name, 'second')
})

test('plain HTTP beyond loopback is refused unless it is asked for, and so is half a pair', () => {
  const serve = (...args) => spawnSync(executable, ['serve', '--data', data, '--port', '0', ...args], { encoding: 'utf8', timeout: 20_000 })
  const plain = serve('--address', '0.0.0.0')
  assert.notEqual(plain.status, 0)
  assert.match(plain.stderr, /http\.plain/)
  assert.notEqual(serve('--tls-cert', certificate).status, 0)
  const absent = serve('--tls-cert', join(folder, 'none.crt'), '--tls-key', key)
  assert.notEqual(absent.status, 0)
  assert.match(absent.stderr, /http\.tls/)
})
