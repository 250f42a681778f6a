// The ledger on the screen: who typed which number, what waits for whom, and where a break is mended.
import type { LedgerBreak, LedgerEntry, LedgerView, Meeting } from './client'
import { fields, venueName, type Field } from './meeting'

/** A number as it stands: nobody typed it, one person did, two did, or the lines of packets differ. */
export type CellState = 'none' | 'waiting' | 'done' | 'mixed'

export interface Cell {
  field: Field
  state: CellState
  /** Of confirmed lines: the least and the most; equal but where the lines of packets differ. */
  least: number | null
  most: number | null
  /** What the reader typed and nobody has confirmed yet; others' numbers are not told. */
  own: number | null
  /** Who typed what waits. */
  by: string[]
  /** A second person counted another number than waits. */
  differs: boolean
}

export interface Row {
  group: string
  venue: string
  expected: number
  cells: Cell[]
  breaks: LedgerBreak[]
}

/** Which role types which number; the second person is of that role too, or a scrutineer. */
export const typedBy: Record<Field, 'printing' | 'scanning'> = { present: 'printing', issued: 'printing', spoiled: 'printing', not_returned: 'scanning', returned: 'scanning' }

const at = (a: { group: string; venue: string }): string => `${a.group}\n${a.venue}`

/** The lines by group and venue: of one subject, or, with subject 0, of all of them together. */
export function rowsOf(view: LedgerView, subject: number): Row[] {
  const lines = (view.lines ?? []).filter((l) => subject === 0 || (l.subject ?? 0) === subject)
  const entries = new Map<string, LedgerEntry>(view.entries.map((e) => [`${at(e)}\n${e.subject ?? 0}\n${e.field}`, e]))
  return [...new Set(lines.map(at))].map((key) => {
    const of = lines.filter((l) => at(l) === key)
    const [group = '', venue = ''] = key.split('\n')
    const breaks = view.breaks.filter((b) => b.group === group && b.venue.split('+').includes(venue) && (subject === 0 || (b.subject ?? 0) === subject))
    const cells = fields.map((field) => cellOf(field, of.map((l) => entries.get(`${key}\n${l.subject ?? 0}\n${field}`))))
    return { group, venue, expected: Math.max(...of.map((l) => l.expected)), cells, breaks }
  })
}

function cellOf(field: Field, entries: readonly (LedgerEntry | undefined)[]): Cell {
  const typed = entries.filter((e) => e !== undefined)
  const confirmed = typed.filter((e) => e.confirmed_by)
  const values = confirmed.flatMap((e) => e.value ?? [])
  const all = confirmed.length === entries.length
  const state: CellState = typed.length === 0 ? 'none' : all ? 'done' : typed.length === entries.length && confirmed.length === 0 ? 'waiting' : 'mixed'
  const waiting = typed.filter((e) => !e.confirmed_by)
  const own = state === 'waiting' && new Set(waiting.map((e) => e.value)).size === 1 ? (waiting[0]?.value ?? null) : null
  return { field, state, own, least: all ? Math.min(...values) : null, most: all ? Math.max(...values) : null, by: [...new Set(waiting.map((e) => e.entered_by))], differs: waiting.some((e) => e.differs) }
}

/** What somebody may do with a number now: type it, count it as the second person, change it, or look. */
export type May = 'enter' | 'confirm' | 'change' | 'look'

export function mayOf(cell: Cell, role: string, user: string, open: boolean): May {
  const own = typedBy[cell.field] === role
  if (!open || !(own || role === 'scrutineer')) return 'look'
  if (cell.state === 'waiting' && !cell.by.includes(user)) return 'confirm'
  if (!own) return 'look'
  return cell.state === 'none' ? 'enter' : 'change' // where packets differ, one number for all is typed only by who means to
}

/** A count as somebody typed it: null where it is none. */
export function countOf(text: string): number | null {
  const half = text.trim().replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
  return /^\d{1,7}$/.test(half) && Number(half) <= 1_000_000 ? Number(half) : null
}

export const breakKinds = ['no_line', 'line_twice', 'negative', 'pending', 'present', 'issued', 'spares', 'printed', 'sum', 'returned', 'surplus', 'scanned', 'counted', 'unresolved'] as const
export type BreakKind = (typeof breakKinds)[number]
export const kindOf = (b: LedgerBreak): BreakKind | 'other' => breakKinds.find((k) => k === b.kind) ?? 'other'

/** Names of the venues of a break: of pooled stacks there are several; "" where it is of none. */
export const venuesOf = (m: Meeting, b: LedgerBreak): string => (b.venue ? b.venue.split('+').map((v) => venueName(m, v)).join('+') : '')

/** The page on which a break is mended, where it is another one than the ledger. */
export const mendedOn: Partial<Record<BreakKind, 'batches' | 'decide' | 'print'>> = { scanned: 'batches', unresolved: 'decide', counted: 'decide', issued: 'print', spares: 'print', printed: 'print' }

/** Breaks that are alike, put together: on single forms one slip breaks the lines of many subjects, and at the start
 *  all lines wait for their numbers. */
export function gather(breaks: readonly LedgerBreak[]): Gathered[] {
  const lines = new Set(breaks.filter((b) => b.kind === 'pending').map(at)).size
  const out = new Map<string, Gathered>()
  for (const b of breaks) {
    const many = b.kind === 'pending' && lines > 2
    const key = many ? b.kind : `${b.kind}\n${at(b)}`
    const one = out.get(key)
    if (one) one.n++
    else out.set(key, { first: b, n: 1, lines: many ? lines : 1 })
  }
  return [...out.values()]
}

/** Breaks put together: the first, how many, and of how many lines of the ledger. */
export interface Gathered {
  first: LedgerBreak
  n: number
  lines: number
}

/** Of how many leaves of paper a group's ballot is. */
export const leavesOf = (view: LedgerView, group: string): number => Math.max(1, ...(view.lines ?? []).filter((l) => l.group === group).map((l) => l.leaves ?? 1))

export interface Totals {
  expected: number
  present: number | null
  issued: number | null
  returned: number | null
  valid: number
  invalid: number
}

/** The sentence's numbers, for a group or (group '') for all; null where a number is not confirmed everywhere. People stand on the line of every subject, so they are counted once. */
export function totals(view: LedgerView, group: string): Totals {
  const rows = rowsOf(view, 0).filter((r) => group === '' || r.group === group)
  const lines = (view.lines ?? []).filter((l) => group === '' || l.group === group)
  const leaves = (field: Field): number | null => (lines.some((l) => l.typed[field] === undefined) ? null : lines.reduce((n, l) => n + (l.typed[field] ?? 0), 0))
  const present = rows.map((r) => r.cells.find((c) => c.field === 'present')?.most ?? null)
  const counted = (list: LedgerView['valid']): number => (list ?? []).filter((c) => group === '' || c.group === group).reduce((n, c) => n + c.leaves, 0)
  return {
    expected: rows.reduce((n, r) => n + r.expected, 0),
    present: present.some((n) => n === null) ? null : present.reduce<number>((a, b) => a + (b ?? 0), 0),
    issued: leaves('issued'), returned: leaves('returned'), valid: counted(view.valid), invalid: counted(view.invalid),
  }
}
