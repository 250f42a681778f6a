// The logic of deciding unclear rows: what the keys mean, and which rows one has at hand.
import type { Decision, QueueRow, RowLayout, Rules } from './client'

export interface Choice {
  key: string
  kind: 'grade' | 'blank' | 'overvote' | 'invalid'
  grade: string
  voids: boolean // by the rules, such a row makes the whole ballot invalid
}

/**
 * What a person may decide: each grade by its place, blank by 0, invalid by X. Where several marks make the whole ballot invalid they
 * are told apart (D) from a row that is invalid alone.
 */
export function choicesOf(rules: Pick<Rules, 'grades' | 'overvote' | 'blank'>): Choice[] {
  const one = (key: string, kind: Choice['kind'], grade = '', voids = false): Choice => ({ key, kind, grade, voids })
  const invalid = rules.overvote === 'ballot_invalid' ? [one('X', 'invalid'), one('D', 'overvote', '', true)] : [one('X', 'overvote')]
  return [...(rules.grades ?? []).map((grade, i) => one(String(i + 1), 'grade', grade)), one('0', 'blank', '', rules.blank === 'ballot_invalid'), ...invalid]
}

/** The name, in the texts, of what is said of a row: a kind that makes the ballot invalid has words of its own. */
export const saysOf = (kind: string, choices: readonly Choice[]): string => (choices.some((c) => c.kind === kind && c.voids) ? `${kind}Voids` : kind)

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat'>

/** What a key stands for: a choice, or undo (U, Z, Backspace), the machine's view (M), the rows around (V). A key that is held down counts once. */
export function keyAct(e: Key, choices: readonly Choice[]): Choice | 'undo' | 'machine' | 'around' | null {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.repeat) return null
  const key = e.key.toUpperCase()
  if (key === 'U' || key === 'Z' || key === 'BACKSPACE') return 'undo'
  if (key === 'M') return 'machine'
  if (key === 'V') return 'around'
  return choices.find((c) => c.key === key) ?? null
}

export const sameChoice = (a: Pick<Decision, 'kind' | 'grade'>, b: Pick<Decision, 'kind' | 'grade'>): boolean => a.kind === b.kind && (a.grade ?? '') === (b.grade ?? '')

export const rowKey = (row: Pick<QueueRow, 'page' | 'subject'>): string => `${row.page}/${row.subject}`

/** A row at hand; before is what the person decided about it earlier. */
export type Held = Pick<QueueRow, 'page' | 'subject' | 'name' | 'org' | 'group' | 'machine' | 'dispute' | 'disputed' | 'layout'> & { scores: QueueRow['scores']; before?: Choice; correct?: boolean }

/** The rows that a person has at hand, and those that were decided lately. */
export class Desk {
  held: Held[] = []
  private history: { row: Held; choice: Choice }[] = []
  private busy = new Set<string>() // decided since the last answer was asked for, or on the way to the service

  /** Call before rows are asked for: what is decided from now on is not taken from that answer. */
  ask(): void {
    this.busy = new Set(this.sending.keys())
  }
  private sending = new Map<string, number>()

  /**
   * Takes the rows of an answer that are not at hand yet, and puts away those that others settled meanwhile: limit is how many rows the answer could have had, disputes first.
   * The first row stays while another could take its place: it is in sight, and a key that is pressed for it must not decide the next one. The service refuses what others have settled.
   */
  add(rows: readonly Held[], limit = rows.length): void {
    const given = new Set(rows.map(rowKey))
    const disputes = rows.filter((r) => r.disputed).length < limit
    const waits = (r: Held): boolean => !!r.before || given.has(rowKey(r)) || (r.disputed ? !disputes : rows.length >= limit)
    const known = new Set([...this.held.map(rowKey), ...this.busy])
    const next = [...this.held.slice(1).filter(waits), ...rows.filter((r) => !known.has(rowKey(r)))]
    this.held = [...this.held.slice(0, 1).filter((r) => next.length > 0 || waits(r)), ...next]
  }

  /** Decides the first row, which is then on the way to the service. */
  decide(choice: Choice): Held | undefined {
    const row = this.held[0]
    if (!row) return undefined
    this.held = this.held.slice(1)
    this.history.push({ row, choice })
    const key = rowKey(row)
    this.busy.add(key)
    this.sending.set(key, (this.sending.get(key) ?? 0) + 1)
    return row
  }

  /** The service has the decision, or refused it for good. */
  sent(row: Held): void {
    const key = rowKey(row)
    const left = (this.sending.get(key) ?? 1) - 1
    if (left > 0) this.sending.set(key, left)
    else this.sending.delete(key)
  }

  /** The service does not have the decision: the row comes back right after the one in sight, and cannot be undone. */
  failed(row: Held): void {
    this.sent(row)
    this.forget(row)
    const others = this.held.filter((r) => rowKey(r) !== rowKey(row))
    const first = this.held[0] && rowKey(this.held[0]) === rowKey(row) ? 0 : 1
    this.held = [...others.slice(0, first), row, ...others.slice(first)]
  }

  /** A row that others settled meanwhile. */
  forget(row: Held): void {
    this.history = this.history.filter((h) => rowKey(h.row) !== rowKey(row))
  }

  /** Rows of a leaf that was set aside are not decided. */
  drop(page: string): void {
    this.held = this.held.filter((r) => r.page !== page)
    this.history = this.history.filter((h) => h.row.page !== page)
  }

  /** Puts the row that was decided last on top, to be decided again. */
  undo(): boolean {
    const last = this.history.pop()
    if (!last) return false
    this.again({ ...last.row, before: last.choice })
    return true
  }

  /** Puts a row on top, to be decided again. */
  again(row: Held): void {
    this.held = [row, ...this.held.filter((r) => rowKey(r) !== rowKey(row))]
  }

  /** Leaves a row that was put on top as it was decided. */
  leave(): void {
    if (this.held[0]?.before) this.held = this.held.slice(1)
  }

  get undoable(): boolean {
    return this.history.length > 0
  }
  get unsent(): number {
    return [...this.sending.values()].reduce((a, b) => a + b, 0)
  }
}

/** The part of a row's picture that has its boxes, as shares of its width; null where they do not stand side by side. */
export function boxesOf(layout: RowLayout): { left: number; right: number } | null {
  const sorted = [...layout.boxes].sort((a, b) => a.left - b.left)
  if (sorted.length === 0 || sorted.some((b, i) => i > 0 && b.left < (sorted[i - 1]?.left ?? 0) + (sorted[i - 1]?.width ?? 0) / 2)) return null
  const edge = 0.012
  return { left: Math.max(0, (sorted[0]?.left ?? 0) - edge), right: Math.min(1, Math.max(...sorted.map((b) => b.left + b.width)) + edge) }
}

/** Why the reader asks a person, as ballot.Verdict names it. */
export const unclearReasons = ['altered', 'faint_mark', 'between_boxes', 'outside_box', 'on_outline', 'stroke_crosses', 'streak', 'straight_line', 'pale_page', 'unread_page', 'grainy', 'covered', 'local_distortion', 'possible_second_mark', 'readings_disagree', 'rejudged'] as const

/** What is said of a page that a person should look at. */
export const pageFlags = ['identifying_writing', 'writing_unchecked', 'name_unread', 'identity_line_unread', 'code_unread', 'same_grade'] as const
