// Two auditors read what the export of single ballots gives away, sign it, and one downloads it to FILE.
import assert from 'node:assert/strict'
import { enter, look, run, saved, signed, text, user } from './common.mjs'

const { FILE } = process.env

async function cvr() {
  for (const name of ['auditor1', 'auditor2']) {
    const page = await user(name)
    await enter(page)
    await page.click('.places a[href$="/cvr"]')
    await text(page, '#alone', '60')
    assert.ok(await page.isDisabled('#sign-cvr'), 'it can be signed before it is read')
    await page.check('#understood')
    if (name === 'auditor2') await look(page, 'cvr')
    await page.click('#sign-cvr')
    await signed(page, '核对计票')
    await page.waitForSelector(name === 'auditor1' ? '#asked' : '#download')
    if (name === 'auditor1') assert.ok(await page.isDisabled('#sign-cvr'), 'one person signs twice')
    else await saved(page, () => page.click('#download'), FILE)
    await page.context().close()
  }
}

await run({ cvr })
