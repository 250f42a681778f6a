// What is confirmed stays, whatever breaks: at each screen the page is loaded anew, left and come back to, and the
// service killed and started again; at each act the connection is cut before the request, or the service is killed
// after it has done what was asked and before anybody is told. Then the page says that it does not know, and doing it
// again does it once.
import assert from 'node:assert/strict'
import { control, offline, steady, unanswered } from './broken.mjs'
import { BASE, confirm, decideAll, hush, kept, language, look, MEETING, PASSWORD, rowShown, run, signed, text, user } from './common.mjs'

const { STACK } = process.env
const at = `/meetings/${MEETING}`
const answer = async (page, path) => (await page.request.get(`${BASE}/api/v1${path}`)).json()

async function open(name, path, ready, options) {
  const page = await user(name, options)
  await page.goto(BASE + path)
  await page.waitForSelector(ready)
  return page
}

// The admin: a new meeting, its groups and venues, a user.
async function admin() {
  const page = await open('admin', '/meetings/new', '#create')
  await page.fill('#title', '断线也不丢')
  await page.fill('#date', '2026-02-01')
  await offline(page, () => page.click('#create'))
  assert.equal(await page.inputValue('#title'), '断线也不丢', 'what was typed is lost')
  await unanswered(page, '/api/v1/meetings', () => page.click('#create'))
  await page.click('#create')
  await page.waitForURL('**/setup/roster')
  const made = (await answer(page, '/meetings')).meetings.filter((m) => m.title === '断线也不丢')
  assert.equal(made.length, 1, 'the meeting was made twice')
  const path = `/meetings/${made[0].id}`

  await page.goto(`${BASE}${path}/setup/groups`)
  await page.click('#usual-groups')
  await page.click('#add-venue')
  await offline(page, () => page.click('#save'))
  await look(page, 'lost-draft')
  await unanswered(page, '/groups', () => page.click('#save'))
  assert.equal(await page.locator('#groups tbody tr').count(), 3, 'unsaved groups are lost')
  await page.click('#save')
  await page.waitForFunction(() => document.querySelector('#save-state')?.classList.contains('muted') && !document.querySelector('#save-problem'))
  const m = await answer(page, path)
  assert.deepEqual([m.groups.length, m.venues.length], [3, 2])
  for (const [step, ready] of [['roster', '#paste'], ['groups', '#groups'], ['rules', '#ballot-picture text, .picture .problem'], ['roll', '#headcounts'], ['basics', '#title'], ['seal', '#summary']]) await steady(page, `${path}/setup/${step}`, ready)

  await page.goto(`${BASE}/admin`)
  await page.fill('#new-user', '王五')
  await page.selectOption('#new-role', 'printing')
  await page.fill('#new-password', PASSWORD)
  await unanswered(page, '/users', () => page.click('#add-user'))
  await page.waitForSelector('tr[data-user=王五]') // it was made, and the page says so as soon as it can
  await page.context().close()
}

// Printing: copies, and copies of the master.
async function printing() {
  const page = await open('printing', `${at}/print`, '#copies-A')
  await page.fill('#copies-A', '2')
  const print = async () => {
    await page.click('#print-A')
    await confirm(page)
  }
  await offline(page, print)
  await unanswered(page, '/print', print)
  await text(page, '#printed-A', '2') // recorded, and the file not there
  await Promise.all([page.waitForEvent('download'), print()])
  await page.fill('#copied-A', '3')
  await unanswered(page, '/copied', () => page.click('#record-A'))
  await hush(page)
  await page.click('#record-A')
  await page.waitForSelector('.el-message--success')
  await text(page, '#printed-A', '5')
  assert.equal((await answer(page, `${at}/ledger`)).printed.A, 5, 'copies were recorded twice')
  await steady(page, `${at}/print`, '#copies-A')
  await steady(page, `${at}/trial`, '#print-trial')

  // A password that was changed is the new one, also where nobody was told.
  await page.goto(`${BASE}/account`)
  await page.fill('#old', PASSWORD)
  for (const field of ['#next', '#again']) await page.fill(field, 'changed-while-it-broke-1')
  await unanswered(page, '/session/password', () => page.click('#change'))
  await page.context().clearCookies()
  await page.goto(`${BASE}/sign-in`)
  await page.fill('#user', 'printing')
  await page.fill('#password', 'changed-while-it-broke-1')
  await page.click('#sign-in')
  await page.waitForURL('**/meetings')
  await page.context().close()
}

