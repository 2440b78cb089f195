import { carried, newRequestId } from '@/api/client'
import { ApiError, refusalOf } from '@/api/errors'
import type { Values } from '@/api/types'
import { words } from '@/define/files'
import { outboxOwner } from './outbox'
import { isPending, type FileValue, type PendingFile } from './pending'
import { keepFile, keptFile, openStore } from './store'

export const fileBytesMost = 10 * 1024 * 1024
const sideMost = 2048
const quality = 0.85

/** A photo as large as anybody looks at it: a phone's net is slow, and what the camera writes beside
 *  the picture stays behind. What cannot be drawn goes as it is; the server says what it is. */
export async function shrink(file: File): Promise<{ name: string; blob: Blob }> {
  if (!file.type.startsWith('image/') || (file.type === 'image/png' && file.size < 1024 * 1024)) return { name: file.name, blob: file }
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, sideMost / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
    return blob ? { name: file.name, blob } : { name: file.name, blob: file }
  } catch {
    return { name: file.name, blob: file }
  }
}

/** Sends the bytes; tells how far it is, in hundredths. Throws ApiError. */
export function upload(name: string, bytes: Blob | ArrayBuffer, onProgress: (percent: number) => void = () => {}): Promise<FileValue> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest()
    const noAnswer = () => fail(new ApiError(0, { code: 'unavailable', key: 'client.no_answer' }))
    request.open('POST', `/api/files?name=${encodeURIComponent(name)}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    if (carried.csrf) request.setRequestHeader('Gewu-Csrf', carried.csrf)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.round((loaded / total) * 100) : 0)
    request.onload = () => {
      if (request.status === 201) done(request.response as FileValue)
      else fail(refusalOf(request.status, request.response))
    }
    request.onerror = noAnswer
    request.ontimeout = noAnswer
    request.onabort = noAnswer
    request.send(bytes)
  })
}

/** Keeps the bytes on this device until the server has them. */
export async function layAside(name: string, blob: Blob): Promise<PendingFile> {
  const kept = { id: newRequestId(), who: outboxOwner(), at: Date.now(), name, media_type: blob.type, bytes: await blob.arrayBuffer() }
  await keepFile(await openStore(), kept)
  return { pending: kept.id, name, media_type: blob.type, bytes: blob.size }
}
export async function bytesOf({ pending }: PendingFile): Promise<Blob | undefined> {
  const kept = await keptFile(await openStore(), pending).catch(() => undefined)
  return kept && new Blob([kept.bytes], { type: kept.media_type })
}

async function settle(value: unknown): Promise<unknown> {
  if (isPending(value)) {
    const kept = await keptFile(await openStore(), value.pending)
    // Gone from the device: sent on as it is, so that the server refuses it in words.
    if (!kept) return { sha256: '0'.repeat(64), name: value.name, media_type: value.media_type, bytes: 0 }
    return upload(kept.name, kept.bytes)
  }
  if (Array.isArray(value)) return Promise.all(value.map(settle))
  return value
}
/** The values with every file on the server: what waited here is sent first. */
export async function settleFiles(values: Values): Promise<Values> {
  await words()
  const settled = await Promise.all(Object.entries(values).map(async ([name, value]) => [name, await settle(value)] as const))
  return Object.fromEntries(settled)
}
export async function dropFiles(files: readonly PendingFile[]): Promise<void> {
  const db = await openStore()
  await Promise.all(files.map(({ pending }) => db.delete('files', pending)))
}
