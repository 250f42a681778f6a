import { describe, expect, it } from 'vitest'
import type { Rules } from './client'
import { fit, widthOf } from './picture'
import { freeCode, joined, twice, usual, weightSum } from './groups'
import { messages, type Words } from './locales'
import { choices, papersFor, plain, quorums, scaleOf, scales, unavailable, unusual, withForm, withGrades } from './rules'

const rules = (more: Partial<Rules> = {}): Rules => ({
  grades: ['好', '较好', '一般', '差'], form: 'roster', identity: 'form_code', ticks_only: false, overvote: 'row_invalid', blank: 'abstention', altered: 'adjudicate', wholly_blank: 'valid',
  same_grade: 'flag', writing: 'flag', quorum: { num: 2, den: 3 }, denominator: 'valid', decimals: 2, order: 'roster', small_group: 5, two_adjudicators: false,
  layout: { paper: 'A4', blocks: 0, instructions: '', comment_box: false }, ...more,
})

it('has a sentence for every option of every rule', () => {
  const options: Record<string, readonly (string | number)[]> = { ...choices, blocks: [0, 1, 2], paper: [...papersFor('single'), ...papersFor('roster')], decimals: [0, 1, 2, 3, 4], quorum: quorums.map(([n, d]) => `${n}/${d}`), ...unavailable }
  for (const language of ['zh', 'en'] as const) {
    const words = messages[language]['rules'] as Words
    for (const [rule, list] of Object.entries(options)) for (const o of list) expect((words[rule] as Words)[String(o)], `${language} ${rule}.${o}`).toBeTruthy()
    for (const [rule, list] of Object.entries(unavailable)) for (const o of list) expect((words[rule] as Words)[`${o}Why`], `${language} why not ${o}`).toBeTruthy()
  }
})

describe('what goes with what', () => {
  it('takes caps, alerts and scores along with the grades', () => {
    const r = withGrades(rules({ scores: [100, 80, 60, 40], caps: [{ grade: '好', percent: 30 }, { grade: '差', max: 2 }], alerts: [{ grades: ['好', '较好'], below_percent: 0, below_thirds: 2, text: '' }] }), ['好', '一般', '差'])
    expect(r.scores).toEqual([100, 70, 40])
    expect(r.caps?.map((c) => c.grade)).toEqual(['好', '差'])
    expect(r.alerts).toEqual([])
    expect(withGrades(rules({ scores: [95, 85, 75, 65] }), scales[1]).scores).toEqual([95, 85, 75, 65])
  })
  it('leaves single forms without rules of a whole ballot, on paper that fits', () => {
    const single = withForm(rules({ blank: 'ballot_invalid', caps: [{ grade: '好', max: 1 }], layout: { paper: 'A3', blocks: 0, instructions: '', comment_box: true } }), 'single')
    expect(single).toMatchObject({ form: 'single', blank: 'abstention', caps: [], layout: { paper: 'A4', comment_box: true } })
    expect(withForm({ ...single, layout: { ...single.layout, paper: 'A5' } }, 'roster').layout.paper).toBe('A4')
  })
  it('names what is not the default', () => {
    expect(unusual(rules())).toEqual([])
    expect(unusual(rules({ overvote: 'ballot_invalid', quorum: { num: 1, den: 2 }, scores: [1, 2, 3, 4], decimals: 1 }))).toEqual(['overvote', 'quorum', 'scores', 'decimals'])
    expect([scaleOf(['好', '较好', '一般', '差']), scaleOf(['好', '差'])]).toEqual([0, -1])
  })
  it('sends no empty lists', () => expect(Object.keys(plain(rules({ scores: [], caps: [], alerts: [] }))).filter((k) => ['scores', 'caps', 'alerts'].includes(k))).toEqual([]))
})

describe('groups', () => {
  it('have weights of 100, letters of their own, and partners that vote', () => {
    expect(weightSum(usual())).toBe(100)
    expect(freeCode(usual())).toBe('D')
    const off = joined(usual().map((g) => (g.code === 'A' ? { ...g, disabled: true } : g)))
    expect(off.map((g) => g.join_with)).toEqual(['B', 'C', 'B'])
    expect(joined(usual().slice(0, 1))[0]?.join_with).toBe('')
  })
  it('share no category', () => expect(twice(usual(), [{ category: '工委委员', reason: '' }])).toEqual(['工委委员']))
})

describe('text in its box', () => {
  const box = { x: 10, y: 10, w: 22, h: 8 }
  it('is never enlarged, never wider than the box', () => {
    expect(fit(box, '张明', 12, 'C')).toMatchObject({ anchor: 'middle', lines: [{ text: '张明', x: 21 }] })
    expect(fit(box, '张明', 12, 'C').size).toBeCloseTo(12 * 25.4 / 72)
    const long = fit(box, '地区住房公积金管理中心党支部', 10, 'C')
    expect(long.lines).toHaveLength(2)
    for (const l of long.lines) expect(widthOf(l.text, (long.size * 72) / 25.4)).toBeLessThanOrEqual(box.w)
    expect(long.lines.map((l) => l.text).join('')).toBe('地区住房公积金管理中心党支部')
  })
})
