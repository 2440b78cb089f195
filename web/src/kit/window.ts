import { computed, nextTick, onBeforeUnmount, onMounted, onUpdated, ref, watch, type Ref } from 'vue'
import { Heights } from './heights'

const guessed = 63
const beyond = 600
/** What was drawn stays up to here while nobody moves. */
const furthest = 3 * beyond

/** Where somebody is in a list: the row at the top of what is seen, and how far into it. */
export interface Place {
  row: number
  offset: number
}

/** The part of a long list that is on the screen, and a little around it. The list lies in a box
 *  that scrolls, or on the page; its elements stand in the order of `from` to `to`. */
export function useWindow(list: Ref<HTMLElement | undefined>, count: () => number, question: () => unknown) {
  const heights = new Heights(guessed)
  const from = ref(0)
  const to = ref(0)
  const before = ref(0)
  const after = ref(0)
  let box: HTMLElement | undefined
  let frame = 0
  let moved = false
  // As last looked at: when the list goes, its page has gone before.
  let place: Place = { row: 0, offset: 0 }

  function boxOf(element: HTMLElement): HTMLElement | undefined {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowY)) return up
    return undefined
  }
  const page = () => document.scrollingElement as HTMLElement
  const scroller = () => box ?? page()
  /** How far above the top of what is seen the list begins. */
  function depth(): number {
    if (!list.value) return 0
    return (box ? box.getBoundingClientRect().top : 0) - list.value.getBoundingClientRect().top
  }
  const seen = () => (box ? box.clientHeight : innerHeight)
  /** While nobody moved, only measures did, what is drawn stays: a row that somebody is about to
   *  press, or that has the focus, does not go away by itself. */
  function look(keep = false) {
    cancelAnimationFrame(frame)
    frame = 0
    const stays = keep && !moved
    moved = false
    heights.resize(count())
    const top = depth()
    const rowAt = (depth: number) => heights.at(top + depth)
    const [first, last] = [rowAt(-beyond), Math.min(count(), rowAt(seen() + beyond) + 1)]
    // Bounded: the list may have been moved without having been told of it yet.
    from.value = stays ? Math.min(first, Math.max(from.value, rowAt(-furthest))) : first
    to.value = stays ? Math.max(last, Math.min(to.value, rowAt(seen() + furthest) + 1, count())) : last
    const row = heights.at(top)
    place = { row, offset: top - heights.top(row) }
    before.value = heights.top(from.value)
    after.value = heights.top(count()) - heights.top(to.value)
  }
  const lookSoon = () => {
    if (!frame) frame = requestAnimationFrame(() => look(true))
  }
  const onMoved = () => {
    moved = true
    lookSoon()
  }
  /** What was drawn is measured; what lies above the screen pushes nothing. */
  function measure() {
    if (!list.value) return
    const top = depth()
    let pushed = 0
    let changed = false
    const drawn = list.value.children
    for (let nth = 0; nth < drawn.length; nth += 1) {
      const at = from.value + nth
      const end = heights.top(at + 1)
      const change = heights.measure(at, drawn[nth]!.getBoundingClientRect().height)
      if (!change) continue
      changed = true
      if (end <= top) pushed += change
    }
    if (pushed) scroller().scrollTop += pushed
    if (changed) lookSoon()
  }
  /** Brings a row to where it is seen; what was guessed of it and its neighbours may be wrong once. */
  async function show(at: number): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      look()
      const top = depth()
      const begins = heights.top(at)
      const ends = begins + heights.of(at)
      if (begins < top) scroller().scrollTop += begins - top
      else if (ends > top + seen()) scroller().scrollTop += Math.ceil(ends - top - seen()) + 1
      look()
      await nextTick()
      measure()
    }
  }
  async function goTo({ row, offset }: Place): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      look()
      await nextTick()
      measure()
      scroller().scrollTop += heights.top(row) + offset - depth()
    }
    look()
  }

  onMounted(() => {
    box = list.value ? boxOf(list.value) : undefined
    ;(box ?? window).addEventListener('scroll', onMoved, { passive: true })
    window.addEventListener('resize', onMoved)
    look()
  })
  onUpdated(measure)
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame)
    ;(box ?? window).removeEventListener('scroll', onMoved)
    window.removeEventListener('resize', onMoved)
  })
  watch(question, () => heights.forget())
  watch([count, question], ([, asks], [, asked]) => look(asks === asked), { flush: 'post' })
  return { from, to, before: computed(() => `${before.value}px`), after: computed(() => `${after.value}px`), show, place: () => place, goTo }
}