// Scanning: a batch, its files, its end; the stream of its progress comes back by itself.
async function scanning() {
  const page = await open('scanning', `${at}/batches`, '#start-batch')
  await page.check('input[name=group]')
  await offline(page, () => page.click('#start-batch'))
  await unanswered(page, '/batches', () => page.click('#start-batch'))
  await page.click('#start-batch')
  await page.waitForSelector('#reading')
  const batches = async () => (await answer(page, `${at}/batches`)).batches
  assert.equal((await batches()).length, 1, 'the batch was opened twice')
  // The scanner's folder is taken from while somebody is at it: a service that starts anew does not, and says so.
  await unanswered(page, '/folder', () => page.click('#folder-watch'))
  await page.reload()
  await page.waitForSelector('#folder-watch.el-button--default, #folder-watch:not(.el-button--primary)')
  // A pause outlasts the service, and goes on when somebody says so.
  const [{ id }] = await batches()
  assert.ok((await page.request.post(`${BASE}/api/v1${at}/batches/${id}/pause`, { data: { paused: true } })).ok())
  await page.waitForSelector('#pause')
  await offline(page, () => page.setInputFiles('#files', STACK))
  await page.waitForSelector('#unsent')
  await look(page, 'lost-upload')
  await unanswered(page, '/uploads', () => page.click('#send-again'))
  await page.waitForSelector('#unsent') // the stream comes back, and shows what was received
  await unanswered(page, '/pause', () => page.click('#pause'))
  await page.waitForFunction(() => document.querySelector('#pages-read')?.textContent?.trim().startsWith('8 / 8 '))
  await hush(page)
  await page.click('#send-again') // refused as received already
  await page.waitForSelector('.el-message--error')
  await text(page, '#leaves', '8')
  const [batch] = await batches()
  assert.deepEqual([batch.uploads.length, batch.leaves], [1, 8])
  await steady(page, `${at}/batches/${batch.id}`, '#leaves', '#leaves')
  await page.waitForSelector('#close-batch:not([disabled])')
  await unanswered(page, '/close', async () => {
    await page.click('#close-batch')
    await confirm(page)
  })
  await page.waitForSelector('#closed')
  await steady(page, `${at}/batches`, '#start-batch')
  await page.goto(`${BASE}${at}/ledger`)
  const number = async (act) => {
    await page.click('#change-A-1-returned')
    await page.fill('#A-1-returned', '8')
    await act()
  }
  await number(() => unanswered(page, '/entries', () => page.click('#save-A-1')))
  await page.click('#save-A-1')
  await page.waitForSelector('#A-1-returned', { state: 'detached' })
  await steady(page, `${at}/ledger`, '#ledger')
  await page.context().close()
}

// Scrutineers: a count, decisions, balance, comments, signatures.
async function scrutineers() {
  const page = await open('scrutineer1', `${at}/decide`, '#row-picture')
  const decided = (n) => page.waitForFunction((want) => document.querySelector('#progress b')?.textContent === String(want), n)
  await rowShown(page)
  // A leaf is set aside, found among those to be looked at, and counts again.
  await unanswered(page, '/aside', async () => {
    await page.click('#aside-leaf')
    await page.fill('.el-message-box__input input', '票面写有姓名')
    await confirm(page)
  })
  const flagged = async (outcome) => {
    await page.goto(`${BASE}${at}/decide`)
    await page.click('#tab-pages')
    await page.check('.filter input[type=checkbox]')
    await page.waitForSelector(`#flagged tr:has-text("${outcome}")`)
  }
  await flagged('认定废票')
  await page.click('#flagged tr:has-text("认定废票") .look')
  await unanswered(page, '/aside', () => page.click('#counts'))
  await flagged('照计')
  assert.equal((await answer(page, `${at}/pages?state=set_aside`)).total, 0, 'the leaf does not count again')
  await page.click('#tab-rows')
  await rowShown(page)
  await offline(page, () => page.keyboard.press('1')) // the row comes back
  await rowShown(page)
  await unanswered(page, '/decisions', () => page.keyboard.press('1'))
  await kept(page)
  await page.reload()
  await decided(1)
  await decideAll(page, '1', '#all-done')
  await steady(page, `${at}/decide`, '#all-done', '#progress')
  assert.ok((await answer(page, `${at}/decisions`)).rows.every((r) => r.verdict), 'a row has no verdict')

  await page.goto(`${BASE}${at}/ledger`)
  await page.fill('#A-1-returned', '8')
  await unanswered(page, '/confirmations', () => page.click('#save-A-1'))
  await page.waitForSelector('#balanced')
  const balance = async () => {
    await page.click('#act-balance')
    await confirm(page)
  }
  await offline(page, balance)
  await unanswered(page, '/balance', balance)
  await page.waitForSelector('#act-balance', { state: 'detached' })
  assert.equal((await answer(page, at)).state, 'balanced')

  await page.goto(`${BASE}${at}/comments`)
  await page.waitForSelector('#text')
  await page.fill('#text', '第一条')
  await offline(page, () => page.click('#save'))
  assert.equal(await page.inputValue('#text'), '第一条', 'what was typed is lost')
  await unanswered(page, '/comments/*', () => page.click('#save'))
  await page.click('#save')
  await text(page, '#progress b', '1')
  await page.reload()
  await text(page, '#progress b', '1')
  for (let n = 2; (await answer(page, `${at}/comments`)).waiting > 0; n++) {
    await page.click('#nothing')
    await text(page, '#progress b', String(n))
  }
  await steady(page, `${at}/results`, '#results')

  await page.goto(BASE + at)
  const sign = async (who) => {
    await who.click('#act-certify')
    await signed(who)
  }
  await page.waitForSelector('#act-certify')
  await offline(page, () => sign(page))
  await unanswered(page, '/certify', () => sign(page))
  await text(page, '#signers', '您已签认') // and signs once
  await look(page, 'meeting-signed')
  await steady(page, at, '#signers')
  const other = await open('scrutineer2', at, '#act-certify')
  await text(other, '#signers', 'scrutineer1')
  await unanswered(other, '/certify', () => sign(other))
  await other.waitForSelector('#act-certify', { state: 'detached' })
  assert.equal((await answer(page, at)).state, 'certified')
  for (const one of [page, other]) await one.context().close()
}

