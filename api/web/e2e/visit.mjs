// Visits the pages as their users do, in parts: scan (scanning staff feed a stack), comments (a scrutineer types
// handwriting), finish (scrutineers and committee sign), results (the committee looks). Settings come by environment; any error in the console and
// any request to another host fails the visit. Screenshots go to $PINGYI_SHOTS where that is set.
import assert from 'node:assert/strict'
import { BASE, confirm, enter, look, MEETING, run, user } from './common.mjs'

const { STACK, AGAIN, TWICE, PAGES, COUNTS, TYPED } = process.env

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

async function feed(page, file, pages) {
  await page.setInputFiles('#files', file)
  await page.waitForFunction((n) => document.querySelector('#pages-read')?.textContent?.trim().startsWith(`${n} / ${n} `), pages)
}

async function scan() {
  const page = await user('scanning')
  await look(page, 'meetings')
  await theme(page)
  await enter(page)
  await look(page, 'meeting')
  await page.click('#go-scan')
  await page.click('#start-batch')
  await page.waitForSelector('[role=alert]') // no group chosen
  await page.click('input[name=group]')
  await look(page, 'batches')
  await page.click('#start-batch')
  await page.waitForSelector('#reading')
  assert.ok(await page.isDisabled('#close-batch'), 'an empty batch can be closed')
  await feed(page, STACK, Number(PAGES))
  await page.waitForSelector('tr[data-page]')
  assert.equal(await page.locator('tr[data-page]').count(), 1, 'one page has its code and its line covered')
  await page.waitForFunction(() => (document.querySelector('img.thumb')?.naturalWidth ?? 0) > 0)
  await look(page, 'rejected')
  await page.reload() // nothing that was fed is lost
  await page.waitForSelector('tr[data-page]')
  assert.ok(await page.isDisabled('#close-batch'), 'a batch with a rejected page can be closed')
  await page.click('tr[data-page] .el-button--primary')
  await page.waitForSelector('tr[data-page]', { state: 'detached' })
  await feed(page, AGAIN, Number(PAGES) + 1)
  const leaves = (n) => page.waitForFunction((n) => document.querySelector('#leaves')?.textContent?.includes(String(n)), n)
  await leaves(Number(PAGES))
  await feed(page, TWICE, Number(PAGES) + 2) // a sheet of the stack: it is held beside its first image
  await page.waitForFunction(() => [...document.querySelectorAll('tr[data-page] img.thumb')].filter((i) => i.naturalWidth > 0).length === 2)
  await look(page, 'twice')
  assert.ok(await page.isDisabled('#close-batch'), 'a batch with a held sheet can be closed')
  await page.click('tr[data-page] .distinct')
  await leaves(Number(PAGES) + 1)
  await page.click('.show-rejected') // whoever took it for another sheet may think again
  await page.click('tr[data-page] .same:not([disabled])')
  await leaves(Number(PAGES))
  await look(page, 'same')
  await page.click('#close-batch:not([disabled])')
  await confirm(page)
  await page.waitForSelector('#closed')
  await look(page, 'closed')
}

async function sign(name, act) {
  const page = await user(name)
  await enter(page)
  await page.click(`#act-${act}`)
  await confirm(page)
  await page.waitForSelector('.el-message--success')
  await page.context().close()
}

// Types one comment by the keys, skips, says that one cannot be read and one is nothing; the last is left to the
// proposal. TYPED is how many there are.
async function comments() {
  const n = Number(TYPED)
  await sign('scrutineer1', 'balance')
  const page = await user('scrutineer1')
  await enter(page)
  assert.equal(await page.locator('#act-certify').count(), 0, 'the result can be certified while comments wait')
  await look(page, 'comments-meeting')
  await page.click('#go-comments')
  const done = (k) => page.waitForFunction((want) => document.querySelector('#progress')?.textContent?.trim() === want, `${k} / ${n}`)
  const drawn = () => page.waitForFunction(() => (document.querySelector('#handwriting')?.naturalWidth ?? 0) > 1000)
  await done(0)
  await drawn()
  await look(page, 'comments')
  const first = await page.getAttribute('#handwriting', 'src')
  await page.press('#text', 'Control+ArrowDown')
  await page.waitForFunction((src) => document.querySelector('#handwriting')?.getAttribute('src') !== src, first)
  await page.click('#previous')
  await page.waitForFunction((src) => document.querySelector('#handwriting')?.getAttribute('src') === src, first)
  await page.fill('#text', '多到基层走走，少开会')
  await page.press('#text', 'Control+Enter')
  await done(1)
  await page.click('#illegible')
  await done(2)
  await page.click('#nothing')
  await done(3)
  for (let k = 3; k < n; k++) {
    await page.fill('#text', `第${k}条意见`)
    await page.click('#save')
    await done(k + 1)
  }
  await page.waitForSelector('#all-done')
  await look(page, 'comments-done')
  await page.click('header .el-button:first-of-type')
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Type handwritten comments')
  await page.click('#review')
  await drawn()
  await look(page, 'comments-en')
  await page.click('header .el-button:first-of-type')
  await page.context().close()
  await certify()
}

async function finish() {
  await sign('scrutineer1', 'balance')
  await certify()
}

async function certify() {
  await sign('scrutineer1', 'certify')
  await sign('scrutineer2', 'certify')
  const early = await user('committee1')
  await enter(early)
  assert.equal(await early.locator('#go-results').count(), 0, 'results are offered before release')
  await early.context().close()
  await sign('committee1', 'release')
  await sign('committee2', 'release')
}

async function results() {
  const page = await user('committee1')
  await enter(page)
  await page.click('#go-results')
  await page.waitForSelector('#results tbody tr')
  const want = JSON.parse(COUNTS)
  const shown = await page.$$eval('#results tbody tr', (rows) => rows.map((r) => [...r.querySelectorAll('td')].map((d) => d.textContent?.trim() ?? '')))
  assert.deepEqual(shown.map((r) => r.slice(4, 4 + want[0].length).map(Number)), want)
  await look(page, 'results')
  if (TYPED) {
    await page.locator('#comments').scrollIntoViewIfNeeded()
    assert.ok((await page.textContent('#comments'))?.includes('多到基层走走，少开会'), 'what was typed is not in the results')
    await look(page, 'results-comments')
  }
  await page.click('th:nth-of-type(1) button')
  await page.click('th:nth-of-type(1) button')
  await page.waitForFunction((n) => document.querySelector('#results tbody td')?.textContent === String(n), want.length)
  await page.selectOption('select[name=mode]', 'oral')
  await page.waitForFunction(() => !document.querySelector('#results'))
  await page.selectOption('select[name=mode]', '')
  await page.click('#view-chart')
  await page.waitForSelector('#chart canvas')
  await page.waitForTimeout(300)
  await look(page, 'chart')
  await page.goBack().catch(() => undefined)
  await page.goto(`${BASE}/meetings/${MEETING}/results`)
  await page.click('header .el-button:first-of-type')
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Results' && document.documentElement.lang === 'en')
  await look(page, 'results-en')
}

await run({ scan, comments, finish, results })
