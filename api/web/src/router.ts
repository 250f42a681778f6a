import { createRouter, createWebHistory } from 'vue-router'
import { onSignedOut } from './client'
import { me, restore } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/meetings' },
    { path: '/sign-in', name: 'sign-in', component: () => import('./views/SignIn.vue') },
    { path: '/first', name: 'first', component: () => import('./views/First.vue') },
    { path: '/account', name: 'account', component: () => import('./views/Account.vue') },
    { path: '/admin', name: 'admin', component: () => import('./views/Admin.vue') },
    { path: '/meetings', name: 'meetings', component: () => import('./views/Meetings.vue') },
    { path: '/meetings/new', name: 'new-meeting', component: () => import('./views/NewMeeting.vue') },
    { path: '/meetings/:meeting/setup/:step?', name: 'setup', component: () => import('./views/Setup.vue'), props: true },
    { path: '/meetings/:meeting', name: 'meeting', component: () => import('./views/Meeting.vue'), props: true },
    { path: '/meetings/:meeting/blank', name: 'blank', component: () => import('./views/Learned.vue'), props: true },
    { path: '/meetings/:meeting/trial', name: 'trial', component: () => import('./views/Trial.vue'), props: true },
    { path: '/meetings/:meeting/batches', name: 'batches', component: () => import('./views/Batches.vue'), props: true },
    { path: '/meetings/:meeting/batches/:batch', name: 'batch', component: () => import('./views/Batch.vue'), props: true },
    { path: '/meetings/:meeting/print', name: 'print', component: () => import('./views/Print.vue'), props: true },
    { path: '/meetings/:meeting/ledger', name: 'ledger', component: () => import('./views/Ledger.vue'), props: true },
    { path: '/meetings/:meeting/decide', name: 'decide', component: () => import('./views/Decide.vue'), props: true },
    { path: '/meetings/:meeting/comments', name: 'comments', component: () => import('./views/Comments.vue'), props: true },
    { path: '/meetings/:meeting/audit', name: 'audit', component: () => import('./views/Audit.vue'), props: true },
    { path: '/meetings/:meeting/results', name: 'results', component: () => import('./views/Results.vue'), props: true },
    { path: '/meetings/:meeting/results/:subject(\\d+)', name: 'subject', component: () => import('./views/Subject.vue'), props: true },
    { path: '/meetings/:meeting/overall', name: 'overall', component: () => import('./views/Overall.vue'), props: true },
    { path: '/meetings/:meeting/cvr', name: 'cvr', component: () => import('./views/Cvr.vue'), props: true },
    { path: '/meetings/:meeting/archive', name: 'archive', component: () => import('./views/Archive.vue'), props: true },
    { path: '/meetings/:meeting/screen', name: 'screen', component: () => import('./views/Screen.vue'), props: true },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./views/Missing.vue') },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

let asked = false
router.beforeEach(async (to) => {
  if (!asked) {
    asked = true
    await restore()
  }
  if (to.name === 'first') return true
  if (to.name === 'sign-in') return me.value ? '/meetings' : true
  return me.value ? true : { name: 'sign-in', query: to.path === '/meetings' ? {} : { to: to.fullPath } }
})

onSignedOut(() => {
  if (!me.value) return
  me.value = null
  void router.push({ name: 'sign-in', query: { to: router.currentRoute.value.fullPath, ended: '1' } })
})
