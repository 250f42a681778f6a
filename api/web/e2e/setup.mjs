// An administrator sets the source meeting up from nothing to sealed, in the browser alone, in parts: setup (the whole
// path), large (5,000 subjects, whose table must answer within 100 ms). Settings come by environment.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BASE, confirm, hush, language, look, run, spent, user } from './common.mjs'

const { ROSTER, ROLL, LARGE, BADROLL } = process.env
const text = (page, selector) => page.locator(selector).first().innerText()
const row = (page, at) => page.locator(`[data-at="${at}"]`)
const names = (page, n) => page.evaluate((count) => [...document.querySelectorAll('#roster-rows [data-at]')].filter((r) => Number(r.dataset.at) < count).sort((a, b) => a.dataset.at - b.dataset.at).map((r) => r.querySelector('[data-field=name]').value), n)
const saved = (page) => page.waitForFunction(() => document.querySelector('#save-state')?.classList.contains('muted') && !document.querySelector('#save-problem'))

async function create(page, title = '2025年度地直机关党组织书记抓基层党建工作述职评议表') {
  await page.click('#new-meeting')
  await page.waitForSelector('#create')
  await look(page, 'setup-new')
  await page.click('#create') // without a title: it says so
  await page.waitForSelector('[role=alert]')
  await page.fill('#title', title)
  await page.fill('#organiser', '中共地直机关工作委员会')
  await page.fill('#date', '2026-01-15')
  await page.click('#create')
  await page.waitForSelector('#paste')
}

// The clerk pastes a table whose seventh line has a wrong report mode and whose ninth lacks its organisation, and
// mends both in place.
async function roster(page) {
  await look(page, 'setup-roster-empty')
  const lines = readFileSync(ROSTER, 'utf8').replace(/^\uFEFF/, '').trim().split(/\r?\n/).map((l) => l.split(','))
  lines[6][4] = '远程'
  lines[8][2] = ''
  await page.click('#paste')
  await page.fill('#pasted', lines.map((l) => l.join('\t')).join('\n'))
  await page.click('#read-pasted')
  await page.waitForFunction(() => ['第 7 行', '第 9 行'].every((line) => document.querySelector('#roster-faults')?.textContent?.includes(line)))
  await look(page, 'setup-roster-faults')
  await page.click('#save-next') // refused, and nothing that was typed is lost
  await page.waitForSelector('#save-problem')
  assert.equal(await row(page, 5).locator('[data-field=mode]').inputValue(), '远程')
  await row(page, 5).locator('[data-field=mode]').selectOption('oral')
  await row(page, 7).locator('[data-field=org]').fill(readFileSync(ROSTER, 'utf8').split(/\r?\n/)[8].split(',')[2])
  await page.waitForSelector('#roster-faults', { state: 'detached' })

  // By the keys, by the number, by dragging, and back again: the order is what it was.
  const before = await names(page, 5)
  await row(page, 0).locator('.handle').focus()
  await page.keyboard.press('ArrowDown')
  assert.deepEqual(await names(page, 2), [before[1], before[0]])
  assert.equal(await page.evaluate(() => document.activeElement?.closest('[data-at]')?.dataset.at), '1', 'the moved row has lost the focus')
  await page.keyboard.press('ArrowUp')
  await row(page, 0).locator('[data-field=no]').fill('4')
  await page.keyboard.press('Tab')
  assert.deepEqual(await names(page, 4), [before[1], before[2], before[3], before[0]])
  const [from, to] = [await row(page, 3).locator('.handle').boundingBox(), await row(page, 0).boundingBox()]
  await page.mouse.move(from.x + 10, from.y + 20)
  await page.mouse.down()
  await page.mouse.move(from.x + 10, to.y + 12, { steps: 5 })
  await page.mouse.move(from.x + 10, to.y + 4)
  await look(page, 'setup-roster-drag')
  await page.mouse.up()
  assert.deepEqual(await names(page, 5), before)

  // Added and removed; the connection is lost while saving: what was typed stays, and it says so.
  await page.click('#add-subject')
  await row(page, 72).locator('[data-field=name]').waitFor()
  await row(page, 72).locator('[aria-label=删去]').click()
  await page.waitForFunction(() => document.querySelector('#roster-count')?.textContent?.includes('共 72 人'))
  await page.context().setOffline(true)
  await page.click('#save')
  await page.waitForSelector('#save-problem')
  assert.match(await text(page, '#save-problem'), /没有收到服务器的答复/)
  await look(page, 'setup-offline')
  await page.context().setOffline(false)
  await page.click('#save')
  await saved(page)
  await page.reload()
  await page.waitForSelector('#roster-count')
  assert.deepEqual(await names(page, 5), before, 'what was saved is not there after a reload')
  assert.match(await text(page, '#roster-count'), /72 人：现场述职 7 人，书面述职 65 人/)

  // By strokes, looked at and undone.
  await page.click('#by-strokes')
  await page.waitForSelector('#drop')
  await look(page, 'setup-roster-strokes')
  assert.deepEqual(await names(page, 5), before, 'oral reports stay first')
  await page.click('#step-rules') // leaving warns
  await page.waitForSelector('.el-message-box')
  await look(page, 'setup-leave')
  await page.click('.el-message-box__btns .el-button:not(.el-button--danger)')
  await page.click('#drop')
  await confirm(page)
  await saved(page)
  await page.click('#save-next')
}

