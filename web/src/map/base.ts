import type { Extent } from 'ol/extent'
import type BaseLayer from 'ol/layer/Base'
import TileLayer from 'ol/layer/Tile'
import type Map from 'ol/Map'
import { transformExtent } from 'ol/proj'
import XYZ from 'ol/source/XYZ'
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { api, ask } from '@/api/client'
import { ApiError } from '@/api/errors'
import type { components } from '@/api/schema'

/** What lies under the boundaries: nothing, tiles through our server, or its own file of tiles. Whatever
 *  goes wrong with it, the boundaries stay: it is told in a line and tried again by itself. */
export type BaseMap = components['schemas']['BaseMap']

const none: BaseMap = { kind: 'none' }
const againMs = 60_000
const askMs = 10_000
let known: Promise<BaseMap> | undefined

const fetchBase = () => ask(api.GET('/base-map'))
/** Asked once for a page: only an operator changes it, with a restart. */
function baseMap(): Promise<BaseMap> {
  known ??= fetchBase().catch(() => {
    known = undefined
    return none
  })
  return known
}

/** Pictures of the ground are dimmed in the dark (`--base-filter`), what is drawn by tokens is not. */
function tileLayers(base: BaseMap, extent: Extent | undefined, failed: () => void): BaseLayer[] {
  return Array.from({ length: base.layers ?? 0 }, (_, layer) => {
    const source = new XYZ({
      url: `/api/base-map/tiles/${layer}/{z}/{x}/{y}`,
      minZoom: base.zoom_min ?? 0,
      maxZoom: base.zoom_max ?? 19,
      transition: 0,
    })
    source.on('tileloaderror', failed)
    return new TileLayer({ source, className: 'ol-layer base', ...(extent ? { extent } : {}) })
  })
}

export function useBaseMap() {
  const base = shallowRef<BaseMap>(none)
  const trouble = ref('')
  let map: Map | undefined
  let layers: BaseLayer[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let askedAt = -askMs

  function lift() {
    for (const layer of layers) map?.removeLayer(layer)
    layers = []
  }
  /** Nothing is asked for a minute; then all of it anew. */
  function rest(key: string) {
    trouble.value = key
    lift()
    clearTimeout(timer)
    timer = setTimeout(() => void spread(), againMs)
  }
  /** A tile did not come. Why, the server knows: one that is missing is no trouble. */
  async function failed() {
    if (!navigator.onLine || performance.now() - askedAt < askMs) return
    askedAt = performance.now()
    try {
      const now = await fetchBase()
      if (now.trouble && map) rest(now.trouble)
    } catch (error) {
      // Without an answer of our own server the page says so by itself.
      if (!(error instanceof ApiError)) throw error
    }
  }
  async function spread() {
    const { frame, trouble: before } = base.value
    const extent = frame?.length === 4 ? transformExtent(frame, 'EPSG:4326', 'EPSG:3857') : undefined
    if (before && !timer) return rest(before)
    let made: BaseLayer[]
    try {
      made = base.value.kind === 'pmtiles' ? await (await import('./tile_file')).fileLayers(() => void failed()) : tileLayers(base.value, extent, () => void failed())
    } catch {
      return rest('base_map.file')
    }
    if (!map) return
    trouble.value = ''
    lift()
    layers = made
    layers.forEach((layer, at) => map!.getLayers().insertAt(at, layer))
  }
  async function lay(under: Map) {
    map = under
    base.value = await baseMap()
    if (map && base.value.kind !== 'none') await spread()
  }
  onBeforeUnmount(() => {
    clearTimeout(timer)
    map = undefined
  })
  return { base, trouble, lay }
}
