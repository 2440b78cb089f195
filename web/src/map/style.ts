import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style'

/** Colours are read from the tokens, so the map follows the theme like everything else. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Open matters of a grid: 0, 1–2, 3–4, 5 and more. One hue, so it cannot be read as lamps. */
export const steps = [0, 1, 3, 5] as const
export function stepOf(value: number): number {
  return value >= steps[3] ? 3 : value >= steps[2] ? 2 : value >= steps[1] ? 1 : 0
}

export function shapeStyle(value: number, label: string, chosen: boolean, labelled: boolean): Style[] {
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
    fill: new Fill({ color: token(`m${stepOf(value)}`) }),
    stroke: new Stroke({ color: token('line-2'), width: 1 }),
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

export function pinStyle(): Style {
  return new Style({
    image: new Circle({ radius: 10, fill: new Fill({ color: token('pri') }), stroke: new Stroke({ color: token('surface'), width: 4 }) }),
    zIndex: 9,
  })
}
