// Visits the page on which unclear rows are decided: desk (two scrutineers at once), pages (those with flags), voids (two rows, by rules that make whole ballots invalid), both (a leaf with writing on both sides), taken (accounts that somebody else may hold). ROWS is how many rows wait.
import assert from 'node:assert/strict'
import { BASE, enter, late, look, MEETING, run, share, spent, troubles, user } from './common.mjs'

const { ROWS, UNTIL } = process.env
const shown = (page) => page.waitForFunction(() => (document.querySelector('#row-picture')?.naturalWidth ?? 0) > 300)
const settled = (page, n) => page.waitForFunction((want) => document.querySelector('#progress b')?.textContent === String(want), n)
const source = (page) => page.getAttribute('#row-picture', 'src')

async function press(page, key) {
  await shown(page)
  const before = await source(page)
  await page.keyboard.press(key)
  await page.waitForFunction((src) => !document.querySelector('#row-picture') || document.querySelector('#row-picture').getAttribute('src') !== src, before)
}

async function open(name, options) {
  const page = await user(name, options)
  await enter(page)
  await page.click('#go-decide')
  return page
}

// Decides by a key until nothing is left to this person, who needs a moment for each row; gives the page's processor time for
// each, from the key until the next picture is shown.
async function work(page, key, pause) {
  const own = await spent(page)
  const took = []
  const left = async () => (await page.waitForFunction(() => document.querySelector('#all-done, #with-others') ? 'none' : (document.querySelector('#row-picture')?.naturalWidth ?? 0) > 300 && 'row')).jsonValue()
  for (let next = await left(); next === 'row'; ) {
    const at = await own()
    await press(page, key)
    next = await left()
    took.push((await own()) - at)
    await page.waitForTimeout(pause)
  }
  return took
}

async function desk() {
  const rows = Number(ROWS)
  const page = await open('scrutineer1')
  await shown(page)
  await look(page, 'decide')
  await page.keyboard.press('m')
  await page.waitForSelector('#machine-view')
  await page.keyboard.press('v')
  assert.equal(await page.locator('.veil').count(), 0, 'the rows around are covered though asked for')
  await look(page, 'decide-machine')
  await press(page, '1') // a slip…
  await settled(page, 1)
  await page.keyboard.press('u')
  await shown(page)
  await page.keyboard.press('m') // a letter in the reason is no key
  await page.fill('#reason', '是污迹或折痕，不是画票')
  await page.press('#reason', '1')
  await page.fill('#reason', '是污迹或折痕，不是画票')
  await look(page, 'decide-undo')
  await page.press('#reason', 'Enter')
  await press(page, '0') // …corrected
  await press(page, 'x')
  await settled(page, 2)
  await page.reload()
  await settled(page, 2)
  await page.click('#tab-decided') // after a reload, too, what was decided may be corrected
  await page.waitForSelector('#decided tbody tr')
  await look(page, 'decide-decided')
  const corrected = await late(page, /\/pages\/[^/]+$/) // a row that comes when another one is looked at again does not take its place
  await page.click('#decided tbody tr:first-child .correct')
  await page.click('#tab-rows')
  await shown(page)
  const sight = await source(page)
  await corrected()
  assert.equal(await source(page), sight, 'the row in sight was exchanged')
  await page.click('#tab-decided')
  await page.click('#decided tr:has-text("：无效") .correct')
  await press(page, '1')
  await page.goBack() // and what was decided stays
  await page.waitForSelector('.next')
  await page.goForward()
  await settled(page, 2)

  const other = await open('scrutineer2', { viewport: { width: 1024, height: 768 }, hasTouch: true })
  await shown(other)
  await look(other, 'decide-tablet')
  await other.tap('#choose-1')
  const took = (await Promise.all([work(page, '1', 350), work(other, '1', 350)])).flat()
  const clock = (await Promise.all([page, other].map((one) => one.evaluate(() => performance.getEntriesByName('pingyi-next-row').map((e) => e.duration))))).flat()
  const words = (list) => `median ${share(list, 0.5)} ms, 90 % ${share(list, 0.9)} ms, 99 % ${share(list, 0.99)} ms, most ${share(list, 1)} ms`
  console.log(`next row after a key, ${took.length} rows: ${words(took)} of processor time; ${words(clock)} by the clock`)
  assert.ok(took.length > rows / 2 && took.every((ms) => ms > 0) && share(took, 0.5) < 100, `the next row takes ${share(took, 0.5)} ms of processor time`)
  await page.waitForSelector('#all-done')
  await settled(page, rows)
  await look(page, 'decide-done')
  await page.click('header .el-button:first-of-type')
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Decide')
  await page.click('#tab-decided')
  await page.waitForSelector('#decided tbody tr')
  await look(page, 'decide-en')
}

