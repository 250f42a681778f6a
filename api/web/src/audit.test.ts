import { expect, it } from 'vitest'
import { agreeing, allCounted, drawn, grouped, leavesOf, mayCount, saysChance, sumOf, throwsIn, waits } from './audit'
import type { AuditView } from './client'

const view = (more: Partial<AuditView>): AuditView => ({
  stage: 'drawn', attempt: 1, draw: 2, wanted: true, dice_by: [], accepted_by: [], signed: [], holders: [], compared: [],
  piles: [{ group: 'A', number: 1, leaves: 60 }, { group: 'A', number: 2, leaves: 90 }],
  bundles: [1, 2, 3].map((number) => ({ number, table: 'A', piles: [`A${number}`], leaves: 50 })),
  drawn: [1, 3], counted: [{ bundle: 1, by: ['s1', 's2'] }, { bundle: 3, by: ['s1'] }],
  chance: { leaves: 150, drawn_leaves: 100, scattered: 4, worst: 51, full: false, recommend_full: true }, ...more,
})

it('takes throws out of what people type', () => expect(throwsIn('1 2,3、4 0 7 56')).toBe('123456'))
it('groups a commitment', () => expect(grouped('0123456789abcdef01')).toBe('01234567 89abcdef 01'))
it('adds leaves', () => expect(leavesOf(view({}))).toBe(150))
it('adds a row of which not all is typed', () => expect(sumOf([3, null, 4])).toBe(7))

it('knows who has counted what', () => {
  expect(drawn(view({})).map((d) => [d.bundle.number, d.by.length])).toEqual([[1, 2], [3, 1]])
  expect(allCounted(view({}))).toBe(false)
  expect(allCounted(view({ counted: [{ bundle: 1, by: ['s1', 's2'] }, { bundle: 3, by: ['s3', 's2'] }] }))).toBe(true)
})

it('lets only those count after a comparison who cannot know what the machine counted', () => {
  const compared = [{ number: 1, by: ['s1', 's2'], agree: 1, differ: 1, unsettled: 0 }]
  expect(['s1', 's2', 's3', 's4'].map((who) => mayCount(view({ compared, differed: ['s3'] }), ['s1', 's2'], who))).toEqual([false, false, false, true])
  expect(mayCount(view({}), ['s1'], 's1')).toBe(true)
})

it('waits for codes, then to be done', () => {
  expect(waits(view({ holders: ['s1'] }), 'open', 's2')).toBe(true)
  expect(waits(view({ holders: ['s1'] }), 'open', 's1')).toBe(false)
  expect(waits(view({ holders: ['s1', 's2'] }), 'open', 's3')).toBe(false)
  expect(waits(view({}), 'balanced', 's1')).toBe(true)
  expect(waits(view({ stage: 'agrees' }), 'balanced', 's1')).toBe(false)
  expect(waits(view({ wanted: false }), 'balanced', 's1')).toBe(false)
})

it('does not say of a correction that all its paper was counted', () => {
  const full = { ...view({}).chance, full: true }
  expect(saysChance(view({ chance: full }))).toBe(true)
  expect(saysChance(view({ chance: full, of_first: true }))).toBe(false)
  expect(saysChance(view({ of_first: true }))).toBe(true)
  expect(saysChance(view({ drawn: [] }))).toBe(false)
})

it('adds the rows that agree', () => {
  const o = { number: 1, by: [], agree: 3, differ: 0, unsettled: 2 }
  expect(agreeing(view({ compared: [o, { ...o, number: 3, differ: 1 }] }))).toBe(6)
})
