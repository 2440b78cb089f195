/** The server's last word to this device, signed for who is signed in (签名心跳), and when it came by
 *  the device's own clock. What is done without a net counts from it: no phone's time is believed. */
export interface Beat {
  beat: string
  /** Milliseconds since then. */
  since: number
}

const place = 'gewu.beat'
let heard: { beat: string; at: number } | undefined

/** Goes on evenly while the page is open, whatever somebody sets the device's clock to. */
const clock = () => performance.timeOrigin + performance.now()

export function hearBeat(beat: string | null): void {
  if (!beat) return
  heard = { beat, at: clock() }
  try {
    localStorage.setItem(place, JSON.stringify(heard))
  } catch {
    // It is known as long as this page is open.
  }
}

function recall() {
  try {
    heard ??= JSON.parse(localStorage.getItem(place) ?? 'null') ?? undefined
  } catch {
    heard = undefined
  }
  return heard
}
/** When the server's last word came, by the device's clock; 0: never. */
export const heardAt = (): number => recall()?.at ?? 0

export function beatNow(): Beat | undefined {
  recall()
  const since = heard ? Math.round(clock() - heard.at) : -1
  return heard && since >= 0 ? { beat: heard.beat, since } : undefined
}

export function forgetBeat(): void {
  heard = undefined
  try {
    localStorage.removeItem(place)
  } catch {
    // Nothing could be kept here.
  }
}
