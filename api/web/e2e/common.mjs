// What all visits share: a browser in which any error of the console and any request to another host is a trouble,
// signing in, screenshots (to $PINGYI_SHOTS where that is set), and axe-core's findings.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

export const { BASE, MEETING, PASSWORD, PINGYI_SHOTS, SESSIONS } = process.env
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
export const troubles = []

/** PINGYI_SLOW, in milliseconds, has what pages ask for, and the answers, come so much later at most, each by another
 *  time: what passes by being quick, or in one order alone, is found so. window.held is how many are held. */
const SLOW = Number(process.env.PINGYI_SLOW ?? 0)
function slowly(most) {
  const ask = window.fetch
  const later = () => new Promise((done) => setTimeout(done, most * Math.random() ** 2))
  window.held = 0
  window.fetch = async (...what) => {
    window.held++
    await later()
    try {
      return await ask(...what)
    } finally {
      await later()
      window.held--
    }
  }
}

/** A click is one only where what was pressed is let go. Tells by window.slipped where the page has moved it away in between. */
function watchClicks() {
  const part = (e) => e.target.closest?.('a, button, input, label, select, summary, textarea') ?? e.target
  let pressed
  window.addEventListener('mousedown', (e) => ((pressed = part(e)), (window.slipped = true)), true)
  window.addEventListener('click', (e) => (window.slipped &&= part(e) !== pressed), true)
}

/** Has a page's clicks made again where they slipped, as a person would who sees that nothing happens. */
function again(page) {
  const slipped = () => page.evaluate(() => window.slipped).catch(() => false) // the page may be gone, by the click
  for (const act of ['click', 'check']) {
    const once = page[act].bind(page)
    page[act] = async (...what) => {
      do {
        await once(...what).catch(async (e) => {
          if (e.name === 'TimeoutError' || !(await slipped())) throw e
        })
      } while (await slipped())
    }
  }
}

/** A page of its own on which the user has signed in, or was made by the service's first link; code gives that of
 *  the second factor when it is typed. With SESSIONS, a folder, a
 *  person who signed in before still is. */
export async function user(name, { password = PASSWORD, first = '', code = '', ...options } = {}) {
  const kept = SESSIONS && password === PASSWORD ? `${SESSIONS}/${name}.json` : ''
  const before = kept !== '' && existsSync(kept)
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', ...(before && { storageState: kept }), ...options })
  if (SLOW) await context.addInitScript(slowly, SLOW)
  await context.addInitScript(watchClicks)
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  again(page)
  let signedIn = false
  page.on('console', (m) => m.type() === 'error' && !(m.text().includes('401') && !signedIn) && troubles.push(`${name}: ${m.text()}`))
  page.on('pageerror', (e) => troubles.push(`${name}: ${e.message}`))
  page.on('request', (r) => /^(https?|wss?):/.test(r.url()) && !r.url().startsWith(BASE) && troubles.push(`${name}: left the host for ${r.url()}`))
  await page.goto(first || `${BASE}/`)
  if (first) {
    await look(page, 'first')
    await page.fill('#first-user', name)
    await page.fill('#first-password', password)
    await page.fill('#first-again', password)
    await page.click('#first-submit')
  } else if (!before) {
    await page.fill('#user', name)
    await page.fill('#password', password)
    await page.click('#sign-in')
  }
  if (code) {
    await page.waitForSelector('#code')
    await look(page, 'sign-in-code')
    await page.fill('#code', code())
    await page.click('#sign-in')
  }
  await page.waitForURL('**/meetings')
  await page.waitForSelector('#go-account')
  signedIn = true
  if (kept !== '') await context.storageState({ path: kept })
  return page
}

/** The code that an authenticator app makes of a secret (RFC 6238), of a step of 30 seconds from now on. */
export function totp(secret, later = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0')
}

/** Rules of axe-core that the theme can decide; all others find the same in every theme. */
const ofColour = ['color-contrast', 'link-in-text-block']

/** Fails on any serious or critical finding of axe-core on what the page shows now; rules, where given, are all it looks for. */
async function accessible(page, name, rules) {
  // What fades has less contrast for a moment, and a message may begin to while axe-core looks: everything is shown as it ends.
  await page.evaluate(() => {
    const still = new CSSStyleSheet()
    still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, still]
  })
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source) // by the devtools protocol, which the content security policy does not bind
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) }), rules)
  await page.evaluate(() => (document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1)) && undefined)
  const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ')}`), [], `axe-core on ${name}`)
}

/**
 * Looks at a screen in the light and in the dark theme: axe-core's findings fail the visit, and screenshots (name.png
 * and name-dark.png) are kept where they are wanted. With shot, of a screen that was looked at in another language, there
 * are screenshots alone.
 */
