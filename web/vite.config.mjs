import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** dist/sw.js with the names of all files of this build (offline/sw.js). */
function serviceWorker() {
  return {
    name: 'gewu-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name)).sort()
      const still = readdirSync(new URL('public', import.meta.url)).filter((name) => name !== 'robots.txt')
      const shell = ['/', ...still, ...files].map((name) => (name.startsWith('/') ? name : `/${name}`))
      const hash = createHash('sha256').update(JSON.stringify(shell))
      for (const name of still) hash.update(readFileSync(new URL(`public/${name}`, import.meta.url)))
      hash.update(readFileSync(new URL('index.html', import.meta.url)))
      const source = readFileSync(new URL('offline/sw.js', import.meta.url), 'utf8')
        .replace('__VERSION__', `gewu-${hash.digest('hex').slice(0, 16)}`)
        .replace('__SHELL__', JSON.stringify(shell))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

export default defineConfig({
  plugins: [vue(), serviceWorker()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs, in one file: thirty small ones cost a phone more than they save.
          groups: [
            { name: 'base', test: /node_modules\/(vue|@vue|vue-router|pinia|@tanstack|openapi-fetch)\/|src\/(api|me|words|message)|src\/kit\/(Button|Field|FieldSelect|Empty|Skeleton|Lamp|Seal|Toast|toast|shortcut)\.|src\/define\/(say|label|time|words|directory)\.|src\/places\/shell\/Trouble/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
})
