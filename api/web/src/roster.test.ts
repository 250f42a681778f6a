import { describe, expect, it } from 'vitest'
import type { Fault, Subject } from './client'
import { cellFaults, changed, followed, inserted, mended, moved, removed, rowsOf, windowOf, type Row } from './roster'

const subject = (no: number, name: string): Subject => ({ no, name, org: '某局', post: '', mode: 'written' })
const four = () => rowsOf(['甲', '乙', '丙', '丁'].map((n, i) => subject(i + 1, n)))
const names = (rows: readonly Row[]) => rows.map((r) => `${r.subject.no}${r.subject.name}`).join(' ')
const fault = (location: string): Fault => ({ code: 'bad_roster', detail: location, location })

describe('order', () => {
  it('numbers anew wherever a row goes', () => {
    expect(names(moved(four(), 3, 0))).toBe('1丁 2甲 3乙 4丙')
    expect(names(moved(four(), 0, 2))).toBe('1乙 2丙 3甲 4丁')
    expect(names(moved(four(), 1, 99))).toBe('1甲 2丙 3丁 4乙')
    expect(names(moved(four(), 9, 0))).toBe('1甲 2乙 3丙 4丁')
  })
  it('adds and removes', () => {
    expect(names(inserted(four(), 1))).toBe('1甲 2 3乙 4丙 5丁')
    expect(names(removed(four(), 0))).toBe('1乙 2丙 3丁')
  })
  it('changes one row and nothing of the others', () => {
    const before = four()
    const now = changed(before, 2, 'name', '戊')
    expect(names(now)).toBe('1甲 2乙 3戊 4丁')
    expect(before[2]?.subject.name).toBe('丙')
    expect(now[1]).toBe(before[1])
  })
})

describe('faults', () => {
  const faults = [fault('subjects[1].name'), fault('subjects[3].mode'), fault('subjects[2]'), { code: 'x', detail: 'no place' }]
  it('stand at their cells', () => {
    const rows = four()
    const cells = cellFaults(rows, faults)
    expect(cells.get(rows[1]?.key ?? 0)?.has('name')).toBe(true)
    expect(cells.get(rows[2]?.key ?? 0)?.has('')).toBe(true)
    expect(cells.size).toBe(3)
  })
  it('go away where they are mended, and nowhere else', () => {
    expect(mended(faults, 1, 'name').map((f) => f.location)).toEqual(['subjects[3].mode', 'subjects[2]', undefined])
    expect(mended(faults, 1, 'org')).toHaveLength(4)
    expect(mended(faults, 2, 'note').map((f) => f.location)).toEqual(['subjects[1].name', 'subjects[3].mode', undefined])
  })
  it('go with their rows, and with them', () => {
    const rows = four()
    expect(followed(faults, rows, moved(rows, 3, 0)).map((f) => f.location)).toEqual(['subjects[2].name', 'subjects[0].mode', 'subjects[3]', undefined])
    expect(followed(faults, rows, removed(rows, 1)).map((f) => f.location)).toEqual(['subjects[2].mode', 'subjects[1]', undefined])
  })
})

it('draws what is in sight and a little more, at both ends too', () => {
  expect(windowOf(0, 480, 48, 5000)).toEqual({ from: 0, to: 16 })
  expect(windowOf(4800, 480, 48, 5000)).toEqual({ from: 94, to: 116 })
  expect(windowOf(240000, 480, 48, 5000).to).toBe(5000)
  expect(windowOf(999999, 480, 48, 3)).toEqual({ from: 0, to: 3 })
  expect(windowOf(0, 480, 48, 0)).toEqual({ from: 0, to: 0 })
})
