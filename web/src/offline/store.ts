import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Beat } from '@/api/beat'
import type { Problem } from '@/api/errors'
import type { Values } from '@/api/types'
import { dropKey, openBytes, seal, sealBytes, unseal, type KeyRow } from './seal'

/** What one person wants done and the server has not answered yet. Its request id is made once and
 *  goes with every attempt, so the server does it once however often it arrives. */
export interface Waiting {
  seq?: number
  request: string
  /** Account, or '' without one: nobody sends what another person wrote. */
  who: string
  post: string
  at: string
  /** When it was done, as the server can tell. */
  done?: Beat
  title: string
  what:
    | { kind: 'open'; type: string; action: string; values: Values; locality?: string }
    | { kind: 'act'; matter: string | { of: string }; action: string; values: Values; version?: number }
  state: 'waiting' | 'done' | 'refused'
  problem?: Problem
  matter?: string
  number?: string
  receipt?: string
}
export interface Draft {
  id: string
  who: string
  type: string
  at: string
  title: string
  drafts: Record<string, unknown>
}
/** A file that was chosen and has not reached the server. Bytes, not a Blob: those some phones lose. */
export interface KeptFile {
  id: string
  who: string
  at: number
  name: string
  media_type: string
  bytes: ArrayBuffer
}
/** A row as it lies here: whose it is, and what it says sealed (seal.ts). One without a seal was
 *  written before there were keys; it is sealed when it is read. */
interface Lying {
  who: string
  seal?: ArrayBuffer
}
interface Shelves extends DBSchema {
  actions: { key: number; value: Lying & { seq?: number } }
  drafts: { key: string; value: Lying & { id: string } }
  answers: { key: string; value: Lying & { key: string; at: number } }
  files: { key: string; value: Lying & { id: string; at: number; bytes: ArrayBuffer } }
  keys: { key: string; value: KeyRow }
}
export type Store = IDBPDatabase<Shelves>

const name = 'gewu-offline'
let opened: Promise<Store> | undefined

/** One database of this device; `indexedDB` may be missing in a private window: then it refuses. */
export function openStore(): Promise<Store> {
  opened ??= openDB<Shelves>(name, 3, {
    upgrade(db, before, _after, turn) {
      if (before < 1) {
        db.createObjectStore('actions', { keyPath: 'seq', autoIncrement: true })
        db.createObjectStore('drafts', { keyPath: 'id' })
        db.createObjectStore('answers', { keyPath: 'key' })
      }
      if (before < 2) db.createObjectStore('files', { keyPath: 'id' })
      else void turn.objectStore('answers').clear()
      db.createObjectStore('keys', { keyPath: 'who' })
    },
    // Another tab wants to delete or renew it: let go.
    blocking: () => void closeStore(),
    terminated: () => (opened = undefined),
  })
  opened.catch(() => (opened = undefined))
  return opened
}
async function closeStore() {
  const db = await opened?.catch(() => undefined)
  opened = undefined
  db?.close()
}

/** What the rows of one person say, where their key is at hand; what can't be opened is not there. */
async function readAll<Value>(db: Store, shelf: 'actions' | 'drafts', who: string): Promise<Value[]> {
  const rows = (await db.getAll(shelf)).filter((row) => row.who === who)
  const read = await Promise.all(
    rows.map(async (row) => {
      const place = 'seq' in row ? { seq: row.seq } : {}
      if (row.seal) return unseal(db, who, shelf, row.seal).then((said) => ({ ...(said as object), ...place }), () => undefined)
      await (shelf === 'actions' ? put(db, row as Waiting) : keepDraft(db, row as Draft)).catch(() => undefined)
      return row
    }),
  )
  return read.filter((one) => one !== undefined) as Value[]
}

export async function put(db: Store, item: Waiting): Promise<number> {
  const { seq, ...said } = item
  return db.put('actions', { who: item.who, ...(seq === undefined ? {} : { seq }), seal: await seal(db, item.who, 'actions', said) })
}
export const actionsOf = (db: Store, who: string): Promise<Waiting[]> => readAll<Waiting>(db, 'actions', who)
export async function dropAction(db: Store, seq: number): Promise<void> {
  await db.delete('actions', seq)
}
export async function draftsOf(db: Store, who: string, type?: string): Promise<Draft[]> {
  const mine = (await readAll<Draft>(db, 'drafts', who)).filter((draft) => !type || draft.type === type)
  return mine.sort((a, b) => b.at.localeCompare(a.at))
}
export async function keepDraft(db: Store, draft: Draft): Promise<void> {
  await db.put('drafts', { id: draft.id, who: draft.who, seal: await seal(db, draft.who, 'drafts', draft) })
}
export async function dropDraft(db: Store, id: string): Promise<void> {
  await db.delete('drafts', id)
}
export async function keepFile(db: Store, file: KeptFile): Promise<void> {
  const { id, who, at, name, media_type } = file
  await db.put('files', { id, who, at, seal: await seal(db, who, 'files', { name, media_type }), bytes: await sealBytes(db, who, 'files', file.bytes) })
}
export async function keptFile(db: Store, id: string): Promise<KeptFile | undefined> {
  const row = await db.get('files', id)
  if (!row?.seal) return row as KeptFile | undefined
  const said = (await unseal(db, row.who, 'files', row.seal)) as Pick<KeptFile, 'name' | 'media_type'>
  return { id, who: row.who, at: row.at, ...said, bytes: await openBytes(db, row.who, 'files', row.bytes) }
}

const keptDays = 7
/** A file waits as long as somebody may be out of reach with it. */
const fileDays = 30
export async function keepAnswer(db: Store, who: string, key: string, value: unknown, now: number): Promise<void> {
  await db.put('answers', { key: `${who} ${key}`, who, at: now, seal: await seal(db, who, 'answers', value) })
}
export async function keptAnswer(db: Store, who: string, key: string, now: number): Promise<{ at: number; value: unknown } | undefined> {
  const kept = await db.get('answers', `${who} ${key}`)
  return kept?.seal && now - kept.at < keptDays * 86_400_000 ? { at: kept.at, value: await unseal(db, who, 'answers', kept.seal) } : undefined
}
/** What lies here for longer than a week goes, whoever it belonged to. */
export async function tidy(db: Store, now: number): Promise<void> {
  for (const kept of await db.getAll('answers')) if (now - kept.at >= keptDays * 86_400_000) await db.delete('answers', kept.key)
  for (const file of await db.getAll('files')) if (now - file.at >= fileDays * 86_400_000) await db.delete('files', file.id)
}
/** At sign-out nothing of the person stays on the device. */
export async function clearOf(db: Store, who: string): Promise<void> {
  await dropKey(db, who)
  for (const item of await db.getAll('actions')) if (item.who === who) await db.delete('actions', item.seq!)
  for (const shelf of ['drafts', 'files'] as const) for (const row of await db.getAll(shelf)) if (row.who === who) await db.delete(shelf, row.id)
  for (const kept of await db.getAll('answers')) if (kept.who === who) await db.delete('answers', kept.key)
}
