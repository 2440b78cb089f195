const browsers: [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'],
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/(?:Firefox|FxiOS)\//, 'Firefox'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]
const first = (table: [RegExp, string][], agent: string) => table.find(([sign]) => sign.test(agent))?.[1]

/** What a person calls the browser behind a User-Agent: "Chrome · Android"; else its own words. */
export function agentName(agent: string): string {
  return [first(browsers, agent), first(systems, agent)].filter(Boolean).join(' · ') || agent || '–'
}
