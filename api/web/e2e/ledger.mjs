// Two people count packets of single forms, first differing: one number for all subjects, and another for one of them.
import { BASE, look, MEETING, run, text, user } from './common.mjs'

const on = async (name, options) => {
  const page = await user(name, options)
  await page.goto(`${BASE}/meetings/${MEETING}/ledger`)
  await page.waitForSelector('#ledger')
  return page
}

/** Types numbers into a line and saves it; the boxes are then gone. */
async function type(page, numbers) {
  for (const [field, n] of Object.entries(numbers)) await page.fill(`#A-1-${field}`, String(n))
  await page.click('#save-A-1')
  for (const field of Object.keys(numbers)) await page.waitForSelector(`#A-1-${field}`, { state: 'detached' })
}

async function packets() {
  const one = await on('printing1')
  await type(one, { issued: 20 })
  const two = await on('printing2')
  await two.fill('#A-1-issued', '21')
  await two.click('#save-A-1')
  await text(two, '#ledger', '两人清点不一致')
  await one.click('#refresh')
  await text(one, '#ledger', '两人清点不一致')
  await look(one, 'ledger-differ')
  await type(two, { issued: 20 })
  await look(two, 'ledger-packets')
  await one.selectOption('#subject', '7')
  await one.click('#change-A-1-issued')
  await type(one, { issued: 19 })
  await two.reload()
  await two.waitForSelector('#subject')
  await text(two, '#ledger', '各述职人不同')
  await two.selectOption('#subject', '7')
  await type(two, { issued: 19 })
  await two.selectOption('#subject', '0')
  await text(two, '#ledger', '19–20')
}

await run({ packets }, /status of 409/)
