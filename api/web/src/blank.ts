// What a page shows of a blank ballot that the office made itself.
import type { components } from './api'
import { answered, send } from './client'
import { locale } from './i18n'

type Schemas = components['schemas']
export type Blank = Schemas['BlankProposal']
export type BlankSummary = Schemas['BlankSummary']
export type Sheet = Schemas['BlankSheet']
export type Row = Schemas['BlankRow']
type Rect = Schemas['Rect']

/** Kinds of files that a blank may be. */
export const kinds = '.pdf,.docx,.doc,.odt,.rtf,.wps,.jpg,.jpeg,.png,.tif,.tiff'

/** What settles a row that is no subject's. */
export const skip = 'skip'

/** Rows that were unsure, or settled by a person: those to look at first. */
export const doubtful = (r: Row): boolean => !!r.why || !!r.settled

/** A row that still waits for a person. */
export const open = (r: Row): boolean => r.subject === 0 && !r.skipped

/** What the choice of a row stands at. */
export const chosen = (r: Row): string => (r.skipped ? skip : r.subject > 0 ? String(r.subject) : '')

/** Numbers of the subjects that rows are matched with. */
export const used = (b: Blank): Set<number> => new Set(b.sheets.flatMap((s) => s.rows.map((r) => r.subject)).filter((no) => no > 0))

/** The roster number that the likeliest subject of a row bears; empty where nobody is likely, or another row has them. */
export function likeliest(r: Row, taken: Set<number>): string {
  const no = /^\d+/.exec(r.best ?? '')?.[0] ?? ''
  return taken.has(Number(no)) ? '' : no
}

/** The colour of a grade's column: those of charts, best grade first. */
export function colour(grades: string[], grade: string): string {
  return `var(--grade-${Math.max(0, grades.indexOf(grade)) + 1})`
}

/** A rectangle in mm with some room about it, as an SVG's viewBox. */
export function view(r: Rect, room = 0.6): string {
  return `${r.x - room} ${r.y - room} ${r.w + 2 * room} ${r.h + 2 * room}`
}

/** Where to look for a row's name: its cell or, where none was found, the whole row. */
export const nameOf = (r: Row): Rect => (r.name_box.w > 0 ? r.name_box : r.box)

/** The number of a row on its page, from its key. */
export const rowNo = (r: Row): string => r.key.slice(r.key.lastIndexOf('.') + 1)

const path = (meeting: string, group: string): string => `/api/v1/meetings/${encodeURIComponent(meeting)}/blanks/${encodeURIComponent(group)}`

/** A page's picture as an address of this browser's own: it is shown many times over, and no cache may keep it. */
export async function picture(meeting: string, group: string, sheet: number): Promise<string> {
  const answer = await answered(fetch(`${path(meeting, group)}/sheets/${sheet}/picture`, { headers: { 'Accept-Language': locale() } }))
  return URL.createObjectURL(await answer.blob())
}

/** Sends a blank and waits until it is learned. */
export const upload = (meeting: string, group: string, file: File): Promise<Blank> => send(path(meeting, group), file)
