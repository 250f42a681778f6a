// The audit of the paper: what is counted by hand, and how far people have come.
import type { AuditView, Bundle } from './client'

/** Throws of the die. */
export const throwsWanted = 20
/** Leaves in all under which all paper should be counted. */
export const fullBelow = 300

/** Throws as they were typed, without what stands between them. */
export const throwsIn = (text: string): string => text.replace(/[^1-6]/g, '')

/** A commitment in groups, so that it can be read out and compared. */
export const grouped = (hex: string): string => hex.replace(/(.{8})(?=.)/g, '$1 ')

export const leavesOf = (view: AuditView): number => view.piles.reduce((n, p) => n + p.leaves, 0)

/** Bundles that were drawn, with who has counted each. */
export function drawn(view: AuditView): { bundle: Bundle; by: string[] }[] {
  return view.bundles.filter((b) => view.drawn.includes(b.number)).map((bundle) => ({ bundle, by: view.counted.find((c) => c.bundle === bundle.number)?.by ?? [] }))
}

/** Whether every drawn bundle was counted by two persons at least. */
export const allCounted = (view: AuditView): boolean => drawn(view).every((d) => d.by.length >= 2)

/** Whether somebody may count a bundle that some have counted: after a comparison, only who cannot know what the machine counted. */
export const mayCount = (view: AuditView, by: readonly string[], user: string): boolean => view.compared.length === 0 || !(by.includes(user) || (view.differed ?? []).includes(user))

/** Whether the audit waits for somebody: for a code of theirs before scanning, or to be done before certifying. */
export function waits(view: AuditView, state: string, user: string): boolean {
  if (!view.wanted) return false
  if (state === 'balanced') return view.stage !== 'agrees' && view.stage !== 'accepted'
  return view.holders.length < 2 && !view.holders.includes(user)
}

/** Numbers of one subject's row, null where nothing was typed yet. */
export type Row = (number | null)[]

/** The leaves of a row; what was not typed counts as none. */
export const sumOf = (row: Row): number => row.reduce<number>((n, x) => n + (x ?? 0), 0)

/** Whether it is said what the audit could find. That all paper was counted is not so of a result that was corrected later. */
export const saysChance = (view: AuditView): boolean => view.drawn.length > 0 && !(view.of_first === true && view.chance.full)

/** Rows that agree, over all bundles. */
export const agreeing = (view: AuditView): number => view.compared.reduce((n, o) => n + o.agree, 0)
