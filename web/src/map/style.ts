import { asArray } from 'ol/color'
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

/** `over` a base map the colours let the ground through, an empty grid nearly all of it. */
export function shapeStyle(value: number, label: string, chosen: boolean, labelled: boolean, over = false): Style[] {
  const key = `shape ${stepOf(value)} ${chosen} ${over} ${labelled ? label : ''}`
  return kept(key, () => drawnShape(value, label, chosen, labelled, over))
}
function drawnShape(value: number, label: string, chosen: boolean, labelled: boolean, over: boolean): Style[] {
  const text = labelled
    ? new Text({
        text: label,
        font: '500 12px sans-serif',
        overflow: false,
        fill: new Fill({ color: token('ink') }),
        stroke: new Stroke({ color: token('surface'), width: 3 }),
      })
    : undefined
  const plain = new Style({
    fill: new Fill({ color: seeThrough(`m${stepOf(value)}`, !over ? 1 : stepOf(value) ? 0.6 : 0.25) }),
    stroke: new Stroke({ color: token(over ? 'ink-3' : 'line-2'), width: 1 }),
    ...(text ? { text } : {}),
  })
  if (!chosen) return [plain]
  return [
    plain,
    new Style({ stroke: new Stroke({ color: token('surface'), width: 6 }), zIndex: 1 }),
    new Style({ stroke: new Stroke({ color: token('ink'), width: 3 }), zIndex: 2 }),
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
