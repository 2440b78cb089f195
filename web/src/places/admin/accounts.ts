import { api, ask } from '@/api/client'
import type { components } from '@/api/schema'
import type { Option } from '@/kit/FieldSearch.vue'

export type Account = components['schemas']['Account']
export type Seat = Account['posts'][number]
export type HeldPost = components['schemas']['HeldPost']

export const rowsOfList = 100
export const isHeld = ({ until }: Seat) => !until || Date.parse(until) > Date.now()

export function findAccounts(words: string) {
  return ask(api.GET('/accounts', { params: { query: { ...(words ? { words } : {}), rows: rowsOfList } } }))
}
export async function findPosts(words: string, rows = rowsOfList): Promise<HeldPost[]> {
  return (await ask(api.GET('/all-posts', { params: { query: { ...(words ? { words } : {}), rows } } }))).posts
}

export type Duty = 'system' | 'security' | 'audit'
/** Which duties of administration it has. */
export function dutiesOf(account: Account): Duty[] {
  const held: [Duty, boolean | undefined][] = [['system', account.may_administer], ['security', account.may_secure], ['audit', account.may_audit]]
  return held.filter(([, has]) => has).map(([duty]) => duty)
}

/** A post in a list: what it is, where, and who holds it. */
export function optionOf(post: HeldPost, name: string, where: string): Option {
  return { key: post.id, label: `${name} · ${where}`, note: post.holders.map((holder) => holder.name).join('、') }
}
/** What the owner of a token opens. It stands behind the #, which no server and no proxy sees. */
export const linkOf = (token: string) => `${location.origin}/reset#${token}`