async function groups(page) {
  await page.waitForSelector('#usual-groups')
  await page.click('#usual-groups')
  await page.click('#add-venue')
  const weight = page.locator('#groups tbody tr').nth(2).locator('input[type=number]')
  await weight.fill('30')
  await weight.press('Tab')
  assert.match(await text(page, '#weights'), /110%/)
  await look(page, 'setup-groups-wrong')
  await weight.fill('20')
  await weight.press('Tab')
  assert.match(await text(page, '#weights'), /合计 100%/)
  await look(page, 'setup-groups', { fullPage: true })
  await page.click('#save-next')
}

async function rules(page) {
  await page.waitForSelector('#ballot-picture text')
  // Drawn anew where the groups, which were saved just now, come after the first picture.
  await page.waitForFunction(() => ['A票', '第 1 页'].every((part) => document.querySelector('#ballot-picture')?.textContent?.includes(part)))
  const code = (wide) => page.waitForFunction((want) => Math.round(Number(document.querySelector('#ballot-picture rect[stroke-dasharray="1"]')?.getAttribute('width'))) === want, wide)
  await code(16)
  await page.click('#rule-identity input[value=serial]') // its price is told, and the code on the ballot is larger
  await code(24)
  assert.match(await page.textContent('#rule-identity'), /惯例不许票面编号/)
  await page.locator('#rule-identity').scrollIntoViewIfNeeded()
  await look(page, 'setup-rules-serial')
  await page.click('#rule-identity input[value=form_code]')
  await code(16)
  assert.ok(await page.locator('#rule-mark input[value=ticks_only]').isDisabled(), 'ticks only can be chosen')
  await look(page, 'setup-rules')
  await page.click('#rule-form input[value=single]')
  await page.waitForFunction(() => document.querySelector('#ballot-size')?.textContent?.includes('72'))
  await look(page, 'setup-rules-single')
  await page.click('#rule-form input[value=roster]')
  await page.waitForFunction(() => document.querySelector('#ballot-size')?.textContent?.includes('2 面'))
  await page.locator('#rule-blocks input[value="2"]').click()
  await page.locator('#rule-grades label').nth(4).click() // six grades in two blocks do not fit: it says so at once
  await page.fill('#rule-grades .words input', '一、二、三、四、五、六')
  await page.waitForSelector('.picture .problem')
  await look(page, 'setup-rules-no-room')
  await page.locator('#rule-grades label').nth(0).click()
  await page.locator('#rule-blocks input[value="0"]').click()
  await page.waitForSelector('.picture .problem', { state: 'detached' })
  await page.click('#page-on')
  await page.waitForFunction(() => document.querySelector('#ballot-picture')?.textContent?.includes('第 2 页'))
  await page.locator('#rule-scores label').nth(1).click()
  await page.click('#add-alert')
  await page.locator('#rule-scores').scrollIntoViewIfNeeded()
  await look(page, 'setup-rules-scores')
  await page.check('#rule-two input')
  await page.click('#save-next')
}

async function roll(page) {
  await page.waitForSelector('#headcounts')
  await look(page, 'setup-roll-empty')
  await page.setInputFiles('#roll-file', BADROLL)
  await page.waitForSelector('#roll-faults')
  assert.match(await text(page, '#roll-faults'), /第 5 行.*司机/)
  await look(page, 'setup-roll-faults')
  await page.setInputFiles('#roll-file', ROLL)
  await page.waitForSelector('#roll-read')
  assert.ok((await page.locator('#excluded tbody tr').count()) > 0, 'nobody is listed as excluded')
  assert.match(await text(page, '#excluded'), /党务工作者不参与画票/)
  await look(page, 'setup-roll', { fullPage: true })
  const download = page.waitForEvent('download')
  await page.click('#sign-in-sheet')
  assert.equal(readFileSync(await (await download).path()).subarray(0, 5).toString(), '%PDF-')
  await page.reload() // names are gone, counts are not
  await page.waitForSelector('#total-voters')
  assert.equal(await page.locator('#excluded').count(), 0, 'names outlived the page')
  await page.click('#save-next')
}

