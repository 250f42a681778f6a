// The admin uploads a ballot that the office made itself, settles what is unsure, corrects a row and takes that back,
// confirms, and removes it from a second group. BLANK is the file: row n is subject n's, and UNSURE is the key of a row
// that OCR cannot match, be there others or not.
import assert from 'node:assert/strict'
import { unanswered } from './broken.mjs'
import { BASE, confirm, enter, language, look, MEETING, run, user } from './common.mjs'

const { BLANK, UNSURE } = process.env

async function upload(page) {
  await page.setInputFiles('#blank-file', BLANK)
  await page.waitForSelector('[data-step]')
  await page.waitForSelector('.sheet image')
}

const step = (page, name) => page.waitForSelector(`[data-step=${name}]`)
const choice = (key) => `tr[data-row="${key}"] select`

async function blank() {
  const page = await user('admin')
  await enter(page)
  await page.click(`a[href="/meetings/${MEETING}/blank"]`)
  await page.waitForSelector('#blank-file', { state: 'attached' })
  await look(page, 'blank-empty')
  await unanswered(page, '/blanks/A', () => page.setInputFiles('#blank-file', BLANK)) // it was learned, and nobody told
  await page.reload()
  await step(page, 'open')
  await page.waitForSelector('.sheet image')
  assert.ok(await page.isDisabled('#confirm-blank'), 'a blank can be confirmed while a row is unsure')
  assert.equal(await page.inputValue(choice(UNSURE)), '', 'a row that OCR cannot match was given to somebody')
  await look(page, 'blank-open')
  for (let n = await page.locator('.column.open').count(); n > 0; n--) {
    await page.click('.column.open .grade:not([disabled])')
    await page.waitForFunction((left) => document.querySelectorAll('.column.open').length === left, n - 1)
  }
  const unsure = await page.$$eval('tr[data-row]', (rows) => rows.filter((r) => r.querySelector('select').value === '').map((r) => r.dataset.row))
  assert.equal(await page.locator('.sheet .name.open').count(), unsure.length, 'what is unsure is red on the picture')
  for (const key of unsure) {
    await page.selectOption(`${choice(key)}:not([disabled])`, key.split('.')[1])
    await page.waitForFunction((k) => document.querySelector(`tr[data-row="${k}"] .muted`) !== null, key)
  }
  await step(page, 'check')
  await page.click('#rows-all')
  const rows = await page.$$eval('tr[data-row] select', (all) => all.map((s) => s.value))
  assert.deepEqual(rows, rows.map((_, i) => String(i + 1)), 'each row is the next subject')
  await page.selectOption(`${choice('row 1.1')}:not([disabled])`, 'skip') // a mistake, which is taken back
  await page.waitForSelector('.sheet .name.skipped')
  await page.selectOption(`${choice('row 1.1')}:not([disabled])`, '')
  await page.waitForSelector('.sheet .name.skipped', { state: 'detached' })
  await look(page, 'blank-check')
  await page.waitForSelector('#confirm-blank:not([disabled])')
  await unanswered(page, '/confirm', () => page.click('#confirm-blank'))
  await page.reload()
  await step(page, 'done')
  assert.equal(await page.locator('#blank-problems').count(), 0, 'sealing would refuse the blank')
  await look(page, 'blank-done')
  await page.goto(`${BASE}/meetings/${MEETING}/setup/seal`) // where all is gone through, the blank is shown, not a layout of ours
  await page.waitForFunction(() => (document.querySelector('#blank-picture')?.naturalWidth ?? 0) > 300)
  await look(page, 'blank-seal')
  await page.selectOption('#shown-group', 'B')
  await page.waitForSelector('svg.ballot')
  assert.equal(await page.locator('#own-blank').count(), 0)
  await page.goto(`${BASE}/meetings/${MEETING}/blank`)
  await step(page, 'done') // what was confirmed stays
  await page.click('.group-B')
  await page.waitForSelector('#blank-file', { state: 'attached' })
  await upload(page)
  await page.click('#remove-blank')
  await confirm(page)
  await page.waitForSelector('#blank-file', { state: 'attached' })
  await language(page)
  await page.click('.group-A')
  await step(page, 'done')
  assert.match(await page.textContent('h1'), /own blank ballot/)
  await look(page, 'blank-en', { shot: true, fullPage: true })
  assert.ok(page.url().startsWith(BASE))
}

await run({ blank }, /ERR_/)
