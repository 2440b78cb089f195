import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { useMe } from './me/me'
import { needWords, useWords, type WordPart } from './words'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    open?: boolean
    /** Its lists scroll, the page itself does not. */
    still?: boolean
    /** A resident's page that takes a desk's width, for two columns. */
    wide?: boolean
    /** Beside those of the routes above it. */
    words?: WordPart[]
  }
}

async function atDoor({ params, query }: RouteLocationNormalized) {
  const me = useMe()
  await me.load().catch(() => undefined)
  const facility = query.facility
  return { path: `${me.who ? '' : '/m'}/places/${String(params.code)}`, query: facility ? { facility } : {}, replace: true }
}

// One app; each place of work is loaded when it is entered.
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: () => (matchMedia('(max-width: 47.99rem)').matches ? '/today' : '/desk') },
  { path: '/sign-in', component: () => import('./places/sign-in/SignInPage.vue'), meta: { open: true, title: 'ui.title.sign_in' } },
  { path: '/reset', component: () => import('./places/sign-in/ResetPage.vue'), meta: { open: true, title: 'ui.title.reset', words: ['admin', 'desk'] } },
  // A door code: staff see the sheet of the place, everybody else who serves it.
  { path: '/at/:code', component: () => import('./places/shell/NotFoundPage.vue'), beforeEnter: atDoor, meta: { open: true } },
  {
    path: '/m',
    component: () => import('./places/resident/PhoneShell.vue'),
    meta: { open: true },
    children: [
      { path: '', component: () => import('./places/resident/HomePage.vue'), meta: { title: 'ui.title.home' } },
      { path: 'report', component: () => import('./places/resident/ReportPage.vue'), meta: { title: 'ui.title.report' } },
      { path: 'outbox', component: () => import('./places/field/OutboxPage.vue'), meta: { title: 'ui.title.outbox' } },
      { path: 'figures', component: () => import('./places/resident/OpenFiguresPage.vue'), meta: { title: 'ui.title.open_figures', words: ['public'] } },
      { path: 'notices', component: () => import('./places/resident/BillboardPage.vue'), meta: { title: 'ui.title.billboard', words: ['public'], wide: true } },
      { path: 'notices/:id', component: () => import('./places/resident/BillboardPage.vue'), meta: { title: 'ui.title.billboard', words: ['public'], wide: true } },
      { path: 'places', component: () => import('./places/resident/PlaceFindPage.vue'), meta: { title: 'ui.title.open_place', words: ['public'] } },
      { path: 'places/:code', component: () => import('./places/resident/PlacePage.vue'), meta: { title: 'ui.title.open_place', words: ['public'] } },
      { path: 'answer', component: () => import('./places/resident/AnswerPage.vue'), meta: { title: 'ui.title.answer' } },
      { path: 'p/:receipt', component: () => import('./places/resident/ProgressPage.vue'), meta: { title: 'ui.title.progress' } },
    ],
  },
  {
    path: '/',
    component: () => import('./places/shell/DeskShell.vue'),
    meta: { words: ['desk'] },
    children: [
      { path: 'today', component: () => import('./places/field/TodayPage.vue'), meta: { title: 'ui.title.today' } },
      { path: 'places/:code', component: () => import('./places/field/DutySheetPage.vue'), meta: { title: 'ui.title.sheet' } },
      { path: 'codes', component: () => import('./places/field/DoorCodesPage.vue'), meta: { title: 'ui.title.codes' } },
      { path: 'report', component: () => import('./places/resident/ReportPage.vue'), props: { inside: true }, meta: { title: 'ui.title.report' } },
      { path: 'outbox', component: () => import('./places/field/OutboxPage.vue'), meta: { title: 'ui.title.outbox' } },
      { path: 'desk', component: () => import('./places/desk/DeskPage.vue'), meta: { title: 'ui.title.desk', still: true } },
      { path: 'desk/import/:type/:import', component: () => import('./places/desk/RegisterImportPage.vue'), meta: { title: 'ui.title.register', words: ['admin', 'terminal'] } },
      { path: 'matters/:id', component: () => import('./places/matter/MatterPage.vue'), meta: { title: 'ui.title.matter' } },
      { path: 'matters/:id/slip/:view?', component: () => import('./places/matter/SlipPage.vue'), meta: { title: 'ui.title.slip' } },
      { path: 'open', component: () => import('./places/matter/OpenListPage.vue'), meta: { title: 'ui.title.open' } },
      { path: 'open/:type', component: () => import('./places/matter/OpenPage.vue'), meta: { title: 'ui.title.open' } },
      { path: 'map', component: () => import('./places/overview/MapPage.vue'), meta: { title: 'ui.title.map', still: true } },
      { path: 'overview', component: () => import('./places/overview/OverviewPage.vue'), meta: { title: 'ui.title.overview', still: true } },
      { path: 'figures', component: () => import('./places/figures/FiguresPage.vue'), meta: { title: 'ui.title.figures' } },
      { path: 'exports', component: () => import('./places/desk/ExportsPage.vue'), meta: { title: 'ui.title.exports' } },
      { path: 'notices', component: () => import('./places/notices/NoticesPage.vue'), meta: { title: 'ui.title.notices' } },
      {
        path: 'admin',
        component: () => import('./places/admin/AdminShell.vue'),
        meta: { title: 'ui.title.admin', words: ['admin', 'terminal'] },
        children: [
          { path: '', component: () => import('./places/admin/HealthPage.vue') },
          { path: 'accounts', component: () => import('./places/admin/AccountsPage.vue') },
          { path: 'import', component: () => import('./places/admin/ImportPage.vue') },
          { path: 'grids', component: () => import('./places/admin/GridsPage.vue') },
          { path: 'definitions', component: () => import('./places/admin/DefinitionsPage.vue') },
          { path: 'publish', component: () => import('./places/admin/PublishPage.vue') },
          { path: 'canaries', component: () => import('./places/admin/CanaryPage.vue') },
          { path: 'audit', component: () => import('./places/admin/AuditPage.vue') },
          { path: 'calendar', component: () => import('./places/admin/CalendarPage.vue') },
        ],
      },
      { path: 'me', component: () => import('./places/me/MePage.vue'), meta: { title: 'ui.title.me' } },
    ],
  },
  { path: '/wall', component: () => import('./places/wall/WallPage.vue'), meta: { title: 'ui.title.wall', words: ['desk'] } },
  { path: '/:rest(.*)*', component: () => import('./places/shell/NotFoundPage.vue'), meta: { open: true, title: 'ui.title.not_found' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  await Promise.all(to.matched.flatMap(({ meta }) => meta.words ?? []).map((part) => needWords(part)))
  if (to.meta.open) return true
  const me = useMe()
  // Without a net and without an answer of last time: signing in says what is wrong.
  await me.load().catch(() => undefined)
  if (me.who) return me.me?.second_factor_required && to.path !== '/me' ? { path: '/me' } : true
  return to.redirectedFrom?.path === '/'
    ? { path: '/m' }
    : { path: '/sign-in', query: { next: to.fullPath } }
})

router.afterEach((to) => {
  const { t } = useWords()
  document.title = to.meta.title ? `${t(to.meta.title)} · ${t('ui.name')}` : t('ui.name')
})
