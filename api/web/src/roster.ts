// The roster while it is edited: rows in their order, numbered by it; faults at their cells; the window of rows
// that is drawn. 5,000 rows must stay fluid, so nothing here looks at them one by one more than once a change.
import type { Fault, Subject } from './client'

/** A row keeps its key through all moves; fileRow is where it stood in the file, while that is of use. */
export interface Row {
  key: number
  subject: Subject
  fileRow?: number
}

export type Field = 'no' | 'name' | 'org' | 'post' | 'mode' | 'delegate' | 'note'

let last = 0

export function rowsOf(subjects: readonly Subject[], fileRows?: readonly number[]): Row[] {
  return subjects.map((subject, i) => {
    const fileRow = fileRows?.[i]
    return fileRow === undefined ? { key: ++last, subject } : { key: ++last, subject, fileRow }
  })
}

export function emptySubject(): Subject {
  return { no: 0, name: '', org: '', post: '', mode: 'written' }
}

/** Numbers rows by their order; rows whose number stays are the same objects. */
export function numbered(rows: readonly Row[]): Row[] {
  return rows.map((r, i) => (r.subject.no === i + 1 ? r : { ...r, subject: { ...r.subject, no: i + 1 } }))
}

/** Moves the row at from so that it stands at to; positions beyond the ends are the ends. */
export function moved(rows: readonly Row[], from: number, to: number): Row[] {
  const out = [...rows]
  const [row] = out.splice(from, 1)
  if (!row) return [...rows]
  out.splice(Math.max(0, Math.min(to, out.length)), 0, row)
  return numbered(out)
}

export function inserted(rows: readonly Row[], at: number): Row[] {
  const out = [...rows]
  out.splice(at, 0, ...rowsOf([emptySubject()]))
  return numbered(out)
}

export function removed(rows: readonly Row[], at: number): Row[] {
  return numbered(rows.filter((_, i) => i !== at))
}

export function changed(rows: readonly Row[], at: number, field: Exclude<Field, 'no'>, text: string): Row[] {
  const out = [...rows]
  const row = out[at]
  if (row) out[at] = { ...row, subject: { ...row.subject, [field]: text } }
  return out
}

/** Faults by row key and field; "" is the row as a whole. */
export type CellFaults = ReadonlyMap<number, ReadonlyMap<Field | '', string>>

const place = /^(?:body\.)?subjects\[(\d+)\](?:\.(\w+))?/

/** The row, counted from 0, that a fault is about. */
export function rowOf(fault: Fault): number | null {
  const found = place.exec(fault.location ?? '')
  return found ? Number(found[1]) : null
}

export function cellFaults(rows: readonly Row[], faults: readonly Fault[]): CellFaults {
  const out = new Map<number, Map<Field | '', string>>()
  for (const fault of faults) {
    const found = place.exec(fault.location ?? '')
    const row = found ? rows[Number(found[1])] : undefined
    if (!found || !row) continue
    const cells = out.get(row.key) ?? new Map<Field | '', string>()
    cells.set((found[2] ?? '') as Field | '', fault.detail)
    out.set(row.key, cells)
  }
  return out
}

/** The faults that are left once a cell was mended: those of other rows and fields, at their rows' places now. */
export function mended(faults: readonly Fault[], at: number, field: Field): Fault[] {
  return faults.filter((f) => {
    const found = place.exec(f.location ?? '')
    return !found || Number(found[1]) !== at || (found[2] ?? field) !== field
  })
}

/** Faults after rows have changed places: each goes with its row, and those of rows that are gone are left out. */
export function followed(faults: readonly Fault[], before: readonly Row[], now: readonly Row[]): Fault[] {
  if (faults.length === 0) return []
  const at = new Map(now.map((r, i) => [r.key, i]))
  return faults.flatMap((f) => {
    const i = rowOf(f)
    if (i === null) return [f]
    const key = before[i]?.key
    const to = key === undefined ? undefined : at.get(key)
    return to === undefined ? [] : [{ ...f, location: (f.location ?? '').replace(/\[\d+\]/, `[${to}]`) }]
  })
}

/** The rows that are drawn: those in sight and some more at both ends. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, count: number, more = 6): { from: number; to: number } {
  const from = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), count - 1) - more)
  return { from, to: Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + more) }
}
