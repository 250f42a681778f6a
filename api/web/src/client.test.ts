import { afterEach, expect, it, vi } from 'vitest'
import { send, unanswered } from './client'

afterEach(() => vi.unstubAllGlobals())

it('does not know whether a file that it sent was taken, where no answer came', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('connection reset')))
  const told = await send('/api/v1/meetings/m/roll', new File(['x'], 'roll.csv')).catch((e: unknown) => e)
  expect(unanswered(told)).toBe(true)
})
