import { ref } from 'vue'

/** The zone of the office: instants are shown and entered in it, wherever the reader sits. Known
 *  from the first answer of the server; the zone of this device stands in until then. */
export const officeZone = ref<string>()

interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}
const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(zone: string | undefined): Intl.DateTimeFormat {
  const key = zone ?? ''
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZone: zone,
    })
    formats.set(key, format)
  }
  return format
}
/** What a clock on the wall of that zone shows. */
export function wallOf(ms: number, zone: string | undefined): Wall {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! }
}
const asUtc = ({ year, month, day, hour, minute }: Wall) => Date.UTC(year, month - 1, day, hour, minute)
const two = (value: number) => String(value).padStart(2, '0')

/** RFC 3339 to what <input type="datetime-local"> holds. */
export function toLocal(instant: string, zone = officeZone.value): string {
  const ms = Date.parse(instant)
  if (Number.isNaN(ms)) return ''
  const { year, month, day, hour, minute } = wallOf(ms, zone)
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}
/** Back to an instant. A wall time that a change of the clock leaves out becomes the one after it. */
export function fromLocal(local: string, zone = officeZone.value): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local)) return ''
  const wanted = Date.parse(`${local.slice(0, 16)}:00Z`)
  let ms = wanted
  for (let turn = 0; turn < 3; turn += 1) ms += wanted - asUtc(wallOf(ms, zone))
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
/** The day of the office, "2026-11-22". */
export function dayOf(ms: number, zone = officeZone.value): string {
  const { year, month, day } = wallOf(ms, zone)
  return `${year}-${two(month)}-${two(day)}`
}
