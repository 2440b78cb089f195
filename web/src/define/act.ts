import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api, ask, carried, newRequestId } from '@/api/client'
import type { ActionForm, Matter, Values } from '@/api/types'
import { toast } from '@/kit/toast'
import { forgetFiles, withFiles } from '@/offline/pending'
import { isNetFailure, keepForLater } from '@/offline/outbox'
import { useSay } from './say'

/** The same content sent again after a lost answer carries the same request id, so the server
 *  does it once; other content, or a success in between, gets a new one. */
export function useRequestId() {
  let sent = ''
  let id = ''
  return {
    of(content: unknown): string {
      const text = JSON.stringify(content)
      if (text !== sent) {
        sent = text
        id = newRequestId()
      }
      return id
    },
    done() {
      sent = ''
    },
  }
}

const undoSeconds = 10

/** Takes actions on one matter, as a post or as its author by the receipt code. */
export function useActing(of: () => { id: string } | { receipt: string }, onDone: (matter: Matter) => void) {
  const client = useQueryClient()
  const requests = useRequestId()
  const { t, label, refusal } = useSay()
  const busy = ref(false)

  async function send(action: string, values: Values, version?: number): Promise<Matter> {
    const target = of()
    const asked = { action, values, ...(version === undefined ? {} : { version }) }
    const header = { 'Gewu-Request': requests.of([target, asked]) }
    const body = { ...asked, values: await withFiles(values) }
    const matter =
      'id' in target
        ? await ask(api.POST('/matters/{id}/actions', { params: { path: { id: target.id }, header }, body }))
        : await ask(api.POST('/receipts/{code}/actions', { params: { path: { code: target.receipt }, header }, body }))
    requests.done()
    await forgetFiles(values)
    return matter
  }
  async function take(form: ActionForm, values: Values, version?: number): Promise<void> {
    busy.value = true
    try {
      const matter = await send(form.action, values, version).catch((error: unknown) => later(form, values, version, error))
      if (!matter) return
      onDone(matter)
      void client.invalidateQueries({ queryKey: ['list'] })
      const words = t('ui.act.done', { action: label(form.label, form.action) })
      if (form.undo) {
        const undo = form.undo
        toast(words, { tone: 'good', action: { label: t('ui.act.undo'), run: () => void takeBack(undo) } }, undoSeconds)
      } else {
        toast(words, { tone: 'good' })
      }
    } finally {
      busy.value = false
    }
  }
  /** Without a net it waits under the id that was tried: should the server have heard it after all,
   *  it is done once. Who acts by a receipt code stays on the page and sends again. */
  async function later(form: ActionForm, values: Values, version: number | undefined, error: unknown): Promise<undefined> {
    const target = of()
    if (!isNetFailure(error) || !('id' in target)) throw error
    const what = { kind: 'act', matter: target.id, action: form.action, values, ...(version === undefined ? {} : { version }) } as const
    const title = label(form.label, form.action)
    await keepForLater(title, what, requests.of([target, { action: form.action, values, ...(version === undefined ? {} : { version }) }]), carried.post)
    requests.done()
    toast(t('ui.outbox.kept', { what: title }), { tone: 'plain' })
  }
  async function takeBack(action: string) {
    try {
      onDone(await send(action, {}))
      toast(t('ui.act.undone'))
    } catch (error) {
      toast(refusal(error), { tone: 'bad' })
    }
  }
  return { take, busy }
}