async function seal(page) {
  await page.waitForSelector('#summary')
  await page.waitForSelector('.ballot')
  const all = await text(page, '#summary')
  for (const part of ['72 人', '现场述职 7 人', 'A票 工委委员', '党务工作者', '100 / 80 / 60 / 40', '每张票 2 面，用纸 1 张']) assert.ok(all.includes(part), `the summary lacks ${part}`)
  assert.ok(await page.isDisabled('#act-seal'), 'it can be sealed without being looked at')
  await look(page, 'setup-seal', { fullPage: true })
  await page.click('#looked')
  await language(page)
  await page.waitForFunction(() => document.querySelector('#act-seal')?.textContent?.trim() === 'Seal')
  await look(page, 'setup-seal-en', { shot: true })
  await language(page)
  await page.click('#act-seal')
  await confirm(page)
  await page.waitForSelector('#act-open-meeting')
  await look(page, 'setup-sealed')
}

export async function setUp() {
  const page = await user('admin')
  await create(page)
  await roster(page)
  await groups(page)
  await rules(page)
  await roll(page)
  await page.goto(`${BASE}/meetings`) // interrupted: the path goes on where it was left
  await page.click('a.meeting')
  await page.click('#go-setup')
  await page.waitForURL('**/setup/seal')
  await together(page.url())
  await seal(page)
}

/** Two administrators change the same part: the second is told, and loses nothing. */
async function together(url) {
  const [one, two] = [await user('admin'), await user('admin2')]
  for (const page of [one, two]) {
    await page.goto(url.replace('/seal', '/groups'))
    await page.waitForSelector('#groups')
  }
  const reason = (page) => page.locator('.wide input').first()
  await reason(one).fill('党务工作者不参与画票（一）')
  await one.click('#save')
  await saved(one)
  await reason(two).fill('党务工作者不参与画票（二）')
  await two.click('#save')
  await two.waitForSelector('#save-anyway')
  await look(two, 'setup-conflict')
  assert.equal(await reason(two).inputValue(), '党务工作者不参与画票（二）')
  await two.click('#save-anyway')
  await saved(two)
  await reason(two).fill('各单位党务工作者不参与画票')
  await two.click('#save')
  await saved(two)
  for (const page of [one, two]) await page.context().close()
}

// A collection of garbage, of some 80 ms with 5,000 rows, is not the time of the act that happens to meet it: there has just
// been one where measuring begins.

/** The worst of some interactions, in milliseconds: of the page's processor time, and by the clock from the input until
 *  its picture was drawn. */
async function worst(page, acts) {
  await page.requestGC()
  const own = await spent(page)
  const [processor, clock] = [[], []]
  for (const act of acts) {
    await page.evaluate(() => {
      window.took = new Promise((done) => {
        const kinds = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'paste']
        const begin = () => {
          for (const kind of kinds) window.removeEventListener(kind, begin, true)
          const at = performance.now()
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - at), 0)) // after the frame's painting
        }
        for (const kind of kinds) window.addEventListener(kind, begin, true)
      })
    })
    const before = await own()
    await act()
    clock.push(await page.evaluate(() => window.took))
    processor.push((await own()) - before)
  }
  return { processor: Math.round(Math.max(...processor)), clock: Math.round(Math.max(...clock)) }
}

/** The processor time from an act until the page shows what it leads to. */
async function until(page, act, there) {
  await page.requestGC()
  const own = await spent(page)
  const at = await own()
  await act()
  await there()
  return { processor: Math.round((await own()) - at) }
}

