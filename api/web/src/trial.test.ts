import { expect, it } from 'vitest'
import { messages, type Words } from './locales'
import { about, ranges, tone } from './trial'

it('says numbers in short', () => {
  expect(ranges([])).toBe('')
  expect(ranges([1, 2, 3, 5, 7, 8])).toBe('1–3, 5, 7–8')
})

it('names the images of a finding unless it is about all', () => {
  const finding = { code: 'skewed', level: 'advice', images: [2, 3], values: { degrees: 2.5 } } as const
  expect(about({ ...finding, images: [2, 3] }, 6)).toEqual({ values: { degrees: 2.5, n: 2 }, list: '2–3' })
  expect(about({ ...finding, images: [2, 3] }, 2).list).toBe('')
  expect(about({ code: 'order', level: 'fault' }, 2)).toEqual({ values: { n: 0 }, list: '' })
})

it('has a tone for each verdict', () => expect((['ready', 'usable', 'not_ready'] as const).map(tone)).toEqual(['success', 'warning', 'error']))

// The codes of ballot/trialrun.go.
const codes = ['printer_scaled', 'scanner_scaled', 'scaled', 'uneven_scale', 'cropped', 'marks_cut', 'low_resolution', 'high_resolution', 'one_bit', 'pale_marks', 'marks_lost', 'low_toner', 'dark_paper', 'skewed', 'images_missing', 'images_extra', 'one_sided_scan', 'blank_backs', 'order', 'side_a_file', 'not_trial', 'rejected', 'differs', 'unclear']

it('has words for every finding: what it is and what to do', () => {
  const findings = (messages.zh['trial'] as Words)['finding'] as Record<string, Record<string, string>>
  expect(Object.keys(findings).sort()).toEqual([...codes].sort())
  for (const code of codes) expect([findings[code]?.['what'], findings[code]?.['do']].every((w) => w), code).toBe(true)
})
