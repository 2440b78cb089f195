// Brings an appeal through all hands until its author is asked.
import { existsSync, readFileSync } from 'node:fs'

import { inDays, until } from './office.mjs'

const hands = { centre: 'centre_1', dispatcher: 'dispatcher_beishan_street', second: 'second_dispatcher', officer: 'officer_lighting_office' }

/** `signIn` makes a person of a login; people are kept in `people` by what they do. */
export async function bringToCalling(people, signIn, id) {
  const done = (reply) => {
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`)
    return reply.json
  }
  for (const [name, login] of Object.entries(hands)) people[name] ??= await signIn(login)
  const { centre, dispatcher, second, officer } = people
  const now = done(await dispatcher.get(`/matters/${id}`))
  if (now.state === 'received') done(await centre.act(id, 'accept', { category: 'lighting' }))
  const split = done(await dispatcher.act(id, 'split', { tasks: [{ by_whom: 'lighting_office', share: 'lead', what: '修灯', due: inDays(5) }] }))
  const task = split.parts.find(({ final }) => !final).id
  done(await officer.act(task, 'take'))
  done(await officer.act(task, 'report', { result: '已更换灯具，夜间试灯正常。' }))
  done(await second.act(task, 'pass'))
  await until(async () => (await dispatcher.get(`/matters/${id}`)).json.state === 'calling')
}

/** What was given to the messenger of `serve --messages FILE`. */
export const messagesIn = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [])

/** The path of the link that the author of this matter got. */
export async function answerPath(file, number, to) {
  const message = await until(() => messagesIn(file).find(({ kind, text, to: given }) => kind === 'answer' && text.en.includes(number) && (to === undefined || given === to)))
  const { pathname, hash } = new URL(message.link)
  return pathname + hash
}
