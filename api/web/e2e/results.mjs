// The committee at released results: sums, one secretary, overall grades with their cap, feedback sheets, and the
// big screen; scrutineers have no big screen before release. Figures are compared with the API's.
import assert from 'node:assert/strict'
import { asking, BASE, language, look, MEETING, run, spent, user } from './common.mjs'

let meeting = MEETING
const answer = async (page, path) => (await page.request.get(`${BASE}/api/v1/meetings/${meeting}${path}`)).json()
const open = (page, path) => page.goto(`${BASE}/meetings/${meeting}${path}`)
const cells = (page, rows) => page.$$eval(rows, (all) => all.map((r) => [...r.querySelectorAll('td')].map((d) => d.firstChild?.textContent?.trim() ?? '')))

/** Loads each page as a browser that has nothing of it yet, and fails where more kilobytes come over the wire. */
async function firstLoads(paths, most) {
  const page = await user('committee1')
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  cdp.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength))
  const settled = asking(page)
  for (const path of paths) {
    bytes = 0
    await open(page, path)
    await settled()
    console.log(`first load of ${path || '/'}: ${Math.round(bytes / 1024)} KB`)
    assert.ok(bytes > 0 && bytes / 1024 < most, `${path} loads ${bytes} bytes`)
  }
  await page.context().close()
}

