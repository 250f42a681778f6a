// Handwriting in two parts: comments (a scrutineer types it), results (the committee finds what was typed). TYPED is how
// many comments there are.
import assert from 'node:assert/strict'
import { confirm, enter, language, look, run, user } from './common.mjs'

const { TYPED } = process.env

// Types one comment by the keys, skips, says that one cannot be read and one is nothing; the last is left to the
// proposal. TYPED is how many there are.
async function comments() {
  const n = Number(TYPED)
  const page = await user('scrutineer1')
  await enter(page)
  await page.click('#act-balance')
  await confirm(page)
  await page.waitForSelector('#go-comments')
  assert.equal(await page.locator('#act-certify').count(), 0, 'the result can be certified while comments wait')
  await look(page, 'comments-meeting')
  await page.click('#go-comments')
  const done = (k) => page.waitForFunction((want) => document.querySelector('#progress')?.textContent?.trim() === want, `${k} / ${n}`)
  const drawn = () => page.waitForFunction(() => (document.querySelector('#handwriting')?.naturalWidth ?? 0) > 1000)
  await done(0)
  await drawn()
  await look(page, 'comments')
  const first = await page.getAttribute('#handwriting', 'src')
  await page.press('#text', 'Control+ArrowDown')
  await page.waitForFunction((src) => document.querySelector('#handwriting')?.getAttribute('src') !== src, first)
  await page.click('#previous')
  await page.waitForFunction((src) => document.querySelector('#handwriting')?.getAttribute('src') === src, first)
  await page.fill('#text', '多到基层走走，少开会')
  await page.press('#text', 'Control+Enter')
  await done(1)
  await page.click('#illegible')
  await done(2)
  await page.click('#nothing')
  await done(3)
  for (let k = 3; k < n; k++) {
    await page.fill('#text', `第${k}条意见`)
    await page.click('#save')
    await done(k + 1)
  }
  await page.waitForSelector('#all-done')
  await look(page, 'comments-done')
  await language(page)
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Type handwritten comments')
  await page.click('#review')
  await drawn()
  await look(page, 'comments-en', { shot: true })
  await language(page)
  await page.context().close()
}

async function results() {
  const page = await user('committee1')
  await enter(page)
  await page.click('#go-results')
  await page.locator('#comments').scrollIntoViewIfNeeded()
  assert.ok((await page.textContent('#comments'))?.includes('多到基层走走，少开会'), 'what was typed is not in the results')
  await look(page, 'results-comments')
}

await run({ comments, results })