export async function look(page, name, { shot = false, ...options } = {}) {
  for (const [colorScheme, end] of [['light', ''], ['dark', '-dark']]) {
    await page.emulateMedia({ colorScheme })
    await page.waitForSelector(`html[data-theme=${colorScheme}]`, { state: 'attached' })
    if (!shot) await accessible(page, name + end, end ? ofColour : undefined)
    if (!PINGYI_SHOTS) continue
    mkdirSync(PINGYI_SHOTS, { recursive: true })
    await page.screenshot({ path: `${PINGYI_SHOTS}/${name}${end}.png`, ...options })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Waits until an element has a text. */
export const text = (page, selector, want) => page.waitForFunction(([s, w]) => document.querySelector(s)?.textContent?.includes(w), [selector, want])

/** Saves what an act has the browser download. */
export async function saved(page, act, path) {
  const [file] = await Promise.all([page.waitForEvent('download'), act()])
  await file.saveAs(path)
}

/** Gives a function that tells how many milliseconds of processor time the page has taken, which does not depend on
 *  what else the machine does. */
export async function spent(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000
}

/** The least figure of a list that so great a share of it does not pass, to a tenth. */
export function share(list, p) {
  const sorted = [...list].sort((a, b) => a - b)
  return Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]) / 10
}

/** Takes messages away, so that what is told from now on is new. */
export async function hush(page) {
  await page.evaluate(() => document.querySelectorAll('.el-message__closeBtn').forEach((button) => button.click()))
  await page.waitForSelector('.el-message', { state: 'detached' })
}

/** Waits until nothing that was decided or typed is still on its way: the page may be left without a question. */
export const kept = (page) => page.waitForFunction(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })))

/** Gives a wait until the page has all that it asks for from now on: nothing is on its way, and when it has nothing else
 *  to do it has not asked for more. */
export function asking(page) {
  const open = new Set()
  let begun = 0
  page.on('request', (r) => r.url().startsWith('http') && r.resourceType() !== 'eventsource' && open.add(r) && begun++)
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => open.delete(r))
  return async () => {
    for (let before = -1, held = 0; before !== begun || open.size + held > 0; ) {
      before = begun
      held = await page.evaluate(() => new Promise((go) => requestIdleCallback(() => go(window.held ?? 0))))
    }
  }
}

/** Holds the first answer to what matches; gives what lets it go, and waits until the page has taken it. */
export async function late(page, url) {
  const all = asking(page)
  let go
  let held = new Promise((done) => (go = done))
  await page.route(url, async (route) => {
    const first = held
    held = undefined
    await first
    await route.continue()
  })
  return async () => {
    go()
    await all()
    await page.unrouteAll({ behavior: 'wait' })
  }
}

/** Opens a batch as who scans does, of the group that is named first. */
export async function openBatch() {
  const page = await user('scanning')
  await enter(page)
  await page.click('#go-scan')
  await page.click('input[name=group]')
  await page.click('#start-batch')
  await page.waitForSelector('#files', { state: 'attached' })
  return page
}

/** Says yes to the question that is shown. */
export const confirm = (page) => page.click('.el-message-box__btns .el-button--primary, .el-message-box__btns .el-button--danger')

/** Opens a meeting from the list: the one that is named, or the only one. */
export async function enter(page, meeting = MEETING) {
  await page.click(meeting ? `a[href="/meetings/${meeting}"]` : 'a.meeting')
  await page.waitForSelector('.next')
}

/** Signs an act of two persons in its dialog. */
export async function signed(page, reason) {
  if (reason !== undefined) await page.fill('#sign-reason', reason)
  await page.fill('#sign-password', PASSWORD)
  await page.click('#sign-submit')
}

/** Signs in and opens the desk, on which a row waits. */
export async function desk(name, options) {
  const page = await user(name, options)
  await enter(page)
  await page.click('#go-decide')
  await rowShown(page)
  return page
}

/** Waits until the row to decide is drawn. */
export const rowShown = (page) => page.waitForFunction(() => (document.querySelector('#row-picture')?.naturalWidth ?? 0) > 300)

/** Decides the row in sight by a key; the next one has another picture. */
export async function decide(page, key) {
  await rowShown(page)
  const before = await page.getAttribute('#row-picture', 'src')
  await page.keyboard.press(key)
  await page.waitForFunction((src) => document.querySelector('#row-picture')?.getAttribute('src') !== src, before)
}

/** Decides rows by a key until the end is shown; gives how many. */
export async function decideAll(page, key, end = '#all-done, #with-others') {
  for (let n = 0; ; n++) {
    const left = await page.waitForFunction((e) => (document.querySelector(e) ? 'none' : (document.querySelector('#row-picture')?.naturalWidth ?? 0) > 300 && 'row'), end)
    if ((await left.jsonValue()) === 'none') return n
    await decide(page, key)
  }
}

/** Changes the language by the button in the page's head. */
export const language = (page) => page.click('header .el-button:first-of-type')

/** Runs the part that the first argument names, and ends. The browser reports every refusal of the service as an
 *  error; provoked matches those that the visit brings about on purpose. With url, that of the script, nothing is run
 *  where another script imports it. */
export async function run(parts, provoked = /^$/, url = '') {
  if (url !== '' && fileURLToPath(url) !== process.argv[1]) return
  await parts[process.argv[2]]()
  await browser.close()
  assert.deepEqual(troubles.filter((x) => !provoked.test(x)), [])
}
