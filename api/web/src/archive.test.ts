import { expect, it } from 'vitest'
import { good, signed, stageOf } from './archive'
import type { Archiving } from './client'

const base: Archiving = {
  state: 'released', due: false, keeping: 'kept', terms: { earliest: '2027-01-01', usual: '2027-03-01', latest: '2036-11-29' },
  counts: { leaves: 9, pages: 9, pictures: 0, bytes: 0 }, export: { outdated: false },
}
const now = new Date('2026-12-02T00:00:00Z')
const both = { asked_by: 'a', confirmed_by: 'b', outdated: false, until: '2026-12-09T00:00:00Z' }

it('leads from asking to archiving', () => {
  expect(stageOf({ ...base, state: 'certified' }, 'a', now)).toBe('early')
  expect(stageOf(base, 'a', now)).toBe('ask')
  const asked = { ...base, export: { asked_by: 'a', outdated: false } }
  expect([stageOf(asked, 'a', now), stageOf(asked, 'b', now)]).toEqual(['wait', 'confirm'])
  expect(stageOf({ ...base, export: both }, 'a', now)).toBe('download')
  expect(stageOf({ ...base, export: { ...both, digest: 'ab' } }, 'a', now)).toBe('archive')
})

it('asks again for what is old, unless it was taken away as it stands', () => {
  const late = new Date('2026-12-09T00:00:00Z')
  expect(stageOf({ ...base, export: both }, 'a', late)).toBe('ask')
  expect(stageOf({ ...base, export: { ...both, digest: 'ab' } }, 'a', late)).toBe('archive')
  expect(good({ ...base, export: { ...both, digest: 'ab' } }, late)).toBe(false)
  expect(stageOf({ ...base, export: { ...both, digest: 'ab', outdated: true } }, 'a', now)).toBe('ask')
})

it('tells what becomes of an archived meeting', () => {
  const a: Archiving = { ...base, state: 'archived', destroy_on: '2027-03-01' }
  expect(stageOf({ ...base, state: 'archived' }, 'a', now)).toBe('undated')
  expect(stageOf(a, 'a', now)).toBe('kept')
  expect(stageOf({ ...a, due: true }, 'a', now)).toBe('due')
  expect(stageOf({ ...a, due: true, keeping: 'destroying' }, 'a', now)).toBe('destroying')
  expect(stageOf({ ...a, due: true, keeping: 'destroyed' }, 'a', now)).toBe('destroyed')
})

it('knows who signed', () => {
  expect(['a', 'b', 'c'].map((me) => signed({ ...base, export: both }, me))).toEqual([true, true, false])
})
