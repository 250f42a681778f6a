// Visits the pages on which ballots are printed and counts typed: print, count (two people each), balance (a miscount
// is mended), packets (single forms). ROLL is a sign-in roll, SAVE a folder for downloads.
import assert from 'node:assert/strict'
import { BASE, confirm, enter, look, MEETING, run, troubles, user } from './common.mjs'

const { ROLL, SAVE } = process.env

async function saved(page, act, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), act()])
  await file.saveAs(`${SAVE}/${name}`)
}
const text = (page, selector, want) => page.waitForFunction(([s, w]) => document.querySelector(s)?.textContent?.includes(w), [selector, want])
const on = async (name, options) => {
  const page = await user(name, options)
  await page.goto(`${BASE}/meetings/${MEETING}/ledger`)
  await page.waitForSelector('#ledger')
  return page
}

/** Types numbers into a line and saves it; the boxes are then gone. */
async function type(page, numbers) {
  for (const [field, n] of Object.entries(numbers)) await page.fill(`#A-1-${field}`, String(n))
  await page.click('#save-A-1')
  for (const field of Object.keys(numbers)) await page.waitForSelector(`#A-1-${field}`, { state: 'detached' })
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
  await page.waitForTimeout(1500)
  await look(page, 'print-preview')
  await page.click('#preview-A')
  await saved(page, () => page.click('#master-A'), 'master.pdf')
  assert.equal(await page.inputValue('#copies-A'), '22', 'expected and spares')
  await page.click('#print-A')
  await saved(page, () => confirm(page), 'copies.pdf')
  await text(page, '#printed-A', '22')
  await page.fill('#copied-A', '3')
  await page.click('#record-A')
  await text(page, '#printed-A', '25')
  await saved(page, () => page.setInputFiles('#roll', ROLL), 'sign-in.pdf')
  await page.reload()
  await text(page, '#printed-A', '25')
  await page.setViewportSize({ width: 1024, height: 768 })
  await page.click('header .el-button:first-of-type')
  await text(page, 'h1', 'Print')
  await look(page, 'print-en')
}

async function count() {
  const one = await user('printing1')
  await enter(one)
  await one.click('#go-ledger')
  await one.waitForSelector('#ledger')
  await look(one, 'ledger-empty')
  assert.equal(await one.locator('#A-1-returned').count(), 0, 'printing may type what scanning counts')
  await one.fill('#A-1-present', '六')
  await one.click('#save-A-1')
  await one.waitForSelector('[role=alert].wrong')
  await type(one, { present: 6, issued: 7, spoiled: 1 })
  await one.reload() // what was saved stays
  await text(one, '#ledger', 'printing1已录，等第二人')
  assert.equal(await one.locator('#A-1-present').count(), 0, 'who typed a number may confirm it')
  const two = await on('printing2')
  assert.ok(!(await two.textContent('#ledger'))?.includes('7'), 'the second person sees the first count')
  await two.fill('#A-1-present', '5') // another count is refused, and the box keeps it
  await two.click('#save-A-1')
  await two.waitForSelector('.el-message--error')
  await look(two, 'ledger-second')
  assert.ok(troubles.pop()?.includes('409')) // a refusal is an error in the console, and this one is wanted
  await type(two, { present: 6, issued: 7, spoiled: 1 })
  const scanning = await on('scanning', { viewport: { width: 1024, height: 768 }, hasTouch: true })
  await type(scanning, { not_returned: 0, returned: 7 }) // miscounted
  await look(scanning, 'ledger-tablet')
  const second = await on('scrutineer1')
  await type(second, { not_returned: 0, returned: 7 })
  await second.waitForSelector('tr.broken')
  await text(second, '#breaks', '发出 7 ≠ 收回 7 + 作废 1')
  assert.ok(await second.isDisabled('#act-balance'))
  await look(second, 'ledger-broken')
}

async function balance() {
  const page = await user('scrutineer1')
  await enter(page)
  await page.click('#go-ledger')
  await text(page, '#breaks', '收回 7 张，扫描 6 张')
  await look(page, 'ledger-scanned')
  const scanning = await on('scanning')
  await scanning.click('#change-A-1-returned')
  await type(scanning, { returned: 6 })
  await page.click('#refresh')
  await type(page, { returned: 6 })
  await page.waitForSelector('#balanced')
  await text(page, '#sentence', '应到 20 人，实到 6 人；发出评议票 7 张，收回 6 张，有效 6 张，无效 0 张。')
  await look(page, 'ledger-balanced')
  await page.click('header .el-button:first-of-type')
  await text(page, 'h1', 'Ledger')
  await look(page, 'ledger-en')
  await page.click('#act-balance')
  await confirm(page)
  await page.waitForSelector('#act-balance', { state: 'detached' })
}

async function packets() {
  const one = await on('printing1')
  await type(one, { issued: 20 })
  const two = await on('printing2')
  await type(two, { issued: 20 })
  await look(two, 'ledger-packets')
  await one.selectOption('#subject', '7')
  await one.click('#change-A-1-issued')
  await type(one, { issued: 19 })
  await two.reload()
  await two.waitForSelector('#subject')
  await text(two, '#ledger', '各述职人不同')
  await two.selectOption('#subject', '7')
  await type(two, { issued: 19 })
  await two.selectOption('#subject', '0')
  await text(two, '#ledger', '19–20')
}

await run({ print, count, balance, packets })
