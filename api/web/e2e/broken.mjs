// What breaks while somebody works: the connection, or the service, which the test's own CONTROL kills and starts.
import assert from 'node:assert/strict'
import { asking, BASE, hush } from './common.mjs'

const { CONTROL } = process.env
export const control = async (what) => assert.ok((await fetch(`${CONTROL}/${what}`)).ok, what)

/** Acts; gives a wait until the page has told of a failure since then. */
async function failing(page, act) {
  await hush(page)
  await page.evaluate(() => document.querySelectorAll('[role=alert]').forEach((told) => (told.dataset.before = ''))) // what an act fails for anew is drawn anew
  await act()
  return () => page.waitForSelector('.el-message--error, [role=alert]:not([data-before])')
}

/** Acts while the browser has no connection: the page says so. */
export async function offline(page, act) {
  await page.context().setOffline(true)
  const failed = page.waitForEvent('requestfailed', (r) => r.method() !== 'GET')
  const told = await failing(page, act)
  await failed
  await told()
  await page.context().setOffline(false)
}

/** Acts, and has the service killed when it has done it and its answer is not yet with the page. */
export async function unanswered(page, path, act) {
  const cdp = await page.context().newCDPSession(page)
  let served
  const status = new Promise((done) => (served = done))
  cdp.on('Fetch.requestPaused', async (e) => {
    if (e.request.method === 'GET') return cdp.send('Fetch.continueRequest', { requestId: e.requestId }).catch(() => undefined) // the page may be gone
    await control('kill')
    await cdp.send('Fetch.failRequest', { requestId: e.requestId, errorReason: 'ConnectionReset' })
    return served(e.responseStatusCode)
  })
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: `*${path}`, requestStage: 'Response' }] })
  const told = await failing(page, act)
  assert.ok((await status) < 300, `${path} was refused: ${await status}`)
  await cdp.detach()
  await told()
  await control('start')
}

/** A screen shows the same after it is loaded anew, left and come back to, and when the service was killed. */
export async function steady(page, path, ready, part = 'main') {
  const shows = () => page.locator(part).first().innerText()
  const same = async (want, how) => {
    await page.waitForSelector(ready)
    await page.waitForFunction(([p, w]) => document.querySelector(p)?.innerText === w, [part, want]).catch(async () => {
      assert.fail(`${path} shows other things after ${how}:\n${await shows()}\nbefore:\n${want}`)
    })
  }
  const settled = asking(page)
  await page.goto(`${BASE}/account`)
  await page.waitForSelector('h1')
  await page.goto(BASE + path)
  await page.waitForSelector(ready)
  await settled()
  const want = await shows()
  await page.reload()
  await same(want, 'a reload')
  await page.goBack()
  await page.waitForURL('**/account')
  await page.goForward()
  await same(want, 'going back and forward')
  await control('kill')
  await control('start')
  await page.reload()
  await same(want, 'a restart of the service')
}
