import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Beat } from '@/api/beat'
import type { Problem } from '@/api/errors'
import type { Values } from '@/api/types'

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
interface Kept {
  key: string
  who: string
  at: number
  value: unknown
}
interface Shelves extends DBSchema {
  actions: { key: number; value: Waiting }
  drafts: { key: string; value: Draft }
  answers: { key: string; value: Kept }
  files: { key: string; value: KeptFile }
}
export type Store = IDBPDatabase<Shelves>

const name = 'gewu-offline'
let opened: Promise<Store> | undefined

/** One database of this device; `indexedDB` may be missing in a private window: then it refuses. */
export function openStore(): Promise<Store> {
  opened ??= openDB<Shelves>(name, 2, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore('actions', { keyPath: 'seq', autoIncrement: true })
        db.createObjectStore('drafts', { keyPath: 'id' })
        db.createObjectStore('answers', { keyPath: 'key' })
      }
      db.createObjectStore('files', { keyPath: 'id' })
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

/** Plain data only: reactive wrappers cannot be stored. */
const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

export async function put(db: Store, item: Waiting): Promise<number> {
  return db.put('actions', plain(item))
}
export async function actionsOf(db: Store, who: string): Promise<Waiting[]> {
  return (await db.getAll('actions')).filter((item) => item.who === who)
}
export async function dropAction(db: Store, seq: number): Promise<void> {
  await db.delete('actions', seq)
}
export async function draftsOf(db: Store, who: string, type?: string): Promise<Draft[]> {
  const mine = (await db.getAll('drafts')).filter((draft) => draft.who === who && (!type || draft.type === type))
  return mine.sort((a, b) => b.at.localeCompare(a.at))
}
export async function keepDraft(db: Store, draft: Draft): Promise<void> {
  await db.put('drafts', plain(draft))
}
export async function dropDraft(db: Store, id: string): Promise<void> {
  await db.delete('drafts', id)
}

const keptDays = 7
/** A file waits as long as somebody may be out of reach with it. */
const fileDays = 30
export async function keepAnswer(db: Store, who: string, key: string, value: unknown, now: number): Promise<void> {
  await db.put('answers', { key: `${who} ${key}`, who, at: now, value: plain(value) })
}
export async function keptAnswer(db: Store, who: string, key: string, now: number): Promise<{ at: number; value: unknown } | undefined> {
  const kept = await db.get('answers', `${who} ${key}`)
  return kept && now - kept.at < keptDays * 86_400_000 ? kept : undefined
}
/** What lies here for longer than a week goes, whoever it belonged to. */
export async function tidy(db: Store, now: number): Promise<void> {
  for (const kept of await db.getAll('answers')) if (now - kept.at >= keptDays * 86_400_000) await db.delete('answers', kept.key)
  for (const file of await db.getAll('files')) if (now - file.at >= fileDays * 86_400_000) await db.delete('files', file.id)
}
/** At sign-out nothing of the person stays on the device. */
export async function clearOf(db: Store, who: string): Promise<void> {
  for (const item of await actionsOf(db, who)) await db.delete('actions', item.seq!)
  for (const draft of await draftsOf(db, who)) await db.delete('drafts', draft.id)
  for (const kept of await db.getAll('answers')) if (kept.who === who) await db.delete('answers', kept.key)
  for (const file of await db.getAll('files')) if (file.who === who) await db.delete('files', file.id)
}
