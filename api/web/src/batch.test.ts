import { describe, expect, it, vi } from 'vitest'
import { atMostEvery, likeNo, mayBeVoid, notClosable, opening, progress, reduce, shown, strip, twice, unopened, unwatched, waits } from './batch'
import type { Batch, BatchPage } from './client'
import { messages } from './locales'

const batch = (pages: Partial<Batch['pages']>, more: Partial<Batch> = {}): Batch => ({
  id: 'b', group: 'A', venues: ['1'], state: 'open', uploads: [], leaves: 0, pages: { pages: 0, waiting: 0, read: 0, rejected: 0, open: 0, ...pages }, ...more,
})
const file = (pages: number, error?: string) => ({ name: 'a.pdf', digest: 'd', bytes: 1, pages, ...(error && { error }) })

describe('a batch that is watched', () => {
  it('takes what comes, and nothing after its end', () => {
    let s = reduce(unwatched, { kind: 'lost' })
    expect(s.lost).toBe(true)
    s = reduce(s, { kind: 'progress', batch: batch({ pages: 2, waiting: 2 }) })
    expect(s).toMatchObject({ lost: false, ended: false, batch: { pages: { waiting: 2 } } })
    s = reduce(s, { kind: 'progress', batch: batch({}, { state: 'closed', leaves: 7 }) })
    expect(s.ended).toBe(true)
    expect(reduce(s, { kind: 'lost' })).toBe(s)
    expect(reduce(s, { kind: 'progress', batch: batch({ pages: 9 }) })).toBe(s)
  })
  it('ends where it is gone', () => expect(reduce(unwatched, { kind: 'end' })).toMatchObject({ ended: true, lost: false }))
})

describe('progress', () => {
  it.each([[0, 0, 0], [3, 3, 0], [3, 2, 33], [1000, 1, 99], [1000, 0, 100]])('%i images, %i waiting: %i %%', (pages, waiting, want) => {
    expect(progress(batch({ pages, waiting }))).toBe(want)
  })
  it('counts files that are not taken apart yet', () => {
    expect(opening(batch({}, { uploads: [file(-1), file(4), file(-1, 'broken')] }))).toBe(1)
  })
})

describe('closing', () => {
  it.each([
    ['nothing was fed', batch({}), 'empty'],
    ['images wait', batch({ pages: 4, waiting: 1 }), 'waiting'],
    ['a file is being taken apart', batch({ pages: 4 }, { uploads: [file(-1)] }), 'waiting'],
    ['a rejected image needs somebody', batch({ pages: 4, open: 1 }), 'open'],
    ['all is said', batch({ pages: 4, rejected: 1 }), null],
  ] as const)('%s', (_, b, want) => expect(notClosable(b)).toBe(want))
})

describe('images shown', () => {
  const pages: BatchPage[] = [{ upload: 1, id: 'a', state: 'read' }, { upload: 1, id: 'b', state: 'rejected', reason: 'no_code' }, { upload: 1, id: 'c', state: 'rejected', reason: 'no_page', disposal: 'rescanned' }]
  it('keeps the numbers of the batch', () => {
    expect(shown(pages, 'all').map((p) => p.no)).toEqual([1, 2, 3])
    expect(shown(pages, 'rejected').map((p) => p.no)).toEqual([2, 3])
    expect(shown(pages, 'open').map((p) => p.no)).toEqual([2])
  })
  it('shows a held sheet with the one before, and goes on showing it once it counts', () => {
    const held: BatchPage[] = [{ upload: 1, id: 'a', state: 'read' }, { upload: 1, id: 'b', state: 'rejected', reason: 'scanned_twice', like: 'a' }, { upload: 1, id: 'c', state: 'read', disposal: 'distinct', like: 'a' }, { upload: 1, id: 'd', state: 'rejected', reason: 'unpaired_side', disposal: 'distinct' }]
    expect(held.map(twice)).toEqual([false, true, true, false])
    expect(held.map(waits)).toEqual([false, true, false, true])
    expect(held.map((p) => likeNo(held, p))).toEqual([0, 1, 1, 0])
    expect(shown(held, 'rejected').map((p) => p.no)).toEqual([2, 3, 4])
  })
  it('asks once for an upload that is held as a whole', () => {
    const held: BatchPage[] = [1, 1, 2, 2, 3, 3].map((upload, i) => ({ id: `p${i}`, upload, state: 'rejected', reason: upload === 2 ? 'no_code' : 'lost_side' }))
    expect(shown(held, 'open').map((p) => p.no)).toEqual([1, 3, 4, 5])
    expect(shown(held, 'rejected')).toHaveLength(6)
    expect(held.map(mayBeVoid)).toEqual([false, false, true, true, false, false])
    expect(['wrong_group', 'other_meeting', 'other_version'].some((reason) => mayBeVoid({ id: 'p', upload: 1, state: 'rejected', reason }))).toBe(false)
  })
  it('waits only for rejected images of whose paper nothing was said', () => expect(pages.map(waits)).toEqual([false, true, false]))
})

it('shows the newest images of a long batch first, with their numbers', () => {
  const pages: BatchPage[] = Array.from({ length: 20 }, (_, i) => ({ upload: 1, id: `p${i}`, state: 'read' }))
  expect(strip(pages, 3).map((p) => [p.id, p.no])).toEqual([['p19', 20], ['p18', 19], ['p17', 18]])
  expect(strip([])).toEqual([])
})

it('asks again no more often than it should, and never misses the last change', () => {
  vi.useFakeTimers()
  const call = vi.fn()
  const limited = atMostEvery(1000, call)
  limited()
  limited()
  limited()
  expect(call).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1000)
  expect(call).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5000)
  expect(call).toHaveBeenCalledTimes(2)
  limited()
  expect(call).toHaveBeenCalledTimes(3)
  vi.useRealTimers()
})

it('says why a file could not be opened in words of its language, and which', () => {
  expect(unopened('a.pdf page 3: broken xref (corrupt)\nb (1).jpg: is a letter (unknown_format)')).toEqual([{ name: 'a.pdf', code: 'corrupt' }, { name: 'b (1).jpg', code: 'unknown_format' }])
  expect(unopened('taking it apart failed')).toEqual([{ name: 'taking it apart failed', code: '' }])
  const words = (messages.zh['batch'] as { unopened: Record<string, string> }).unopened
  expect([words['corrupt'], words['encrypted']]).toEqual(['文件已损坏', '文件有密码'])
})
