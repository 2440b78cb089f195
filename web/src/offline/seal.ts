import { heardAt } from '@/api/beat'
import type { Store } from './store'

/** What lies on this device is sealed (AES-GCM) under a key that scripts can use and not read. An
 *  account's key comes from the server, to a session that stands, and is the same each time: when it
 *  was dropped, the next sign-in brings back what waits. Without an account it is made here. */
export interface KeyRow {
  who: string
  at: number
  key: CryptoKey
}

const nonceBytes = 12
/** So long without a word of the server, and the key goes. */
const keyMs = 7 * 86_400_000
const held = new Map<string, KeyRow>()
const coming = new Map<string, Promise<KeyRow>>()
const isAccount = (who: string) => /^\d+$/.test(who)

/** Asks the server for the account's key, in hex. Not through the client: that there is no session is
 *  no news here. */
export const keySource = {
  async ask(who: string): Promise<string> {
    const answer = await fetch('/api/account/device-key')
    const { account, key } = (await answer.json()) as { account?: string; key?: string }
    if (account !== who || !key) throw new Error('no key')
    return key
  },
}

const bytesOfHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))

async function makeKey(db: Store, who: string): Promise<KeyRow> {
  const uses: KeyUsage[] = ['encrypt', 'decrypt']
  const key = isAccount(who)
    ? await crypto.subtle.importKey('raw', bytesOfHex(await keySource.ask(who)), 'AES-GCM', false, uses)
    : await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, uses)
  const row = { who, at: Date.now(), key }
  // Of two tabs that make one at once the first wins.
  await db.add('keys', row).catch(() => undefined)
  return (await db.get('keys', who)) ?? row
}

/** Throws where there is none to be had: then nothing can be kept here, nor read. */
async function keyOf(db: Store, who: string): Promise<CryptoKey> {
  const known = held.get(who) ?? (await db.get('keys', who))
  if (known && (!isAccount(who) || Date.now() - Math.max(known.at, heardAt()) < keyMs)) {
    held.set(who, known)
    return known.key
  }
  if (known) await dropKey(db, who)
  const made = coming.get(who) ?? makeKey(db, who).finally(() => coming.delete(who))
  coming.set(who, made)
  const row = await made
  held.set(who, row)
  return row.key
}

export async function dropKey(db: Store, who: string): Promise<void> {
  held.delete(who)
  await db.delete('keys', who)
}

/** A box is of one person and one shelf: put elsewhere it does not open. */
const lockOf = (nonce: Uint8Array<ArrayBuffer>, who: string, shelf: string) => ({
  name: 'AES-GCM',
  iv: nonce,
  additionalData: new TextEncoder().encode(`${shelf} ${who}`),
})

export async function sealBytes(db: Store, who: string, shelf: string, plain: BufferSource): Promise<ArrayBuffer> {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
  const box = await crypto.subtle.encrypt(lockOf(nonce, who, shelf), await keyOf(db, who), plain)
  const whole = new Uint8Array(nonceBytes + box.byteLength)
  whole.set(nonce)
  whole.set(new Uint8Array(box), nonceBytes)
  return whole.buffer
}
export async function openBytes(db: Store, who: string, shelf: string, whole: ArrayBuffer): Promise<ArrayBuffer> {
  const nonce = new Uint8Array(whole.slice(0, nonceBytes))
  return crypto.subtle.decrypt(lockOf(nonce, who, shelf), await keyOf(db, who), whole.slice(nonceBytes))
}
/** Plain data only: reactive wrappers cannot be stored. */
export const seal = (db: Store, who: string, shelf: string, value: unknown): Promise<ArrayBuffer> =>
  sealBytes(db, who, shelf, new TextEncoder().encode(JSON.stringify(value)))
export const unseal = async (db: Store, who: string, shelf: string, whole: ArrayBuffer): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await openBytes(db, who, shelf, whole)))
