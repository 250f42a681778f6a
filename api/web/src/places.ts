// The pages of a meeting: who sees which, and when.
import { states, type State } from './client'

export interface Place {
  /** Name of the route, and of its word in the section "place". */
  name: string
  /** Operation of the API that one must be allowed to do; none for everybody. */
  may?: string
  /** Only where the meeting's rules have this on. */
  rule?: 'audit' | 'comments' | 'cvr'
  /** First and last state of the meeting in which the page has something to do or to show. */
  from: State
  to: State
}

const places: readonly Place[] = [
  { name: 'meeting', from: 'draft', to: 'archived' },
  { name: 'setup', may: 'put-rules', from: 'draft', to: 'draft' },
  { name: 'blank', may: 'upload-blank', from: 'draft', to: 'draft' },
  { name: 'trial', may: 'read-trial', from: 'draft', to: 'open' },
  { name: 'print', may: 'print-copies', from: 'sealed', to: 'open' },
  { name: 'batches', may: 'list-batch-pages', from: 'open', to: 'open' },
  { name: 'decide', may: 'decide', from: 'open', to: 'open' },
  { name: 'ledger', may: 'get-ledger', from: 'open', to: 'archived' },
  { name: 'comments', may: 'list-comments', rule: 'comments', from: 'balanced', to: 'balanced' },
  { name: 'audit', may: 'enter-dice', rule: 'audit', from: 'sealed', to: 'certified' },
  // Scrutineers check what they certify; the committee sees figures once they are released.
  { name: 'results', may: 'certify', from: 'balanced', to: 'certified' },
  { name: 'results', may: 'results', from: 'released', to: 'archived' },
  { name: 'overall', may: 'conclude', from: 'released', to: 'archived' },
  { name: 'screen', may: 'results', from: 'released', to: 'archived' },
  { name: 'cvr', may: 'export-cvr', rule: 'cvr', from: 'released', to: 'released' },
  { name: 'archive', may: 'get-archive', from: 'released', to: 'archived' },
]

/** The page, of those that are shown, to which another one belongs. */
const within: Record<string, string> = { subject: 'results', batch: 'batches' }
export const placeOf = (route: string): string => within[route] ?? route

/** The pages that somebody who may do what can says sees, in the order of the work. */
export function placesFor(state: State, can: (operation: string) => boolean, on: readonly string[] = []): Place[] {
  const at = states.indexOf(state)
  return places.filter((p) => states.indexOf(p.from) <= at && at <= states.indexOf(p.to) && (!p.may || can(p.may)) && (!p.rule || on.includes(p.rule)))
}
