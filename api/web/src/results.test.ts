import { describe, expect, it } from 'vitest'
import type { ResultSubject, ResultTable } from './client'
import { alerted, goodOf, itemsOf, keyStep, neighbours, paged, percent, pieces, scoreOf, sortKey, tableOf, votes } from './results'

const fraction = (text: string) => ({ num: 1, den: 2, text })
const table = (counts: number[], good: string, more: Partial<ResultTable> = {}): ResultTable => ({
  returned: 9, valid: 9, counts, blank: 1, invalid: 2, denominator: 9, rates: [], blank_rate: fraction('1'), invalid_rate: fraction('2'), good: fraction(good), ...more,
})
const subject: ResultSubject = {
  no: 3, name: '张三', org: '某局党支部', post: '', mode: 'oral', rank: 1, alerts: [], overall: table([5, 1], '50.00'),
  groups: [table([2, 0], '66.67', { group: 'A', score: fraction('90.00') }), table([3, 1], '40.00', { group: 'B' })],
  good: { exact: '1/2', text: '51.23', weight: 100 }, score: { exact: '1', text: '88.80', weight: 100 },
}

describe('figures of a subject', () => {
  it('are of all groups together unless one is chosen', () => {
    expect(tableOf(subject, '').counts).toEqual([5, 1])
    expect(tableOf(subject, 'B').counts).toEqual([3, 1])
    expect(tableOf(subject, 'gone').counts).toEqual([5, 1])
  })
  it('are the weighted ones for all groups, and the group’s own otherwise', () => {
    expect([goodOf(subject, ''), goodOf(subject, 'A'), scoreOf(subject, ''), scoreOf(subject, 'A'), scoreOf(subject, 'B')]).toEqual(['51.23', '66.67', '88.80', '90.00', ''])
  })
  it('show a dash where there is none', () => expect([percent(''), percent('12.50')]).toEqual(['—', '12.50%']))
})

it('knows the columns that the service sorts by', () => expect([sortKey('rank'), sortKey('secret'), sortKey(undefined)]).toEqual(['rank', undefined, undefined]))

describe('bars and pages', () => {
  it('leave out what nobody voted for', () => expect(pieces(table([5, 0, 1], ''), ['好', '一般', '差'], '弃权', '无效').map((p) => [p.kind, p.votes])).toEqual([['1', 5], ['3', 1], ['blank', 1], ['invalid', 2]]))
  it('stack every vote of a subject once, in a colour of its own', () => {
    const bar = pieces(tableOf(subject, 'B'), ['好', '差'], '弃权', '无效')
    expect([bar.map((p) => p.votes), votes(tableOf(subject, 'B'))]).toEqual([[3, 1, 1, 2], 7])
    expect(new Set(bar.map((p) => p.kind)).size).toBe(4)
  })
  it('know the neighbours', () => {
    const list = [{ no: 4 }, { no: 2 }, { no: 9 }]
    expect([neighbours(list, 2), neighbours(list, 4), neighbours(list, 7)]).toEqual([{ before: { no: 4 }, after: { no: 9 } }, { before: undefined, after: { no: 2 } }, {}])
  })
  it('put every line on one page', () => expect([paged([1, 2, 3, 4, 5], 2), paged([], 2)]).toEqual([[[1, 2], [3, 4], [5]], []]))
  it('turn by keys and stop at the ends', () => {
    expect(['ArrowRight', ' ', 'ArrowLeft', 'End', 'Home', 'Escape', 'f', 'x'].map((k) => keyStep(k, 1, 3))).toEqual([2, 2, 0, 2, 0, 'leave', 'full', null])
    expect([keyStep('ArrowRight', 2, 3), keyStep('ArrowLeft', 0, 3)]).toEqual([2, 0])
  })
  it('take items line by line', () => expect(itemsOf(' 一 \n\n二')).toEqual(['一', '二']))
  it('list what the rules notice', () => expect(alerted([subject, { ...subject, no: 4, alerts: [{ text: '低', rate: fraction('1') }] }])).toEqual([{ no: 4, name: '张三', text: '低' }]))
})
