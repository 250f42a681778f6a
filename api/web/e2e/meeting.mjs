// The source meeting through all roles, from an empty installation to what the committee does with released results,
// by the screen alone, in two parts: before (the admin makes users and the meeting, ballots are printed, counts typed)
// and after (scans, decisions, balance, signatures, results). Between them the test marks and scans what was printed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BASE, browser, confirm, decide, decideAll, desk, enter, kept, language, look, PASSWORD, run, saved, signed, text, troubles, user } from './common.mjs'
import { early, released } from './results.mjs'
import { setUp } from './setup.mjs'

const { FIRST, ROLL, SAVE, STACKS, TRUTH } = process.env
const roles = { admin2: 'admin', printing1: 'printing', printing2: 'printing', scanning1: 'scanning', scanning2: 'scanning', scrutineer1: 'scrutineer', scrutineer2: 'scrutineer', scrutineer3: 'scrutineer', committee1: 'committee', committee2: 'committee' }

// What the admin gave opens the door and signs nothing.
const GIVEN = 'given-by-the-admin-1'

async function ownPassword(name) {
  const page = await user(name, { password: GIVEN })
  await page.click('#go-account')
  await page.fill('#old', GIVEN)
  await page.fill('#next', PASSWORD)
  await page.fill('#again', PASSWORD)
  await page.click('#change')
  await page.waitForSelector('.el-message--success')
  await page.context().close()
}

async function users() {
  const page = await user('admin', { first: FIRST })
  await look(page, 'meetings-none')
  await page.click('#go-admin')
  for (const [name, role] of Object.entries(roles)) {
    await page.fill('#new-user', name)
    await page.selectOption('#new-role', role)
    await page.fill('#new-password', GIVEN)
    await page.click('#add-user')
    await page.waitForSelector(`tr[data-user=${name}]`)
  }
  await page.context().close()
  const [first, ...others] = Object.keys(roles)
  await ownPassword(first)
  const context = await browser.newContext()
  for (const name of others) {
    for (const [method, path, data] of [['POST', 'session', { user: name, password: GIVEN }], ['PUT', 'session/password', { old: GIVEN, new: PASSWORD }]])
      assert.ok((await context.request.fetch(`${BASE}/api/v1/${path}`, { method, data })).ok(), `${path} of ${name}`)
  }
  await context.close()
}

async function print() {
  const page = await user('printing1')
  await enter(page)
  await page.click('#go-print')
  await page.waitForSelector('#copies-A')
  await look(page, 'print')
  await page.click('#preview-A')
  const frame = await (await page.waitForSelector('#shown-A')).contentFrame()
  assert.ok(frame, 'no frame')
  const answer = await page.evaluate((path) => fetch(path).then((r) => [r.status, r.headers.get('Content-Type'), r.headers.get('X-Frame-Options'), r.headers.get('Content-Disposition')]), await page.getAttribute('#shown-A', 'src'))
  assert.deepEqual(answer, [200, 'application/pdf', 'SAMEORIGIN', null])
  await look(page, 'print-preview')
  await page.click('#preview-A')
  assert.equal(await page.inputValue('#copies-A'), '8', 'expected and spares')
  await page.click('#print-A')
  await saved(page, () => confirm(page), `${SAVE}/A.pdf`)
  await text(page, '#printed-A', '8')
  for (const [group, copies] of [['B', 7], ['C', 7]]) {
    await saved(page, () => page.click(`#master-${group}`), `${SAVE}/${group}.pdf`)
    await page.fill(`#copied-${group}`, String(copies))
    await page.click(`#record-${group}`)
    await text(page, `#printed-${group}`, String(copies))
  }
  await saved(page, () => page.setInputFiles('#roll', ROLL), `${SAVE}/sign-in.pdf`)
  await page.setViewportSize({ width: 1024, height: 768 })
  await language(page)
  await text(page, 'h1', 'Print')
  await look(page, 'print-en', { shot: true })
  await page.context().close()
}

/** The ledger's page of somebody. */
async function ledger(name, options) {
  const page = await user(name, options)
  await enter(page)
  await page.click('nav.places a[href$="/ledger"]')
  await page.waitForSelector('#ledger')
  return page
}

/** Types numbers into a line and saves it; the boxes are then gone. */
async function type(page, line, numbers) {
  for (const [field, n] of Object.entries(numbers)) await page.fill(`#${line}-${field}`, String(n))
  await page.click(`#save-${line}`)
  for (const field of Object.keys(numbers)) await page.waitForSelector(`#${line}-${field}`, { state: 'detached' })
}

