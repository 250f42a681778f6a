import { expect, it } from 'vitest'
import { chosen, colour, doubtful, likeliest, nameOf, open, rowNo, view, type Row } from './blank'

const box = { x: 20, y: 40, w: 170, h: 10 }
const row = (more: Partial<Row>): Row => ({ key: 'row 2.13', box, name_box: { x: 30, y: 40, w: 20, h: 10 }, subject: 0, ...more })

it('tells rows that wait from those that a person settled', () => {
  expect(open(row({ why: 'name_unread' }))).toBe(true)
  expect(open(row({ why: 'name_unread', subject: 7, settled: true }))).toBe(false)
  expect(open(row({ why: 'name_unread', skipped: true, settled: true }))).toBe(false)
  expect(doubtful(row({ subject: 7 }))).toBe(false)
  expect(doubtful(row({ subject: 7, settled: true }))).toBe(true)
})

it('shows what a row was settled as', () => {
  expect(chosen(row({}))).toBe('')
  expect(chosen(row({ subject: 7 }))).toBe('7')
  expect(chosen(row({ skipped: true }))).toBe('skip')
})

it('offers the likeliest whom no other row has', () => {
  expect(likeliest(row({ best: '17 范永超' }), new Set([3]))).toBe('17')
  expect(likeliest(row({ best: '17 范永超' }), new Set([17]))).toBe('')
  expect(likeliest(row({}), new Set())).toBe('')
})

it('gives grades the colours of charts, best first', () => {
  expect(colour(['好', '差'], '好')).toBe('var(--grade-1)')
  expect(colour(['好', '差'], '差')).toBe('var(--grade-2)')
})

it('looks for a name in its cell, or in the row', () => {
  expect(nameOf(row({})).w).toBe(20)
  expect(nameOf(row({ name_box: { x: 0, y: 0, w: 0, h: 0 } }))).toBe(box)
  expect(view({ x: 10, y: 20, w: 30, h: 5 }, 1)).toBe('9 19 32 7')
  expect(rowNo(row({}))).toBe('13')
})
