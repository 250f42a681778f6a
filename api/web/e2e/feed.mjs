// Feeds a batch in other ways than by a file: a whole folder is chosen, and the scanner's folder is taken; reading is
// paused and goes on, the strip shows what was read, and a torn sheet is made void. SIDES is a folder of pictures,
// INBOX the scanner's folder, LATER a file that the scanner puts into it. A stack that lost a side, LOST, is held whole and fed again, WHOLE.
import assert from 'node:assert/strict'
import { copyFileSync, readdirSync } from 'node:fs'
import { BASE, confirm, look, openBatch, run, signed, text } from './common.mjs'

const { SIDES, INBOX, LATER, PAGES, LOST, WHOLE } = process.env

async function feed() {
  const page = await openBatch()
  const read = (n) => page.waitForFunction((n) => document.querySelector('#pages-read')?.textContent?.trim().startsWith(`${n} / ${n} `), n)
  await page.setInputFiles('#folder', SIDES)
  await page.waitForSelector('.files td')
  await page.waitForSelector('#pause')
  await page.click('#pause')
  await page.waitForFunction(() => document.querySelector('#reading')?.textContent?.includes('暂停'))
  const done = async () => {
    const { pages } = await (await page.request.get(`${BASE}/api/v1${new URL(page.url()).pathname}`)).json()
    return pages.pages - pages.waiting
  }
  const most = (await done()) + 1 // the page that was being read
  for (let before = -1, now = most - 1; now !== before; now = await done()) {
    assert.ok(now <= most && now < Number(PAGES), 'a paused batch is read on')
    before = now
    await page.waitForTimeout(1500)
  }
  await look(page, 'paused')
  await page.click('#pause')
  await read(Number(PAGES))
  await page.waitForFunction((n) => [...document.querySelectorAll('.strip img')].filter((i) => i.naturalWidth === 90).length === Math.min(14, n), Number(PAGES))
  await look(page, 'strip')

  await page.click('#folder-watch') // a file lies there: only a person knows whose it is
  await page.waitForSelector('.el-message-box')
  await look(page, 'folder-old')
  await confirm(page)
  await read(Number(PAGES) + 1)
  copyFileSync(LATER, `${INBOX}/zhang san.jpg`)
  await read(Number(PAGES) + 2)
  while (readdirSync(INBOX).length > 0) await page.waitForTimeout(50) // a file is deleted once it was received, which may be after it was read
  assert.ok(!(await page.textContent('.files'))?.includes('zhang'), 'a name was kept')
  await look(page, 'folder-on')
  await page.setViewportSize({ width: 820, height: 1180 })
  await look(page, 'folder-tablet')
  await page.click('#folder-watch')
  await page.waitForSelector('#folder-watch:not(.el-button--primary)')
  await makeVoid(page)
  await page.waitForSelector('#closed')
  assert.equal(await page.locator('.strip').count(), 0)
}

async function lostSide() {
  const page = await openBatch()
  await page.setInputFiles('#files', LOST)
  await text(page, '.pages', '整叠已重新扫描')
  assert.equal(await page.locator('.pages tbody tr').count(), 1, 'each image is asked for')
  assert.equal(await page.locator('.acts .el-button').count(), 1, 'a page that was read may be void')
  await look(page, 'lost-side')
  const button = await page.locator('.acts .el-button').boundingBox()
  assert.ok(button && button.y + button.height < page.viewportSize().height, 'the button is out of sight')
  await page.click('.acts .el-button')
  await text(page, '#needs', '没有需要处理的图像')
  await page.setInputFiles('#files', WHOLE)
  await text(page, '#leaves', '6')
  await text(page, '#needs', '没有需要处理的图像')
}

/** A torn sheet is void once a scrutineer has looked at it and signed at this desk. */
async function makeVoid(page) {
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.click('.pages .void')
  await confirm(page)
  await text(page, '#leaves', '其中废票 1 张')
  await page.click('#close-batch:not([disabled])')
  await page.waitForFunction(() => [...document.querySelectorAll('#sign .voids img')].filter((i) => i.naturalWidth > 0).length === 1)
  await page.fill('#sign-scrutineer', 'scanning')
  await signed(page, '撕破，无法再扫')
  await text(page, '#sign [role=alert]', '不是监票人')
  await page.fill('#sign-scrutineer', 'scrutineer1')
  await look(page, 'void')
  await signed(page)
}

await run({ feed, lostSide }, /403/)
