// The rules of a meeting as a form: which options a rule has, its default, and what goes with what.
import type { Rules } from './client'

/** Rules with one of a few options; the first is the default. Words are in the section "rules". */
export const choices = {
  form: ['roster', 'single'],
  identity: ['form_code', 'serial'],
  overvote: ['row_invalid', 'ballot_invalid'],
  blank: ['abstention', 'ballot_invalid'],
  altered: ['adjudicate', 'row_invalid'],
  wholly_blank: ['valid', 'ballot_invalid'],
  same_grade: ['flag', 'ballot_invalid'],
  writing: ['flag', 'ballot_invalid'],
  denominator: ['valid', 'expected', 'returned', 'valid_without_abstentions'],
  order: ['roster', 'result', 'strokes'],
} as const
export type Choice = keyof typeof choices

/** Options that DOMAIN knows and this version does not have; their reason is in the words. */
export const unavailable: { [rule: string]: readonly string[] } = { mark: ['ticks_only'] }

export const scales = [
  ['好', '较好', '一般', '差'],
  ['优秀', '称职', '基本称职', '不称职'],
  ['优秀', '合格', '基本合格', '不合格'],
  ['满意', '基本满意', '不满意', '不了解'],
] as const

export const quorums = [[2, 3], [1, 2], [4, 5]] as const

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((x, i) => x === b[i])

/** The scale's place in scales, or -1 for one of the meeting's own. */
export const scaleOf = (grades: readonly string[]): number => scales.findIndex((s) => same(s, grades))

/** Scores from 100 down, as is usual for four grades, and evenly spread for others. */
export function scoresFor(grades: number): number[] {
  if (grades === 4) return [100, 80, 60, 40]
  return Array.from({ length: grades }, (_, i) => Math.round(100 - (60 * i) / Math.max(1, grades - 1)))
}

/** Rules with another scale: what names a grade that is gone goes with it. */
export function withGrades(rules: Rules, grades: readonly string[]): Rules {
  const on = (rules.scores ?? []).length > 0
  return {
    ...rules,
    grades: [...grades],
    scores: on ? ((rules.scores ?? []).length === grades.length ? (rules.scores ?? []) : scoresFor(grades.length)) : [],
    caps: (rules.caps ?? []).filter((c) => grades.includes(c.grade)),
    alerts: (rules.alerts ?? []).filter((a) => (a.grades ?? []).every((g) => grades.includes(g))),
  }
}

/** Rules with another kind of form, on paper that it can be printed on, without rules that it cannot have. */
export function withForm(rules: Rules, form: string): Rules {
  const out = { ...rules, form, layout: { ...rules.layout } }
  if (form === 'single') {
    if (out.layout.paper === 'A3') out.layout.paper = 'A4'
    for (const rule of ['overvote', 'blank', 'wholly_blank', 'same_grade'] as const) out[rule] = choices[rule][0]
    out.caps = []
    out.audit = 0
  } else if (out.layout.paper === 'A5') out.layout.paper = 'A4'
  return out
}

export const papersFor = (form: string): readonly string[] => (form === 'single' ? ['A4', 'A5'] : ['A4', 'A3'])

/** Rules of the whole ballot: single forms have none. */
export const wholeBallot: readonly string[] = ['overvote', 'blank', 'wholly_blank', 'same_grade']

/** The rules that are not the defaults, by the names of the words. */
export function unusual(rules: Rules): string[] {
  const out: string[] = (Object.keys(choices) as Choice[]).filter((c) => rules[c] !== choices[c][0])
  const add = (yes: boolean, name: string): void => void (yes && out.push(name))
  add(scaleOf(rules.grades ?? []) !== 0, 'grades')
  add(rules.quorum.num * 3 !== rules.quorum.den * 2, 'quorum')
  add((rules.scores ?? []).length > 0, 'scores')
  add((rules.caps ?? []).length > 0, 'caps')
  add((rules.alerts ?? []).length > 0, 'alerts')
  add(rules.decimals !== 2, 'decimals')
  add(rules.small_group !== 5, 'small_group')
  add(rules.two_adjudicators, 'two_adjudicators')
  add((rules.audit ?? 0) > 0, 'audit')
  add(rules.cvr === true, 'cvr')
  return out
}

/** Without empty lists, as the service writes them. */
export function plain(rules: Rules): Rules {
  const { scores, caps, alerts, audit, cvr, ...rest } = rules
  return { ...rest, ...(scores?.length ? { scores } : {}), ...(caps?.length ? { caps } : {}), ...(alerts?.length ? { alerts } : {}), ...(audit ? { audit } : {}), ...(cvr ? { cvr } : {}) }
}
