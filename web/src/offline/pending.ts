import type { Values } from '@/api/types'

/** How a file field names a file, as the server answered its upload. */
export interface FileValue {
  sha256: string
  name: string
  media_type: string
  bytes: number
}
/** A file that waits on this device; the server has not seen it. */
export interface PendingFile {
  pending: string
  name: string
  media_type: string
  bytes: number
}
/** The files that a value holds; none where it is of another kind. */
export function filesIn(value: unknown): FileValue[] {
  const isFile = (one: unknown): one is FileValue => typeof one === 'object' && one !== null && 'sha256' in one && 'media_type' in one
  return (Array.isArray(value) ? value : [value]).filter(isFile)
}
export const isPending = (value: unknown): value is PendingFile => typeof value === 'object' && value !== null && 'pending' in value

const waiting = (values: Values) => Object.values(values).flat().filter(isPending)

/** The values with every file on the server: what waited here is sent first. The code that sends is
 *  loaded when something waits. */
export async function withFiles(values: Values): Promise<Values> {
  if (!waiting(values).length) return values
  return (await import('./files')).settleFiles(values)
}
/** Their bytes are no longer wanted here. */
export async function forgetFiles(values: Values): Promise<void> {
  const pending = waiting(values)
  if (pending.length) await (await import('./files')).dropFiles(pending)
}
