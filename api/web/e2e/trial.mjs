// Makes a trial run: the test ballots are fetched, scans of them are judged, in both languages, on a screen and on a
// tablet. GOOD and BAD are scans of well and of badly set machines.
import assert from 'node:assert/strict'
import { enter, language, look, run, user } from './common.mjs'

const { GOOD, BAD } = process.env

async function judge(page, file, ready) {
  await page.setInputFiles('#files', file)
  await page.waitForSelector(`#verdict[data-ready=${ready}]`)
  await page.waitForFunction(() => [...document.querySelectorAll('.images img')].every((i) => i.naturalWidth > 100))
}

async function trial() {
  const page = await user('scanning')
  await enter(page)
  await page.click('nav.places a[href$="/trial"]')
  await page.waitForSelector('#print-trial')
  await look(page, 'trial')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#print-trial')])
  assert.match(download.suggestedFilename(), /^trial-.*\.pdf$/)
  await judge(page, GOOD, 'ready')
  assert.equal(await page.locator('.findings li').count(), 0)
  await look(page, 'trial-ready', { fullPage: true })
  await judge(page, BAD, 'not_ready')
  assert.deepEqual(await page.$$eval('.findings li', (all) => all.map((l) => l.dataset.code).sort()), ['one_bit', 'printer_scaled', 'unclear']) // a black-and-white scan loses outlines, so that what lies upon a box is not seen
  await look(page, 'trial-bad', { fullPage: true })
  await page.setViewportSize({ width: 820, height: 1180 })
  await look(page, 'trial-tablet', { fullPage: true })
  await language(page)
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Trial run')
  await look(page, 'trial-en', { shot: true, fullPage: true })
}

await run({ trial })