export async function released(of = MEETING) {
  meeting = of
  await firstLoads(['', '/results', '/results?view=chart', '/results?view=sums', '/results/1', '/overall', '/screen'], 350)
  const page = await user('committee1')
  await open(page, '/results?view=sums')
  await page.waitForSelector('#modes')
  const result = await answer(page, '/results')
  const modes = await cells(page, '#modes tbody tr')
  assert.deepEqual(modes.map((r) => r.slice(2).map(Number)), result.summaries.map((s) => [...s.table.counts, s.table.blank, s.table.invalid]))
  if (result.groups.length > 1 && result.summaries.at(-1).groups) assert.deepEqual((await cells(page, '#groups tbody tr')).map((r) => r.slice(2, 6).map(Number)), result.summaries.at(-1).groups.map((g) => g.counts.slice(0, 4)))
  assert.deepEqual((await cells(page, '#bands tbody tr'))[0].map(Number), result.distribution.map((b) => b.subjects))
  await look(page, 'results-sums', { fullPage: true })

  // With a group chosen, the order is that of the figures which are shown.
  const numbers = async (path) => (await answer(page, path)).subjects.map((s) => String(s.no))
  const overall = await numbers('/results?sort=good&desc=true')
  for (const { code } of result.groups.length > 1 ? result.groups : []) {
    const order = await numbers(`/results?sort=good&desc=true&group=${code}`)
    if (String(order) === String(overall)) continue
    await open(page, `/results?sort=good&desc=1&group=${code}`)
    await page.waitForSelector('#results tbody tr')
    assert.deepEqual((await cells(page, '#results tbody tr')).map((r) => r[0]), order)
  }

  await open(page, '/results')
  const first = result.subjects[0]
  await page.click('#results tbody a')
  await page.waitForSelector('#figures')
  assert.deepEqual((await cells(page, '#figures tbody tr'))[0].slice(1, 5).map(Number), first.overall.counts.slice(0, 4))
  await page.click('#after')
  await page.waitForFunction((who) => document.querySelector('h1')?.textContent?.includes(who), `${result.subjects[1].no}　${result.subjects[1].name}`)
  await page.check('input[name=grade] >> nth=0')
  await page.fill('#items', '每季度至少讲一次党课\n\n补齐组织生活会记录')
  await page.click('#save')
  await page.waitForSelector('.el-message--success')
  await look(page, 'subject', { fullPage: true })
  const sheet = await page.evaluate(async (no) => (await fetch(`/api/v1/meetings/${location.pathname.split('/')[2]}/feedback?subject=${no}`)).headers.get('content-type'), result.subjects[1].no)
  assert.equal(sheet, 'application/pdf')

  await open(page, '/overall')
  await page.waitForSelector('#overall tbody tr')
  assert.equal(await page.inputValue(`select[name=grade-${result.subjects[1].no}]`), result.rules.grades[0])
  await page.fill('#cap', '1')
  await page.click('#set-cap')
  await page.waitForSelector('#warning')
  const other = result.subjects[0].no
  await page.selectOption(`select[name=grade-${other}]`, result.rules.grades[1])
  await page.waitForFunction((n) => document.querySelector('#counts')?.textContent?.includes(String(n)), result.subjects.length - 2)
  await look(page, 'overall')
  const kept = (await answer(page, '/results')).conclusions
  assert.deepEqual([kept.cap, kept.missing, kept.entered.find((c) => c.subject === other).overall_grade], [1, result.subjects.length - 2, result.rules.grades[1]])
  const before = await answer(page, '/results')
  assert.deepEqual(before.subjects, result.subjects, 'a figure changed by what was entered')

  await open(page, '/screen')
  await page.waitForSelector('#subject')
  const lowest = [...result.subjects].sort((a, b) => a.no - b.no)[0]
  assert.ok((await page.textContent('#weighted')).includes(`${lowest.good.text}%`), 'the screen shows another rate than the statement')
  await look(page, 'screen')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.querySelector('#place')?.textContent?.startsWith('2 / '))
  await page.click('#show-ranking')
  await page.waitForSelector('#ranking .line')
  await look(page, 'screen-ranking')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await look(page, 'screen-hall')
  await page.keyboard.press('Escape')
  await page.waitForSelector('#results')

  await page.setViewportSize({ width: 820, height: 1180 }) // a tablet
  for (const path of ['/results', '/results?view=sums', `/results/${other}`, '/overall']) {
    await open(page, path)
    await page.waitForSelector('table.figures')
    await look(page, `tablet${path.replace(/\W/g, '-')}`)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than a tablet`)
  }
  await language(page)
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Overall grades')
  await look(page, 'overall-en', { shot: true })
  await page.context().close()
}

// Before release: a scrutineer sees the figures, and no hall does; the committee sees nothing.
export async function early(of = MEETING) {
  meeting = of
  const teller = await user('scrutineer1')
  await open(teller, '/screen')
  await teller.waitForSelector('.middle')
  assert.equal(await teller.locator('#subject, #ranking').count(), 0, 'a hall sees results before release')
  await look(teller, 'screen-early')
  await open(teller, '/results')
  await teller.waitForSelector('#results tbody tr')
  await teller.context().close()
  const page = await user('committee1')
  assert.equal((await answer(page, '/results')).code, 'not_released')
  const settled = asking(page)
  await open(page, '')
  await page.waitForSelector('.next')
  await settled()
  assert.equal(await page.locator('.places a').filter({ hasText: '结果' }).count(), 0, 'results are offered to the committee before release')
  await page.context().close()
}

// Five thousand secretaries: the table is sorted, filtered and turned over within 100 ms of the page's own time.
async function large() {
  await firstLoads(['/results', '/results?view=chart'], 400)
  const page = await user('committee1')
  await open(page, '/results')
  await page.waitForSelector('#results tbody tr:nth-child(100)')
  const own = await spent(page)
  const first = () => page.textContent('#results tbody tr:first-child td')
  const rows = () => page.locator('#results tbody tr').count()
  assert.deepEqual([await rows(), await first()], [100, '1'])
  const took = {}
  const act = async (what, input, want) => {
    const at = await own()
    await input()
    await page.waitForFunction((no) => document.querySelector('#results tbody td')?.textContent === no, want, { polling: 200 }) // to look at each frame would be counted, too
    took[what] = Math.min(took[what] ?? Infinity, Math.round((await own()) - at))
  }
  for (let i = 0; i < 3; i++) { // the least of three: other work on the machine only adds to what the page takes
    await act('turning', () => page.click('#pages .el-button:last-of-type'), '101')
    await act('turning', () => page.click('#pages .el-button:first-of-type'), '1')
  }
  await page.click('#results thead th:first-child button')
  for (let i = 0; i < 3; i++) {
    await act('sorting', () => page.click('#results thead th:first-child button'), '5000')
    await act('sorting', () => page.click('#results thead th:first-child button'), '1')
  }
  await act('sorting', () => page.click('#results thead th:first-child button'), '5000')
  for (let i = 0; i < 3; i++) {
    await act('filtering', () => page.selectOption('select[name=mode]', 'oral'), '4990')
    await act('filtering', () => page.selectOption('select[name=mode]', 'written'), '5000')
  }
  await page.requestGC() // searched once alone: collecting the garbage of what was before is no part of it
  await act('searching', () => page.fill('input[name=q]', '第4001党支部'), '4001')
  assert.deepEqual([await rows(), await page.locator('#pages').count()], [1, 0])
  await look(page, 'results-large')
  await page.fill('input[name=q]', '')
  await page.waitForFunction(() => document.querySelectorAll('#results tbody tr').length === 100)
  const at = await own()
  await page.click('#view-chart')
  await page.waitForSelector('#chart li')
  const chart = Math.round((await own()) - at)
  await look(page, 'results-large-chart', { fullPage: true })
  console.log(JSON.stringify({ subjects: 5000, ...took, chart }))
  for (const [what, ms] of Object.entries(took)) assert.ok(ms > 0 && ms < 100, `${what} takes ${ms} ms of processor time`)
}

await run({ released, early, large }, /^$/, import.meta.url)
