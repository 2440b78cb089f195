import type { FeatureLike } from 'ol/Feature'
import MVT from 'ol/format/MVT'
import type BaseLayer from 'ol/layer/Base'
import TileLayer from 'ol/layer/Tile'
import VectorTileLayer from 'ol/layer/VectorTile'
import ImageTile from 'ol/source/ImageTile'
import VectorTile from 'ol/source/VectorTile'
import { Fill, Stroke, Style, Text } from 'ol/style'
import { createXYZ } from 'ol/tilegrid'
import type Tile from 'ol/VectorTile'
import { PMTiles, TileType } from 'pmtiles'
import { currentLanguage } from '@/words'
import { seeThrough, token } from './style'

/** A file of tiles (PMTiles) that our own server serves in parts: pictures, or shapes that are drawn in
 *  the quiet colours of the design. Names of its layers are those of Protomaps and of OpenMapTiles. */
const address = '/api/base-map/file'
const media: Partial<Record<TileType, string>> = { [TileType.Png]: 'image/png', [TileType.Jpeg]: 'image/jpeg', [TileType.Webp]: 'image/webp', [TileType.Avif]: 'image/avif' }

export async function fileLayers(failed: () => void): Promise<BaseLayer[]> {
  const tiles = new PMTiles(new URL(address, location.href).href)
  const { tileType, minZoom, maxZoom } = await tiles.getHeader()
  return tileType === TileType.Mvt ? [shapes(tiles, minZoom, maxZoom, failed)] : [pictures(tiles, media[tileType] ?? 'image/png', minZoom, maxZoom, failed)]
}

function pictures(tiles: PMTiles, type: string, minZoom: number, maxZoom: number, failed: () => void): BaseLayer {
  const empty = document.createElement('canvas')
  const source = new ImageTile({
    minZoom,
    maxZoom,
    transition: 0,
    loader: async (z, x, y) => {
      const found = await tiles.getZxy(z, x, y)
      return found ? createImageBitmap(new Blob([found.data], { type })) : empty
    },
  })
  source.on('tileloaderror', failed)
  return new TileLayer({ source, className: 'ol-layer base' })
}

function shapes(tiles: PMTiles, minZoom: number, maxZoom: number, failed: () => void): BaseLayer {
  const format = new MVT()
  const source = new VectorTile({
    format,
    tileGrid: createXYZ({ minZoom, maxZoom, tileSize: 512 }),
    url: '{z}/{x}/{y}',
    tileLoadFunction: (given) => {
      const tile = given as unknown as Tile<FeatureLike>
      const [z, x, y] = tile.getTileCoord() as [number, number, number]
      tile.setLoader((extent, _, featureProjection) => {
        tiles.getZxy(z, x, y).then(
          (found) => tile.setFeatures(found ? (format.readFeatures(found.data, { extent, featureProjection }) as FeatureLike[]) : []),
          () => {
            tile.onError()
            failed()
          },
        )
      })
    },
  })
  return new VectorTileLayer({ source, style: shapeOf, declutter: true, className: 'ol-layer drawn' })
}

const water = new Set(['water', 'ocean', 'waterway'])
const green = new Set(['park', 'forest', 'wood', 'grass', 'nature_reserve', 'cemetery', 'golf_course'])
const wide = new Set(['highway', 'motorway', 'trunk', 'primary', 'major_road', 'secondary'])
/** Water, green, two widths of roads, buildings as a breath of ink, names of places: nothing else. */
export function shapeOf(feature: FeatureLike): Style | undefined {
  const layer = String(feature.get('layer') ?? '')
  const kind = String(feature.get('kind') ?? feature.get('class') ?? feature.get('pmap:kind') ?? '')
  const isLine = Boolean(feature.getGeometry()?.getType().endsWith('LineString'))
  if (water.has(layer)) return new Style(isLine ? { stroke: new Stroke({ color: token('water'), width: 2 }) } : { fill: new Fill({ color: token('water') }) })
  if (layer === 'park' || (['landuse', 'landcover', 'natural'].includes(layer) && green.has(kind))) return new Style({ fill: new Fill({ color: token('park') }) })
  if (layer === 'roads' || layer === 'transportation') {
    const isWide = wide.has(kind)
    return new Style({ stroke: new Stroke({ color: token('road'), width: isWide ? 5 : 2.5 }), zIndex: isWide ? 3 : 2 })
  }
  if (layer === 'buildings' || layer === 'building') return new Style({ fill: new Fill({ color: seeThrough('ink', 0.06) }), zIndex: 4 })
  if (layer === 'places' || layer === 'place') {
    const language = currentLanguage().slice(0, 2)
    const name = feature.get(`name:${language}`) ?? feature.get('name')
    if (!name) return undefined
    return new Style({ text: new Text({ text: String(name), font: '400 12px sans-serif', fill: new Fill({ color: token('ink-2') }), stroke: new Stroke({ color: token('land'), width: 3 }) }), zIndex: 5 })
  }
  return undefined
}
