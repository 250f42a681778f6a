import { describe, expect, it } from 'vitest'
import type { Fault, Meeting } from './client'
import { nextOf, standing, stepOf, words } from './setup'

const fault = (location?: string, code = 'bad_rules'): Fault => ({ code, detail: 'x', ...(location === undefined ? {} : { location }) })
const meeting = (more: Partial<Meeting> = {}): Meeting => ({ id: 'm', title: 't', organiser: '', date: '2026-01-15', state: 'draft', version: 0, subjects: [], groups: [], excluded: [], venues: [], rules: {} as Meeting['rules'], ...more })
const subject = { no: 1, name: '张明', org: '某局', post: '', mode: 'oral' }
const group = (headcount?: Record<string, number>) => ({ code: 'A', name: '委员', categories: ['委员'], weight: 100, join_with: '', ...(headcount ? { headcount } : {}) })

it.each([
  ['subjects[3].name', 'bad_roster', 'roster'], [undefined, 'missing_glyph', 'roster'], ['groups[0].headcount', 'bad_rules', 'roll'],
  ['groups[0].weight', 'bad_rules', 'groups'], ['groups', 'bad_rules', 'groups'], ['venues[1].code', 'invalid', 'groups'], ['rules.scores', 'bad_rules', 'rules'],
  ['rules', 'bad_form', 'rules'], ['title', 'invalid', 'basics'], ['blanks', 'bad_form', 'seal'], [undefined, 'invalid', 'seal'],
])('puts %s right in the step it belongs to', (location, code, step) => expect(stepOf(fault(location, code))).toBe(step))

describe('where the set-up stands', () => {
  const all = [fault('subjects'), fault('groups'), fault('groups[0].headcount')]
  const next = (m: Meeting, faults: Fault[], seen: string[] = []) => nextOf(standing(m, faults, new Set(seen)))
  it('leads from one step to the next', () => {
    expect(next(meeting(), all)).toBe('roster')
    expect(next(meeting({ subjects: [subject] }), [fault('groups')])).toBe('groups')
    expect(next(meeting({ subjects: [subject], groups: [group()] }), [fault('groups[0].headcount')])).toBe('rules')
    expect(next(meeting({ subjects: [subject], groups: [group()] }), [fault('groups[0].headcount')], ['rules'])).toBe('roll')
    expect(next(meeting({ subjects: [subject], groups: [group({ main: 9 })] }), [], ['rules'])).toBe('seal')
  })
  it('calls an empty part to do and a wrong one wrong', () => {
    const states = (m: Meeting, f: Fault[]) => Object.fromEntries(standing(m, f, new Set(['rules'])).map((s) => [s.name, s.state]))
    expect(states(meeting(), all)).toMatchObject({ basics: 'done', roster: 'todo', groups: 'todo', rules: 'done', roll: 'todo', seal: 'todo' })
    expect(states(meeting({ subjects: [subject], groups: [group({ main: 9 })] }), [fault('groups'), fault('rules.caps')])).toMatchObject({ roster: 'done', groups: 'fault', rules: 'fault', roll: 'done' })
  })
})

it('takes words apart at any separator, each once', () => expect(words(' 委员、书记，委员; 指导组\n')).toEqual(['委员', '书记', '指导组']))
