import { describe, expect, it, vi } from 'vitest'
import { loaded } from './load'

vi.mock('./tell', () => ({ complain: () => undefined, reason: (e: unknown) => String(e) }))

/** Answers that come when the test says so. */
function answers(): { get: () => Promise<string>; give: (i: number, text: string) => Promise<void>; asked: () => number } {
  const open: ((text: string) => void)[] = []
  return {
    get: () => new Promise((done) => open.push(done)),
    give: async (i, text) => {
      open[i]?.(text)
      await new Promise((go) => setTimeout(go))
    },
    asked: () => open.length,
  }
}

describe('what a page shows', () => {
  it('is the answer to what was asked for last', async () => {
    const a = answers()
    const { data, load } = loaded(a.get)
    void load()
    void load()
    await a.give(1, 'late')
    await a.give(0, 'early')
    expect(data.value).toBe('late')
  })

  it('is what an act came to, whatever was asked for before it', async () => {
    const a = answers()
    const { data, load } = loaded(a.get)
    void load()
    data.value = 'of the act'
    await a.give(0, 'before the act')
    expect(data.value).toBe('of the act')
    expect(a.asked()).toBe(2)
    await a.give(1, 'after the act')
    expect(data.value).toBe('after the act')
    data.value = 'of another act'
    expect(a.asked()).toBe(2) // nothing is on its way
  })
})
