import { describe, expect, it } from 'vitest'
import type { LedgerBreak, LedgerEntry, LedgerLine, LedgerView, Meeting } from './client'
import { countOf, gather, kindOf, mayOf, rowsOf, totals, venuesOf, type Cell } from './ledger'

const line = (venue: string, subject: number, typed: Record<string, number>): LedgerLine => ({ group: 'A', venue, subject, expected: 10, spares: 0, typed })
const entry = (subject: number, field: string, value: number, confirmed = ''): LedgerEntry => ({ group: 'A', venue: '1', subject, field, value, entered_by: 'p1', confirmed_by: confirmed })
const view = (more: Partial<LedgerView>): LedgerView => ({ entries: [], balanced: false, breaks: [], lines: [], scanned: [], valid: [], invalid: [], unresolved: 0, printed: {}, ...more })
const broken = (kind: string, venue: string, subject = 0): LedgerBreak => ({ code: 'unbalanced', detail: '', kind, venue, group: 'A', subject })
const cell = (state: Cell['state'], by: string[] = [], field: Cell['field'] = 'issued'): Cell => ({ field, state, own: null, least: null, most: null, by, differs: false })

describe('the lines', () => {
  const v = view({ lines: [line('1', 1, { issued: 9 }), line('1', 2, {})], entries: [entry(1, 'issued', 9, 'p2'), entry(2, 'issued', 8), entry(1, 'present', 9), entry(2, 'present', 9)], breaks: [broken('sum', '1+2', 2)] })
  it('of packets are one line, which says where they are not alike', () => {
    const [row] = rowsOf(v, 0)
    expect(row?.cells.slice(0, 3).map((c) => c.state)).toEqual(['waiting', 'mixed', 'none'])
    expect([row?.breaks.length, row?.cells[0]?.by, row?.cells[1]?.least]).toEqual([1, ['p1'], null])
  })
  it('of one subject stand alone', () => {
    expect(rowsOf(v, 1)[0]?.cells[1]).toMatchObject({ state: 'done', least: 9, most: 9 })
    expect(rowsOf(v, 1)[0]?.breaks).toEqual([])
  })
  it('show what the reader typed alone', () => {
    const mine = view({ lines: [line('1', 0, {})], entries: [entry(0, 'issued', 9), { ...entry(0, 'present', 9), value: undefined }] })
    expect(rowsOf(mine, 0)[0]?.cells.slice(0, 2).map((c) => c.own)).toEqual([null, 9])
  })
  it('say that two counts differ while one of them waits', () => {
    const differing = view({ lines: [line('1', 1, {}), line('1', 2, {})], entries: [entry(1, 'issued', 9), { ...entry(2, 'issued', 9), differs: true }, entry(1, 'present', 9, 'p2'), { ...entry(2, 'present', 9, 'p2'), differs: true }] })
    expect([0, 1, 2].map((subject) => rowsOf(differing, subject)[0]?.cells.slice(0, 2).map((c) => c.differs))).toEqual([[false, true], [false, false], [false, true]])
  })
  it('never show a number that nobody confirmed', () => expect(rowsOf(v, 2)[0]?.cells[1]).toMatchObject({ state: 'waiting', least: null, most: null }))
})

describe('who may do what', () => {
  it.each([
    [cell('none'), 'printing', 'p1', true, 'enter'],
    [cell('none'), 'scanning', 's1', true, 'look'],
    [cell('none'), 'scrutineer', 'j1', true, 'look'],
    [cell('waiting', ['p1']), 'printing', 'p1', true, 'change'],
    [cell('waiting', ['p1']), 'printing', 'p2', true, 'confirm'],
    [cell('waiting', ['p1']), 'scrutineer', 'j1', true, 'confirm'],
    [cell('done'), 'printing', 'p2', true, 'change'],
    [cell('mixed', ['p1']), 'printing', 'p2', true, 'change'],
    [cell('done'), 'scrutineer', 'j1', true, 'look'],
    [cell('waiting', ['p1']), 'printing', 'p2', false, 'look'],
    [cell('waiting', ['s1'], 'returned'), 'admin', 'a', true, 'look'],
  ] as const)('%o %s %s', (c, role, user, open, want) => expect(mayOf(c, role, user, open)).toBe(want))
})

it('reads counts, in wide figures too, and nothing else', () => expect(['12', ' ０７ ', '', '-1', '1.5', '1e3', '1000001'].map(countOf)).toEqual([12, 7, null, null, null, null, null]))

it('puts breaks of a kind at a place together', () => expect(gather([broken('sum', '1', 1), broken('sum', '1', 2), broken('sum', '2', 1)]).map((g) => g.n)).toEqual([2, 1]))
it('puts lines that wait for their numbers together where they are many', () => {
  const lines = ['1', '2', '3'].map((v) => broken('pending', v, 1))
  expect(gather(lines)).toEqual([{ first: lines[0], n: 3, lines: 3 }])
  expect(gather(lines.slice(1)).length).toBe(2)
})
it('has a word for breaks it does not know', () => expect([kindOf(broken('sum', '1')), kindOf(broken('new', '1'))]).toEqual(['sum', 'other']))

it('names venues as people do, also those of a pooled stack', () => {
  const meeting = { venues: [{ code: 'main', name: '主会场' }, { code: '2', name: '分会场' }] } as Meeting
  expect([broken('sum', 'main'), broken('scanned', '2+main'), broken('unresolved', '')].map((b) => venuesOf(meeting, b))).toEqual(['主会场', '分会场+主会场', ''])
})

describe('the sentence', () => {
  const v = view({
    lines: [line('1', 1, { present: 9, issued: 9, returned: 9 }), line('1', 2, { present: 9, issued: 9, returned: 8 })],
    entries: [1, 2].flatMap((s) => [entry(s, 'present', 9, 'p2'), entry(s, 'issued', 9, 'p2')]),
    valid: [{ group: 'A', subject: 1, leaves: 9 }, { group: 'A', subject: 2, leaves: 7 }], invalid: [{ group: 'A', subject: 2, leaves: 1 }],
  })
  it('counts people once and leaves all', () => expect(totals(v, '')).toEqual({ expected: 10, present: 9, issued: 18, returned: 17, valid: 16, invalid: 1 }))
  it('has no number that is not there', () => expect(totals(view({ lines: [line('1', 0, {})] }), 'A')).toMatchObject({ present: null, issued: null, returned: null }))
})