// What was counted by hand. One voter of group A is absent and another spoils a ballot; what comes
// back of group A is miscounted by both persons.
const present = { 'A-main': 5, 'B-main': 3, 'B-2': 2, 'C-main': 5 }
const handedOut = (line) => ({ present: present[line], issued: present[line] + (line === 'A-main' ? 1 : 0), spoiled: line === 'A-main' ? 1 : 0 })
const cameBack = (line) => ({ not_returned: 0, returned: present[line] + (line === 'A-main' ? 1 : 0) })

async function count() {
  const one = await ledger('printing1')
  await look(one, 'ledger-empty')
  assert.equal(await one.locator('#A-main-returned').count(), 0, 'printing may type what scanning counts')
  await one.fill('#A-main-present', '六')
  await one.click('#save-A-main')
  await one.waitForSelector('[role=alert].wrong')
  for (const line of Object.keys(present)) await type(one, line, handedOut(line))
  await one.reload() // what was saved stays
  await text(one, '#ledger', '等第二人清点')
  assert.equal(await one.locator('#A-main-present').count(), 0, 'who typed a number may confirm it')
  await one.context().close()
  const two = await ledger('printing2')
  await two.fill('#A-main-present', '4') // another count is refused, and the box keeps it
  await two.click('#save-A-main')
  await two.waitForSelector('.el-message--error')
  await text(two, '#ledger', '两人清点不一致')
  await text(two, '#unsaved', '实到')
  await look(two, 'ledger-second')
  assert.ok(troubles.pop()?.includes('409')) // a refusal is an error in the console, and this one is wanted
  for (const line of Object.keys(present)) await type(two, line, handedOut(line))
  await two.context().close()
  const scanning = await ledger('scanning1', { viewport: { width: 1024, height: 768 }, hasTouch: true })
  for (const line of Object.keys(present)) await type(scanning, line, cameBack(line))
  await look(scanning, 'ledger-tablet')
  await scanning.context().close()
  const second = await ledger('scrutineer1')
  for (const line of Object.keys(present)) await type(second, line, cameBack(line))
  await second.waitForSelector('tr.broken')
  await text(second, '#breaks', '发出 6 ≠ 收回 6 + 作废 1')
  assert.ok(await second.isDisabled('#act-balance'))
  await look(second, 'ledger-broken')
  await second.context().close()
}

async function before() {
  await users()
  await setUp()
  await print()
  const admin = await user('admin')
  await enter(admin)
  await look(admin, 'meeting-sealed')
  await admin.click('#act-open-meeting')
  await confirm(admin)
  await admin.waitForSelector('.el-message--success')
  await admin.context().close()
  await count()
}

