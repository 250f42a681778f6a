// The audit of the paper in three parts: codes (two scrutineers take theirs), audit (the count is fixed, dice are thrown, two
// count by hand and one of them slips, a third settles it, and the result can be certified), corrected (the
// page after a correction was certified). COUNTS is what is on the paper.
import assert from 'node:assert/strict'
import { writeFileSync, readFileSync } from 'node:fs'
import { confirm, enter, language, look, run, text, user } from './common.mjs'

const { CODES, COUNTS } = process.env
const scrutineers = ['scrutineer1', 'scrutineer2']

async function codes() {
  const taken = []
  for (const name of scrutineers) {
    const page = await user(name)
    await enter(page)
    await page.click('#go-audit')
    await page.click('#take-code')
    await page.waitForSelector('#code')
    taken.push((await page.textContent('#code')).trim())
    await text(page, '#holders', name)
    if (name === 'scrutineer2') await look(page, 'audit-code')
    await page.context().close()
  }
  assert.notEqual(taken[0], taken[1])
  for (const code of taken) assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
  writeFileSync(CODES, JSON.stringify(taken))
  const third = await user('scrutineer3')
  await enter(third)
  await third.click('.places a[href$="/audit"]')
  await text(third, '#holders', 'scrutineer2')
  assert.equal(await third.locator('#take-code').count(), 0, 'a third person is offered a code')
}

/** Types a count of the bundle that is drawn; slip changes one number of the first row. */
async function count(page, rows, slip = 0) {
  await page.click('button.count')
  for (const [i, row] of rows.entries())
    for (const [j, n] of row.entries()) if (n > 0 || j === 0) await page.fill(`tbody tr:nth-child(${i + 1}) td:nth-child(${j + 3}) input`, String(i === 0 && j === 0 ? n + slip : n))
  if (slip) await page.waitForSelector('#odd')
  else assert.equal(await page.locator('#odd').count(), 0)
  if (slip) {
    await look(page, 'audit-count')
    await page.click('#cancel-count')
    await page.click('.el-message-box__btns .el-button:not(.el-button--danger)') // what was typed is not thrown away unasked
    await page.waitForSelector('.el-message-box', { state: 'hidden' })
  }
  await page.click('#save-count')
  await page.waitForSelector('#compare')
}

async function audit() {
  const rows = JSON.parse(COUNTS)
  const held = JSON.parse(readFileSync(CODES, 'utf8'))
  const [first, second, third] = await Promise.all([...scrutineers, 'scrutineer3'].map((name) => user(name)))
  await enter(first)
  await first.click('#act-balance')
  await confirm(first)
  await first.waitForSelector('#go-audit')
  assert.equal(await first.locator('#act-certify').count(), 0, 'the result can be certified before the audit')
  await first.click('#go-audit')
  await first.waitForSelector('#recommend')
  await first.click('#commit-full')
  await first.waitForSelector('#commitment')
  await first.fill('#dice', '16425 31526 44123 6123')
  await text(first, '#throws', '19 / 20')
  assert.ok(await first.isDisabled('#enter-dice'))
  await first.fill('#dice', '16425 31526 44123 61235')
  await look(first, 'audit-dice')
  await first.click('#enter-dice')
  await text(first, '#dice-by', 'scrutineer1')
  for (const page of [second, third]) {
    await enter(page)
    await page.click('.places a[href$="/audit"]')
  }
  await second.fill('#dice', '16425315264412361235')
  await second.click('#enter-dice')
  await second.waitForSelector('#drawn')
  await look(second, 'audit-drawn')
  await count(second, rows, 1)
  assert.ok(await second.isDisabled('#compare'))
  await first.reload()
  await count(first, rows)
  const compare = async (page) => {
    for (const i of [0, 1]) await page.fill(`#code-${i}`, held[i])
    await page.click('#compare')
  }
  await compare(first)
  await first.waitForSelector('#differences')
  assert.equal(await first.locator('#differences tbody').count(), 1, 'one row is in dispute')
  await first.locator('#differences').scrollIntoViewIfNeeded()
  await look(first, 'audit-differ')
  await third.reload()
  await count(third, rows)
  await compare(third)
  await third.waitForSelector('#finished')
  await look(third, 'audit-done')
  await language(third)
  await text(third, 'h1', 'Audit of the paper')
  await language(third)
  await third.click('#to-meeting')
  await third.waitForSelector('#act-certify')
  for (const page of [first, second, third]) await page.context().close()
}

/** A result that was certified, opened again and certified anew. */
async function corrected() {
  const page = await user('scrutineer1')
  await enter(page)
  await page.click('.places a[href$="/audit"]')
  await page.waitForSelector('#of-first')
  assert.equal(await page.locator('#take-code, .chance').count(), 0, 'the page says of a correction what is so of the first result')
  await look(page, 'audit-corrected')
  await page.context().close()
}

await run({ codes, audit, corrected })
