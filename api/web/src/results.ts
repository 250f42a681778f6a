// Shows figures that the service counted: nothing is computed from them here.
import type { Result, ResultSubject, ResultTable } from './client'

/** The figures of a subject that are shown: of one group where one is chosen, of all together otherwise. */
export function tableOf(subject: ResultSubject, group: string): ResultTable {
  const one = group === '' ? undefined : subject.groups?.find((t) => t.group === group)
  return one ?? subject.overall
}

/** Rate of the best grade as shown: of the group, or weighted over the groups. */
export function goodOf(subject: ResultSubject, group: string): string {
  return group === '' ? (subject.good?.text ?? '') : tableOf(subject, group).good.text
}

/** Score as shown: of the group, or weighted over the groups. */
export function scoreOf(subject: ResultSubject, group: string): string {
  return (group === '' ? subject.score : tableOf(subject, group).score)?.text ?? ''
}

/** Whether the rules give grades points. */
export const scored = (result: Result): boolean => (result.rules.scores ?? []).length > 0

/** Per cent, or a dash where there is no figure. */
export const percent = (text: string): string => (text === '' ? '—' : `${text}%`)

/** A colour of a bar: a grade by its place from the best on, abstentions or invalid rows. */
export interface Kind {
  kind: string
  name: string
}
export const kinds = (grades: readonly string[], blank: string, invalid: string): Kind[] => [
  ...grades.map((name, i) => ({ kind: String(i + 1), name })), { kind: 'blank', name: blank }, { kind: 'invalid', name: invalid },
]

/** The pieces of a bar that have votes. */
export function pieces(table: ResultTable, grades: readonly string[], blank: string, invalid: string): (Kind & { votes: number })[] {
  const votes = [...grades.map((_, i) => table.counts?.[i] ?? 0), table.blank, table.invalid]
  return kinds(grades, blank, invalid).map((k, i) => ({ ...k, votes: votes[i] ?? 0 })).filter((p) => p.votes > 0)
}

/** What the rules notice, by subject. */
export const alerted = (subjects: readonly ResultSubject[]): { no: number; name: string; text: string }[] =>
  subjects.flatMap((s) => (s.alerts ?? []).map((a) => ({ no: s.no, name: s.name, text: a.text })))

/** The subjects before and after one in a list, at its ends undefined. */
export function neighbours<T extends { no: number }>(list: readonly T[], no: number): { before?: T; after?: T } {
  const at = list.findIndex((s) => s.no === no)
  return at < 0 ? {} : { before: list[at - 1], after: list[at + 1] }
}

/** Cuts a list into pages. */
export function paged<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

/** Items that were typed one a line. */
export const itemsOf = (text: string): string[] => text.split('\n').map((l) => l.trim()).filter((l) => l !== '')

/** Where a key leads on the big screen: to another page of so many, or out of it. */
export function keyStep(key: string, at: number, pages: number): number | 'leave' | 'full' | null {
  if (key === 'Escape') return 'leave'
  if (key === 'f' || key === 'F') return 'full'
  if (key === 'ArrowRight' || key === 'PageDown' || key === ' ') return Math.min(at + 1, pages - 1)
  if (key === 'ArrowLeft' || key === 'PageUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  return key === 'End' ? pages - 1 : null
}

/** How many votes and rows without one a table has: the length of its bar. */
export const votes = (table: ResultTable): number => (table.counts ?? []).reduce((a, b) => a + b, 0) + table.blank + table.invalid

/** Columns that the service sorts by. */
export const sortKeys = ['no', 'name', 'org', 'mode', 'rank', 'good', 'score', 'blank', 'invalid'] as const
export type SortKey = (typeof sortKeys)[number]
export const sortKey = (name: unknown): SortKey | undefined => sortKeys.find((k) => k === name)
