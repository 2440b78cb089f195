import { asArray } from 'ol/color'
import type { FeatureLike } from 'ol/Feature'
import type Geometry from 'ol/geom/Geometry'
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style'

/** Colours are read from the tokens, so the map follows the theme like everything else. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** The same colour with the ground showing through it. */
export function seeThrough(name: string, part: number): string {
  const colour = token(name)
  if (part === 1) return colour
  const [red, green, blue] = asArray(colour)
  return `rgba(${red}, ${green}, ${blue}, ${part})`
}

// A style is made once for a theme and shared by all features that look alike: a map of thousands
// asks for it with every frame.
const made = new Map<string, Style | Style[]>()
export function forgetStyles(): void {
  made.clear()
}
function kept<Made extends Style | Style[]>(key: string, make: () => Made): Made {
  const known = made.get(key) as Made | undefined
  if (known) return known
  const style = make()
  made.set(key, style)
  return style
}

/** Open matters of a grid: 0, 1–2, 3–4, 5 and more. One hue, so it cannot be read as lamps. */
export const steps = [0, 1, 3, 5] as const
export function stepOf(value: number): number {
  return value >= steps[3] ? 3 : value >= steps[2] ? 2 : value >= steps[1] ? 1 : 0
}

export type Step = number | 'hatched'
export interface Drawing {
  labelled: boolean
  /** Over a base map the colours let the ground through, an empty grid nearly all of it. */
  over?: boolean
  /** Made of parts whose inner edges are not drawn; its own edge is its `outline`. */
  joined?: boolean
}
export function shapeStyle(step: Step, label: string, chosen: boolean, { labelled, over = false, joined = false }: Drawing): Style[] {
  const key = `shape ${step} ${chosen} ${joined} ${over} ${labelled ? label : ''}`
  return kept(key, () => drawnShape(step, labelled ? label : '', chosen, over, joined))
}
/** Diagonal lines, told from every shade without its colour. */
function hatch(): CanvasPattern | string {
  const side = 8
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const pen = canvas.getContext('2d')
  if (!pen) return token('m0')
  pen.fillStyle = token('m0')
  pen.fillRect(0, 0, side, side)
  pen.strokeStyle = token('ink-3')
  pen.globalAlpha = 0.55
  for (const at of [-side, 0, side]) {
    pen.moveTo(at, side)
    pen.lineTo(at + side, 0)
  }
  pen.stroke()
  return pen.createPattern(canvas, 'repeat') ?? token('m0')
}
function drawnShape(step: Step, label: string, chosen: boolean, over: boolean, joined: boolean): Style[] {
  const text = label
    ? new Text({
        text: label,
        font: '500 12px sans-serif',
        overflow: false,
        fill: new Fill({ color: token('ink') }),
        stroke: new Stroke({ color: token('surface'), width: 3 }),
      })
    : undefined
  const outline = (feature: FeatureLike) => (joined ? (feature.get('outline') as Geometry) : (feature.getGeometry() as Geometry))
  const colour = step === 'hatched' ? hatch() : seeThrough(`m${step}`, !over ? 1 : step ? 0.6 : 0.25)
  const plain = new Style({
    fill: new Fill({ color: colour }),
    // Of joined parts the seam takes the colour of the ground; over a base map it would be drawn twice.
    ...(!joined ? { stroke: new Stroke({ color: token(over ? 'ink-3' : 'line-2'), width: 1 }) } : step === 'hatched' || over ? {} : { stroke: new Stroke({ color: token(`m${step}`), width: 1 }) }),
    ...(text ? { text } : {}),
  })
  const edge = joined ? [new Style({ geometry: outline, stroke: new Stroke({ color: token('ink-3'), width: 1 }), zIndex: 1 })] : []
  if (!chosen) return [plain, ...edge]
  return [
    plain,
    new Style({ geometry: outline, stroke: new Stroke({ color: token('surface'), width: 6 }), zIndex: 1 }),
    new Style({ geometry: outline, stroke: new Stroke({ color: token('ink'), width: 3 }), zIndex: 2 }),
  ]
}

/** Lamps keep their shape on the map: late ones are large, normal work whispers. */
export function lampStyle(lamp: string): Style {
  return kept(`lamp ${lamp}`, () => drawnLamp(lamp))
}
function drawnLamp(lamp: string): Style {
  const edge = new Stroke({ color: token('surface'), width: 2 })
  if (lamp === 'red') {
    return new Style({
      image: new RegularShape({ points: 8, radius: 11, angle: Math.PI / 8, fill: new Fill({ color: token('red') }), stroke: edge }),
      text: new Text({ text: '!', font: '700 14px sans-serif', fill: new Fill({ color: token('on-lamp') }) }),
      zIndex: 4,
    })
  }
  if (lamp === 'yellow') {
    return new Style({
      image: new RegularShape({ points: 3, radius: 12, fill: new Fill({ color: token('amb-fill') }), stroke: new Stroke({ color: token('amb-edge'), width: 2 }) }),
      text: new Text({ text: '!', font: '700 12px sans-serif', offsetY: 1, fill: new Fill({ color: '#221500' }) }),
      zIndex: 3,
    })
  }
  if (lamp === 'violet') {
    return new Style({
      image: new RegularShape({ points: 4, radius: 12, angle: Math.PI / 4, fill: new Fill({ color: token('vio') }), stroke: edge }),
      zIndex: 3,
    })
  }
  const colour = lamp === 'green' ? token('grn') : token('gry')
  return new Style({ image: new Circle({ radius: 5, fill: new Fill({ color: colour }), stroke: edge }), zIndex: 2 })
}

/** What is late stands by itself; of the rest many in one place become one plate with their number. */
export const isLoud = (lamp: string): boolean => lamp === 'red' || lamp === 'violet'
export function clusterStyle(lamps: readonly string[]): Style {
  if (lamps.length === 1) return lampStyle(lamps[0]!)
  const isDue = lamps.includes('yellow')
  return kept(`cluster ${lamps.length} ${isDue}`, () => new Style({
    image: new Circle({
      radius: lamps.length < 100 ? 13 : 17,
      fill: new Fill({ color: token('surface') }),
      stroke: new Stroke({ color: token(isDue ? 'amb-edge' : 'grn'), width: 2 }),
    }),
    text: new Text({ text: String(lamps.length), font: '600 12px sans-serif', fill: new Fill({ color: token('ink') }) }),
    zIndex: isDue ? 2 : 1,
  }))
}

export function pinStyle(): Style {
  return new Style({
    image: new Circle({ radius: 10, fill: new Fill({ color: token('pri') }), stroke: new Stroke({ color: token('surface'), width: 4 }) }),
    zIndex: 9,
  })
}

/** A thing to go to, under the number that it has in the list beside the map. */
export function numberStyle(text: string): Style {
  return kept(`number ${text}`, () => new Style({
    image: new Circle({ radius: 12, fill: new Fill({ color: token('pri') }), stroke: new Stroke({ color: token('surface'), width: 2 }) }),
    text: new Text({ text, font: '700 12px sans-serif', fill: new Fill({ color: token('on-pri') }) }),
    zIndex: 8,
  }))
}