async function large() {
  const page = await user('admin')
  await create(page, '五千人')
  const took = {}
  const counted = () => page.waitForFunction(() => document.querySelector('#roster-count')?.textContent?.includes('5000 人'))
  took.upload = await until(page, () => page.setInputFiles('#roster-file', LARGE), counted)
  const drawn = await page.locator('#roster-rows [data-at]').count()
  assert.ok(drawn < 60, `${drawn} rows exist of 5,000`)
  await hush(page)
  await page.click('#paste') // the same, from a spreadsheet
  await page.evaluate((t) => (window.copied = t), readFileSync(LARGE, 'utf8').replaceAll(',', '\t'))
  took.paste = await until(page, () => page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', window.copied)
    document.querySelector('#pasted').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }), () => page.waitForSelector('.el-message-box'))
  took.replace = await until(page, () => confirm(page), () => page.waitForSelector('.el-message--success'))
  await counted()
  await hush(page)
  await row(page, 2).locator('[data-field=name]').focus()
  took.typing = await worst(page, [...'张王李赵钱孙周吴郑陈'].map(() => () => page.keyboard.press('a')))
  await row(page, 2).locator('.handle').focus()
  took.moving = await worst(page, Array.from({ length: 10 }, () => () => page.keyboard.press('ArrowDown')))
  await page.locator('#roster-rows').hover()
  took.scrolling = await worst(page, Array.from({ length: 10 }, (_, i) => () => page.mouse.wheel(0, 2000 * (i + 1))))
  await page.waitForFunction(() => Number(document.querySelector('#roster-rows [data-at]').dataset.at) > 500)
  await page.evaluate((top) => (document.querySelector('#roster-rows').scrollTop = top), 48 * 4000) // the wheel may still turn: from here on the table stands
  const at = await (await page.waitForFunction((top) => {
    const [table, row] = [document.querySelector('#roster-rows'), document.querySelector('#roster-rows [data-at]')]
    return table.scrollTop === top && row.offsetTop > top - table.clientHeight && Number(row.dataset.at)
  }, 48 * 4000)).jsonValue()
  const grip = await row(page, at + 9).locator('.handle').boundingBox()
  await page.mouse.move(grip.x + 10, grip.y + 10)
  await page.mouse.down()
  took.dragging = await worst(page, Array.from({ length: 10 }, (_, i) => () => page.mouse.move(grip.x + 10, grip.y + 10 + 12 * (i + 1))))
  const org = (i) => row(page, i).locator('[data-field=org]').inputValue()
  const dragged = await org(at + 9)
  took.dropping = await until(page, () => page.mouse.up(), () => page.waitForFunction(() => !document.querySelector('.drop')))
  assert.notEqual(await org(at + 9), dragged, 'the row that was dragged is where it was')
  const no = row(page, at + 8).locator('[data-field=no]')
  await no.fill('1')
  took.far = await worst(page, [() => page.keyboard.press('Tab')])
  took.strokes = await until(page, () => page.click('#by-strokes'), () => page.waitForSelector('.el-message--success'))
  took.saving = await until(page, () => page.click('#save'), () => saved(page))
  console.log(JSON.stringify({ rows: 5000, drawn, ...took }))
  // What asks the service for all 5,000 is several tasks, between which the page answers; alone it is under 100 ms too,
  // but a processor that is shared with other work takes longer for the same.
  const asks = ['upload', 'paste', 'replace', 'strokes', 'saving']
  for (const [what, ms] of Object.entries(took)) assert.ok(ms.processor > 0 && ms.processor < (asks.includes(what) ? 250 : 100), `${what} takes ${ms.processor} ms of processor time`)
  await look(page, 'setup-large')
}

/** The screens on a tablet, of the meeting that was sealed and of a draft. */
async function tablet() {
  const page = await user('admin', { viewport: { width: 1024, height: 768 } })
  await look(page, 'tablet-meetings')
  await create(page, '平板')
  await page.setInputFiles('#roster-file', ROSTER)
  await page.waitForSelector('#roster-count')
  await page.click('#save-next')
  await page.waitForSelector('#usual-groups')
  await page.click('#usual-groups')
  await page.click('#save-next')
  await page.waitForURL('**/setup/rules')
  for (const [step, there] of [['basics', '#title'], ['roster', '#roster-count'], ['groups', '#groups'], ['rules', '#ballot-picture text'], ['roll', '#headcounts'], ['seal', '#summary']]) {
    await page.click(`#step-${step}`)
    await page.waitForSelector(there)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    assert.ok(wide <= 0, `${step} is ${wide} px wider than a tablet`)
    if (step === 'roster') {
      const [table, remove] = [await page.locator('#roster-rows').boundingBox(), await row(page, 0).locator('[aria-label=删去]').boundingBox()]
      assert.ok(remove.x + remove.width <= table.x + table.width, 'the button that removes a row is cut off')
    }
    await look(page, `tablet-${step}`)
  }
}

// Faults and conflicts are what is tried, and so is a lost connection.
await run({ large, tablet }, /status of (409|422)|ERR_INTERNET_DISCONNECTED/, import.meta.url)