// The committee: signatures, and what it enters beside the figures.
async function committee() {
  const page = await open('committee1', at, '#act-release')
  const other = await open('committee2', at, '#act-release')
  for (const one of [page, other]) {
    await one.reload()
    await one.waitForSelector('#act-release')
    await unanswered(one, '/release', async () => {
      await one.click('#act-release')
      await signed(one)
    })
  }
  await other.waitForSelector('#go-results')
  await other.context().close()

  await page.goto(`${BASE}${at}/results/1`)
  await page.check('input[name=grade] >> nth=1')
  await page.fill('#items', '补齐记录')
  await page.waitForSelector('#unsaved')
  await offline(page, () => page.click('#save'))
  await language(page) // the figures are asked for again, and what is typed stays
  await text(page, 'h2', 'Votes')
  assert.equal(await page.inputValue('#items'), '补齐记录')
  await language(page)
  await page.click('#after') // leaving asks first
  await page.click('.el-message-box__btns .el-button:not(.el-button--danger)')
  assert.equal(await page.inputValue('#items'), '补齐记录')
  await unanswered(page, '/results/1', () => page.click('#save'))
  await page.waitForSelector('#unsaved', { state: 'detached' }) // it was saved, and the page says so as soon as it can
  const concluded = async () => (await answer(page, `${at}/results`)).conclusions
  assert.deepEqual((await concluded()).entered.map((c) => [c.subject, c.overall_grade, c.items]), [[1, '较好', ['补齐记录']]])
  await steady(page, `${at}/results/1`, '#figures')

  await page.goto(`${BASE}${at}/overall`)
  await page.waitForSelector('#overall')
  await unanswered(page, '/results/2', () => page.selectOption('select[name=grade-2]', '好'))
  await page.waitForFunction(() => document.querySelector('select[name=grade-2]')?.value === '好')
  assert.equal((await concluded()).entered.length, 2)
  await page.fill('#cap', '30')
  await unanswered(page, '/overall-cap', () => page.click('#set-cap'))
  await page.click('#set-cap')
  await page.waitForSelector('.el-message--success')
  assert.equal((await concluded()).cap, 30, 'what was typed is lost')
  for (const [path, ready] of [['', '.next'], ['/results', '#results'], ['/results?view=chart', '#chart li'], ['/results?view=sums', '#modes'], ['/overall', '#overall'], ['/screen', '#subject']]) await steady(page, at + path, ready)

  // The end: records signed by two, downloaded, and the meeting archived.
  const stage = async (who, name) => {
    await who.goto(`${BASE}${at}/archive`)
    await who.waitForSelector(`#next[data-stage=${name}]`)
  }
  const shows = (name) => page.waitForSelector(`#next[data-stage=${name}]`) // as soon as it can, by itself
  await stage(page, 'ask')
  await unanswered(page, '/records', async () => {
    await page.click('#ask')
    await signed(page, '归档存查')
  })
  await shows('wait')
  const second = await open('committee2', `${at}/archive`, '#confirm')
  await unanswered(second, '/records', async () => {
    await second.click('#confirm')
    await signed(second)
  })
  await second.context().close()
  await stage(page, 'download')
  await Promise.all([page.waitForEvent('download'), page.click('#download')])
  await page.waitForSelector('#destroy-on')
  await page.fill('#destroy-on', await page.getAttribute('#destroy-on', 'min'))
  await unanswered(page, '/archive', async () => {
    await page.click('#archive')
    await confirm(page)
  })
  await shows('kept')
  await steady(page, `${at}/archive`, '#next')

  // Who is signed out comes back to the same place.
  await page.context().clearCookies()
  await page.goto(`${BASE}${at}/overall`)
  await page.fill('#user', 'committee1')
  await page.fill('#password', PASSWORD)
  await page.click('#sign-in')
  await page.waitForSelector('#overall')
  await page.context().close()
}

async function all() {
  await admin()
  await printing()
  await scanning()
  await scrutineers()
  await committee()
}

await run({ all }, /ERR_|status of (401|403|409|422)/)
