// A meeting in serial mode: copies that all differ are printed, without a master (print), and what is not to count is
// held with what to do (scan). SAVE is where the copies go, STACK a ZIP of PAGES images, the last two of one serial.
import assert from 'node:assert/strict'
import { confirm, enter, look, openBatch, run, saved, text, user } from './common.mjs'

const { SAVE, STACK, PAGES } = process.env

async function print() {
  const page = await user('printing')
  await enter(page)
  await page.goto(`${page.url()}/print`)
  await page.waitForSelector('#serial-note')
  await text(page, '#print-lead', '流水号')
  assert.equal(await page.locator('#master-A, #record-A').count(), 0, 'there is a master')
  await look(page, 'serial-print')
  await page.fill('#copies-A', '4')
  await page.click('#print-A')
  await saved(page, () => confirm(page), SAVE)
  await text(page, '#printed-A', '4')
}

async function scan() {
  const page = await openBatch()
  await page.setInputFiles('#files', STACK)
  await page.waitForFunction((n) => document.querySelector('#pages-read')?.textContent?.trim().startsWith(`${n} / ${n} `), Number(PAGES))
  await text(page, '.pages', '流水号与另一张已计的票相同')
  await text(page, '.pages', '流水号不是本会议印制的')
  await page.waitForFunction(() => [...document.querySelectorAll('tr[data-page] img.thumb')].filter((i) => i.naturalWidth > 0).length === 3)
  await page.locator('.pages').scrollIntoViewIfNeeded()
  await look(page, 'serial-held', { fullPage: true })
  await page.locator('tr[data-page]', { hasText: '同一张票，不计' }).last().locator('.el-button--primary').click()
  await page.waitForFunction(() => document.querySelectorAll('tr[data-page]').length === 1)
}

await run({ print, scan })
