import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './kit/tokens.css'
import './kit/base.css'
import { ApiError } from './api/errors'
import { onReload } from './api/live'
import App from './App.vue'
import { showLook } from './me/look'
import { startShell } from './offline/shell'
import { router } from './routes'
import { savedLanguage, useLanguage } from './words'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only an unreachable server is asked again.
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.code === 'unavailable'),
    },
  },
})

onReload(() => void queries.invalidateQueries())
showLook()
void startShell()
await useLanguage(savedLanguage(), false)
createApp(App)
  .use(createPinia())
  .use(VueQueryPlugin, { queryClient: queries })
  .use(router)
  .mount('#app')
