// The shell without a net: pages, scripts and words of one build, nothing a person asked for. Built
// into dist/sw.js with the names of its files; a new build waits until the person takes it.
const version = '__VERSION__'
const shell = __SHELL__
const notPages = /^\/(api|open311|tiles|files)(\/|$)/

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(shell.map((path) => new Request(path, { cache: 'reload' })))))
})
self.addEventListener('activate', (event) => {
  const others = async () => Promise.all((await caches.keys()).filter((key) => key !== version).map((key) => caches.delete(key)))
  event.waitUntil(others().then(() => self.clients.claim()))
})
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting()
})
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || notPages.test(url.pathname)) return
  const wanted = event.request.mode === 'navigate' ? '/' : url.pathname
  event.respondWith(caches.open(version).then(async (cache) => (await cache.match(wanted)) ?? fetch(event.request)))
})
