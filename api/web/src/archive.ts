// Where a released meeting stands on its way to the archive, and what follows.
import type { Archiving } from './client'

/** What is to be done or waited for, by one who is signed in as me. */
export type Stage = 'early' | 'ask' | 'wait' | 'confirm' | 'download' | 'archive' | 'undated' | 'kept' | 'due' | 'destroying' | 'destroyed'

/** Whether the export that two signed may still be downloaded. */
export function good(a: Archiving, now: Date): boolean {
  const e = a.export
  return a.state === 'released' && !!e.confirmed_by && !e.outdated && !!e.until && now < new Date(e.until)
}

export function stageOf(a: Archiving, me: string, now: Date): Stage {
  if (a.state === 'archived') {
    if (a.keeping !== 'kept') return a.keeping === 'destroyed' ? 'destroyed' : 'destroying'
    if (!a.destroy_on) return 'undated'
    return a.due ? 'due' : 'kept'
  }
  if (a.state !== 'released') return 'early'
  const e = a.export
  if (e.confirmed_by && !e.outdated && e.digest) return 'archive'
  if (good(a, now)) return 'download'
  if (e.asked_by && !e.confirmed_by) return e.asked_by === me ? 'wait' : 'confirm'
  return 'ask'
}

/** Whether me is one of the two who signed the export. */
export const signed = (a: Archiving, me: string): boolean => a.export.asked_by === me || a.export.confirmed_by === me