async function pages() {
  const page = await user('scrutineer1')
  await page.goto(`${BASE}/meetings/${MEETING}/decide`)
  await page.click('#tab-pages')
  await page.waitForSelector('#flagged tbody tr')
  const n = await page.locator('#flagged tbody tr').count()
  const looked = await late(page, /\/pages\/[^/]+$/) // a page that comes when another one is looked at does not take its place
  await page.click('#flagged tbody tr:nth-child(2) .look')
  await page.click('#flagged tbody tr:first-child .look')
  await page.waitForFunction(() => (document.querySelector('#flagged-page img')?.naturalWidth ?? 0) > 300)
  await looked()
  assert.ok(await page.isVisible('#flagged tbody tr:first-child.chosen'), 'the page in sight was exchanged')
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

// Where several marks make the whole ballot invalid, the page says so, and has another key for a row that is invalid alone.
async function voids() {
  const page = await open('scrutineer1')
  await shown(page)
  await look(page, 'decide-voids')
  assert.match(await page.innerText('#choose-X'), /只这一行无效/)
  assert.match(await page.innerText('#choose-D'), /整张票无效/)
  await press(page, 'x')
  await press(page, 'd')
  await settled(page, 2)
}

// Of a leaf with writing on both sides both are shown, whichever is opened, and one word is said of it.
async function both() {
  const page = await user('scrutineer1')
  await page.goto(`${BASE}/meetings/${MEETING}/decide`)
  await page.click('#tab-pages')
  await page.waitForSelector('#flagged tbody tr')
  assert.equal(await page.locator('#flagged tbody tr').count(), 2)
  await page.click('#flagged tbody tr:first-child .look')
  await page.waitForSelector('#both-sides')
  await page.waitForFunction(() => [...document.querySelectorAll('#flagged-page .pieces img')].filter((i) => i.naturalWidth > 100).length === 2)
  await look(page, 'decide-both')
  await page.click('#full')
  await page.waitForFunction(() => document.querySelectorAll('#flagged-page img.full').length === 2)
  await page.click('#counts')
  await page.waitForFunction(() => document.querySelectorAll('#flagged tbody tr').length === 0)
}

// By an account that somebody else may hold nothing is decided: the page says what to do. From UNTIL on, in seconds, a
// fresh account may decide.
async function taken() {
  const left = () => Math.floor((Number(UNTIL) - Math.floor(Date.now() / 1000)) / 60) + 1
  for (const [name, why] of [['given', /改成只有自己知道的密码/], ['fresh', /再过 (\d+) 分钟/]]) {
    const page = await user(name)
    await enter(page)
    await page.waitForSelector('#go-decide')
    assert.equal(await page.locator('#initial-password').count(), name === 'given' ? 1 : 0)
    await look(page, `meeting-${name}`)
    await page.click('#go-decide')
    await shown(page)
    const most = left()
    await page.keyboard.press('1')
    const [, minutes] = why.exec(await page.innerText('.el-message--error')) ?? assert.fail(`${name} is not told why`)
    if (minutes) assert.ok(Number(minutes) <= most && Number(minutes) >= left(), `${minutes} minutes, ${left()} to ${most} are left`)
    await settled(page, 0)
    await look(page, `decide-${name}`)
    assert.ok(troubles.pop()?.includes('409')) // a refusal is an error in the console, and this one is wanted
    await page.context().close()
  }
}

await run({ desk, pages, voids, both, taken })
