// The end of a meeting: two of the committee export its records, one downloads and archives it, and puts the date of
// destruction off; and what is left of a meeting whose ballots are destroyed.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BASE, confirm, enter, hush, language, look, MEETING, run, signed, user } from './common.mjs'

const stage = (page, name) => page.waitForSelector(`#next[data-stage=${name}]`)
const text = (page, selector) => page.textContent(selector)

async function archive() {
  const first = await user('committee1')
  await enter(first)
  await look(first, 'archive-meeting')
  await first.click('#go-archive')
  await stage(first, 'ask')
  await look(first, 'archive-ask', { fullPage: true })
  await first.click('#ask')
  await look(first, 'archive-sign')
  await signed(first, '2025年度考核归档存查')
  await stage(first, 'wait')
  assert.equal(await first.locator('#confirm, #download, #archive').count(), 0, 'who asked may go on alone')
  await look(first, 'archive-wait')

  const second = await user('committee2')
  await enter(second)
  await second.click('#go-archive')
  await stage(second, 'confirm')
  assert.ok((await text(second, '#next')).includes('2025年度考核归档存查'))
  await look(second, 'archive-confirm')
  await second.click('#confirm')
  await signed(second)
  await stage(second, 'download')
  await look(second, 'archive-download')

  await first.reload()
  await stage(first, 'download')
  const [file] = await Promise.all([first.waitForEvent('download'), first.click('#download')])
  const bytes = readFileSync(await file.path())
  assert.equal(bytes.subarray(0, 2).toString(), 'PK')
  assert.equal(file.suggestedFilename(), `records-${MEETING}.zip`)
  await stage(first, 'archive')
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  assert.ok((await text(first, '.digest')).includes(digest), 'the page names another file than was downloaded')
  await look(first, 'archive-date', { fullPage: true })

  await first.fill('#destroy-on', await first.getAttribute('#destroy-on', 'min'))
  await first.click('#archive')
  await first.waitForSelector('.el-message-box')
  await look(first, 'archive-sure')
  await confirm(first)
  await stage(first, 'kept')
  await hush(first)
  await look(first, 'archive-kept', { fullPage: true })
  assert.equal(await first.locator('#download').count(), 0, 'an archived meeting is downloaded')

  await first.fill('#later', '2030-01-05')
  await first.fill('#why', '有人申诉')
  await first.click('#postpone')
  await first.waitForFunction(() => document.querySelector('#next')?.textContent?.includes('2030年1月5日'))
  await first.reload()
  await stage(first, 'kept')
  assert.ok((await text(first, '#next')).includes('2030年1月5日'), 'what was put off is lost')

  // The button of the day itself, which the service refuses before it.
  await first.route('**/api/v1/**/archive', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), due: true } })
  })
  await first.reload()
  await stage(first, 'due')
  await look(first, 'archive-due')
  await first.click('#destroy')
  await confirm(first)
  await first.waitForSelector('.el-message--error')
  assert.ok((await text(first, '.el-message--error')).includes('不能提前'))
  await first.unrouteAll({ behavior: 'wait' }) // the page reads the meeting anew after a refusal

  await first.setViewportSize({ width: 820, height: 1180 })
  await first.reload()
  await stage(first, 'kept')
  await look(first, 'archive-tablet', { fullPage: true })
  assert.ok(await first.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than a tablet')
  await language(first)
  await first.waitForFunction(() => document.querySelector('h1')?.textContent === 'Archive')
  await look(first, 'archive-en', { shot: true, fullPage: true })

  const admin = await user('admin')
  await admin.goto(`${BASE}/meetings/${MEETING}/archive`)
  await stage(admin, 'kept')
  assert.equal(await admin.locator('#postpone, #destroy, #archive').count(), 0, 'the admin ends a meeting')
  await admin.goto(`${BASE}/admin`)
  await admin.waitForSelector('#storage tbody tr')
  assert.ok((await text(admin, '#storage')).includes('2030年1月5日'))
  await look(admin, 'archive-admin', { fullPage: true })
}

async function destroyed() {
  const page = await user('committee1')
  const keeping = async () => (await (await page.request.get(`${BASE}/api/v1/meetings/${MEETING}/archive`)).json()).keeping
  while ((await keeping()) !== 'destroyed') await page.waitForTimeout(200) // the service began when it was started
  await page.goto(`${BASE}/meetings/${MEETING}/archive`)
  await stage(page, 'destroyed')
  await look(page, 'archive-destroyed', { fullPage: true })
  await page.goto(`${BASE}/meetings/${MEETING}/results`)
  await page.waitForSelector('#results tbody tr')
  const teller = await user('scrutineer1')
  await teller.goto(`${BASE}/meetings/${MEETING}/ledger`)
  await teller.waitForSelector('#sentence')
  assert.match(await text(teller, '#sentence'), /收回.*16/)
  await look(teller, 'archive-ledger')
  await teller.goto(`${BASE}/meetings/${MEETING}/decide`)
  await teller.waitForSelector('[role=alert]')
  assert.ok((await text(teller, '[role=alert]')).includes('销毁'))
}

// Destroying before the day, and looking for what is destroyed.
await run({ archive, destroyed }, /409|410/)