// The theme goes with the system until another is chosen; the choice outlasts the page, and the system's own is none.
async function theme(page) {
  const shows = (name) => page.waitForSelector(`html[data-theme=${name}]`, { state: 'attached' })
  const kept = () => page.evaluate(() => localStorage.getItem('pingyi.theme'))
  await page.click('#theme')
  await shows('dark')
  await page.reload()
  await shows('dark')
  assert.equal(await kept(), 'dark')
  await page.emulateMedia({ media: 'print' })
  assert.match(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--el-text-color-primary').trim()), /^#1c2430$/, 'print is dark')
  await page.emulateMedia({ media: 'screen' })
  await page.click('#theme')
  await shows('light')
  assert.equal(await kept(), null)
}

/** Starts a batch of a group from venues, which are named where there are several. */
async function startBatch(page, group, venues) {
  await page.click('nav.places a[href$="/batches"]')
  await page.waitForSelector('#start-batch')
  await page.check(`input[name=group][value=${group}]`)
  for (const v of venues) await page.check(`input[name=venue][value="${v}"]`)
}

async function feed(page, file, images) {
  await page.setInputFiles('#files', file)
  await page.waitForFunction((n) => document.querySelector('#pages-read')?.textContent?.trim().startsWith(`${n} / ${n} `), images)
}

async function close(page) {
  await page.waitForFunction(() => {
    const [read, strip] = [document.querySelector('#pages-read')?.textContent?.split('/')[1], [...document.querySelectorAll('.strip img')]]
    return strip.length === Math.min(14, parseInt(read)) && strip.every((i) => i.complete)
  }) // a picture that is still on its way when its batch is closed is not there any more, which the browser reports
  await page.click('#close-batch:not([disabled])')
  await confirm(page)
  await page.waitForSelector('#closed')
}

// A leaf is covered with coffee and scanned again without it; another is scanned twice.
async function scan() {
  const page = await user('scanning1')
  await look(page, 'meetings')
  await theme(page)
  await enter(page)
  await look(page, 'meeting')
  await page.click('#go-scan')
  await page.click('#start-batch')
  await page.waitForSelector('[role=alert]') // no group chosen
  await startBatch(page, 'A', ['main'])
  await look(page, 'batches')
  await page.click('#start-batch')
  await page.waitForSelector('#reading')
  assert.ok(await page.isDisabled('#close-batch'), 'an empty batch can be closed')
  // A click may be about both sides of a leaf.
  const clickAll = async (buttons) => {
    for (let n = await page.locator(buttons).count(); n > 0; n = await page.locator(buttons).count()) {
      await page.locator(buttons).first().click()
      await page.waitForFunction(([s, before]) => document.querySelectorAll(s).length < before, [buttons, n])
    }
  }
  const waiting = (n) => page.waitForFunction((want) => document.querySelectorAll('tr[data-page]').length === want, n)
  const leaves = (n) => page.waitForFunction((want) => document.querySelector('#leaves')?.textContent?.includes(String(want)), n)
  await feed(page, `${STACKS}/A.zip`, 10)
  await waiting(2) // both sides of one leaf
  await text(page, 'tr[data-page] .why', '怎么办')
  await page.waitForFunction(() => (document.querySelector('img.thumb')?.naturalWidth ?? 0) > 0)
  await look(page, 'rejected')
  await page.reload() // nothing that was fed is lost
  await waiting(2)
  assert.ok(await page.isDisabled('#close-batch'), 'a batch with a rejected page can be closed')
  await clickAll('tr[data-page] .el-button--primary')
  await feed(page, `${STACKS}/again.zip`, 12)
  await leaves(5)
  await feed(page, `${STACKS}/twice.zip`, 14) // a sheet of the stack: it is held beside its first image
  await page.waitForSelector('tr[data-page] .distinct')
  const held = (await (await page.request.get(`${BASE}/api/v1${new URL(page.url()).pathname}`)).json()).pages.open
  await waiting(held) // the list comes after the numbers
  await page.waitForFunction((n) => [...document.querySelectorAll('tr[data-page] img.thumb')].filter((i) => i.naturalWidth > 0).length === 2 * n, held)
  await look(page, 'twice')
  assert.ok(await page.isDisabled('#close-batch'), 'a batch with a held sheet can be closed')
  await clickAll('tr[data-page] .distinct')
  await leaves(6)
  await page.click('.show-rejected') // whoever took it for another sheet may think again
  await clickAll('tr[data-page] .same:not([disabled])')
  await leaves(5)
  await look(page, 'same')
  await close(page)
  await look(page, 'closed')
  for (const [group, venues] of [['B', ['main', '2']], ['C', ['main']]]) {
    await startBatch(page, group, venues)
    await page.click('#start-batch')
    await page.waitForSelector('#reading')
    await feed(page, `${STACKS}/${group}.zip`, 10)
    await leaves(5)
    await close(page)
  }
  await startBatch(page, 'A', [])
  await look(page, 'batches-closed')
  await page.context().close()
}

// Two decide four rows, neither seeing what the other said. About one they differ, and a third settles it without
// being told what they said; about another they differ and talk.
async function deciding() {
  const [one, two] = [await desk('scrutineer1'), await desk('scrutineer2')]
  await look(one, 'decide-two')
  assert.equal(await decideAll(one, '1'), 4, 'the paper of the play has four unclear rows')
  await look(one, 'decide-wait')
  assert.equal(await two.locator('#disputed').count(), 0)
  await decide(two, '2')
  await kept(two)
  const third = await desk('scrutineer3')
  await third.waitForSelector('#third')
  assert.equal(await third.locator('#disputed').count(), 0)
  await look(third, 'decide-third')
  await decideAll(third, '1')
  await third.context().close()
  await decide(two, '2') // and one that the two settle themselves
  await one.waitForSelector('#disputed') // the page asks for more rows by itself
  await look(one, 'decide-disputed')
  const said = await one.textContent('#disputed')
  assert.ok(said?.includes('scrutineer1') && said.includes('scrutineer2：较好'), said ?? '')
  await decideAll(two, '1', '#all-done') // the second agrees about all others, and gives in about this one
  await one.waitForSelector('#all-done')
  for (const page of [one, two]) await page.context().close()
}

// The miscount is named with its cause and leads to where it is mended.
async function balance() {
  const page = await ledger('scrutineer1')
  await text(page, '#breaks', '收回 6 张，扫描 5 张')
  await text(page, '#breaks', '手工清点与扫描张数不一致')
  await look(page, 'ledger-scanned')
  const scanning = await ledger('scanning1')
  assert.equal(await scanning.locator('#breaks a[href$="/batches"]').count(), 1, 'a break does not lead to where it may be mended')
  await scanning.click('#change-A-main-returned')
  await type(scanning, 'A-main', { returned: 5 })
  await scanning.context().close()
  await page.click('#refresh')
  await type(page, 'A-main', { returned: 5 })
  await page.waitForSelector('#balanced')
  await text(page, '#sentence', '应到 16 人，实到 15 人；发出评议票 16 张，收回 15 张，有效 15 张，无效 0 张。')
  await look(page, 'ledger-balanced')
  await language(page)
  await text(page, 'h1', 'Ledger')
  await look(page, 'ledger-en', { shot: true })
  await page.click('#act-balance')
  await confirm(page)
  await page.waitForSelector('#act-balance', { state: 'detached' })
  await page.context().close()
}

// Every figure of the table is what the paper says, by the test's own count of what voters marked.
async function figures() {
  const page = await user('committee1')
  await enter(page)
  await page.click('#go-results')
  await page.waitForSelector('#results tbody tr')
  const shownRows = await page.$$eval('#results tbody tr', (rows) => rows.map((r) => [...r.querySelectorAll('td')].map((d) => d.textContent?.trim() ?? '')))
  const truth = JSON.parse(readFileSync(TRUTH, 'utf8'))
  assert.deepEqual(shownRows.map((r) => [Number(r[0]), ...r.slice(4, 10).map(Number)]), truth.map((s) => [s.no, ...s.all]))
  await look(page, 'results')
  await page.click('th:nth-of-type(1) button')
  await page.click('th:nth-of-type(1) button')
  await text(page, '#results tbody td', '72')
  await page.selectOption('select[name=mode]', 'oral')
  await page.waitForFunction(() => document.querySelectorAll('#results tbody tr').length === 7)
  await page.selectOption('select[name=mode]', '')
  await page.click('#view-chart')
  await page.waitForSelector('#chart li')
  await look(page, 'chart')
  const one = truth[4]
  await page.goto(`${page.url().split('?')[0]}/${one.no}`)
  await page.waitForSelector('#figures')
  const cells = await page.$$eval('#figures tbody tr', (all) => all.map((r) => [...r.querySelectorAll('td')].map((d) => d.firstChild?.textContent?.trim() ?? '')))
  assert.deepEqual(cells.map((r) => r.slice(1, 7).map(Number)), [one.all, one.A, one.B, one.C])
  const meeting = new URL(page.url()).pathname.split('/')[2]
  await page.context().close()
  return meeting
}

/** Signs an act of two persons as somebody who signs in for it. */
async function sign(name, act) {
  const page = await user(name)
  await enter(page)
  await page.click(`#act-${act}`)
  if (name.endsWith('1')) await look(page, `sign-${act}`)
  await signed(page)
  await page.waitForSelector('.el-message--success')
  await page.context().close()
}

async function after() {
  await scan()
  await deciding()
  await balance()
  const meeting = (await firstMeeting()).id
  await early(meeting)
  await sign('scrutineer1', 'certify')
  await sign('scrutineer2', 'certify')
  const waiting = await user('committee1')
  await enter(waiting)
  assert.equal(await waiting.locator('#go-results').count(), 0, 'results are offered before release')
  const { checkpoints } = await waiting.evaluate((path) => fetch(path).then((r) => r.json()), `/api/v1/meetings/${meeting}/checkpoints`)
  assert.equal(await waiting.locator('#checkpoint').innerText(), checkpoints[0].code, 'the code to copy is not that of the latest checkpoint')
  await look(waiting, 'certified')
  await waiting.context().close()
  await sign('committee1', 'release')
  await sign('committee2', 'release')
  await figures()
  await released(meeting)
}

async function firstMeeting() {
  const page = await user('admin')
  const { meetings } = await (await page.request.get(`${BASE}/api/v1/meetings`)).json()
  await page.context().close()
  return meetings[0]
}

// Faults, conflicts and a lost connection are part of setting up.
await run({ before, after }, /status of (409|422)|ERR_INTERNET_DISCONNECTED/)
