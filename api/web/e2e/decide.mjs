// Visits the page on which unclear rows are decided: two (two scrutineers at once), pages (those with flags). ROWS is how many rows wait.
import assert from 'node:assert/strict'
import { BASE, decide, decideAll, desk, language, look, MEETING, rowShown, run, user } from './common.mjs'

const { ROWS } = process.env
const settled = (page, n) => page.waitForFunction((want) => document.querySelector('#progress b')?.textContent === String(want), n)

async function two() {
  const rows = Number(ROWS)
  const page = await desk('scrutineer1')
  await look(page, 'decide')
  await page.keyboard.press('m')
  await page.waitForSelector('#machine-view')
  await page.keyboard.press('v')
  assert.equal(await page.locator('.veil').count(), 0, 'the rows around are covered though asked for')
  await look(page, 'decide-machine')
  await decide(page, '1') // a slip…
  await settled(page, 1)
  await page.keyboard.press('u')
  await rowShown(page)
  await page.keyboard.press('m') // a letter in the reason is no key
  await page.fill('#reason', '是污迹或折痕，不是画票')
  await page.press('#reason', '1')
  await page.fill('#reason', '是污迹或折痕，不是画票')
  await look(page, 'decide-undo')
  await page.press('#reason', 'Enter')
  await decide(page, '0') // …corrected
  await decide(page, 'x')
  await settled(page, 2)
  await page.reload()
  await settled(page, 2)
  await page.click('#tab-decided') // after a reload, too, what was decided may be corrected
  await page.waitForSelector('#decided tbody tr')
  await look(page, 'decide-decided')
  await page.click('#decided tr:has-text("：无效") .correct')
  await decide(page, '1')
  await page.goBack() // and what was decided stays
  await page.waitForSelector('.next')
  await page.goForward()
  await settled(page, 2)

  const other = await desk('scrutineer2', { viewport: { width: 1024, height: 768 }, hasTouch: true })
  await look(other, 'decide-tablet')
  await other.tap('#choose-1')
  await Promise.all([page, other].map((who) => decideAll(who, '1')))
  await page.waitForSelector('#all-done', { timeout: 60_000 })
  await settled(page, rows)
  await look(page, 'decide-done')
  await language(page)
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Decide')
  await page.click('#tab-decided')
  await page.waitForSelector('#decided tbody tr')
  await look(page, 'decide-en', { shot: true })
}

async function pages() {
  const page = await user('scrutineer1')
  await page.goto(`${BASE}/meetings/${MEETING}/decide`)
  await page.click('#tab-pages')
  await page.waitForSelector('#flagged tbody tr')
  const n = await page.locator('#flagged tbody tr').count()
  await page.click('#flagged tbody tr:first-child .look')
  await page.waitForFunction(() => (document.querySelector('#flagged-page img')?.naturalWidth ?? 0) > 300)
  await look(page, 'decide-pages')
  await page.click('#counts')
  await page.waitForFunction((want) => document.querySelectorAll('#flagged tbody tr').length === want, n - 1)
  await page.click('#flagged tbody tr:first-child .look')
  await page.fill('#aside-reason', '票面有署名')
  await page.click('#aside')
  await page.waitForFunction((want) => document.querySelectorAll('#flagged tbody tr').length === want, n - 2)
  await page.check('.filter input[type=checkbox]')
  await page.waitForSelector('#flagged tr:has-text("认定废票")')
  await look(page, 'decide-pages-done')
}

await run({ two, pages })
