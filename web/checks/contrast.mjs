// Text pairs of the tokens keep 4.5:1 in both themes; shapes keep 3:1 (the amber triangle by its edge).
import { readFileSync } from 'node:fs'

const css = readFileSync(new URL('../src/kit/tokens.css', import.meta.url), 'utf8')
function block(selector) {
  const start = css.indexOf(`${selector} {`)
  const body = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries([...body.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]))
}
const light = block(':root')
const dark = { ...light, ...block(":root[data-theme='dark']") }
const system = { ...light, ...block(":root[data-theme='system']") }
const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function ratio(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}
const text = [
  ...['ink', 'ink-2', 'ink-3', 'pri', 'red', 'amb'].flatMap((fore) => ['bg', 'surface', 'surface-2'].map((back) => [fore, back])),
  ['red', 'red-bg'], ['amb', 'amb-bg'], ['grn', 'grn-bg'], ['vio', 'vio-bg'], ['gry', 'gry-bg'], ['ink-2', 'gry-bg'],
  ['pri', 'pri-soft'], ['ink', 'pri-soft'], ['ink-2', 'pri-soft'], ['ink', 'red-bg'], ['on-pri', 'pri'], ['on-pri', 'pri-h'],
  ['on-seal', 'seal'], ['on-strip', 'strip'],
]
const shapes = [['red', 'surface'], ['amb-edge', 'surface'], ['grn', 'surface'], ['vio', 'surface'], ['gry', 'surface'], ['focus', 'surface'], ['focus', 'bg']]
const faults = []
for (const [name, tokens] of [['light', light], ['dark', dark], ['system', system]]) {
  for (const [pairs, floor] of [[text, 4.5], [shapes, 3]]) {
    for (const [fore, back] of pairs) {
      const value = ratio(tokens[fore], tokens[back])
      if (value < floor) faults.push(`${name}: ${fore} on ${back} ${value.toFixed(2)} < ${floor}`)
    }
  }
}
if (JSON.stringify(dark) !== JSON.stringify(system)) faults.push('the two dark sets differ')
if (faults.length) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`contrast: ${text.length + shapes.length} pairs in light and dark`)
