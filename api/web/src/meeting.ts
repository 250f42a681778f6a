// What a meeting's page says: the one next step, and the ledger by group and venue.
import { states, type LedgerLine, type LedgerView, type Meeting, type State } from './client'

/** Acts that a meeting's page offers, by the operation of the API that does them. */
export type Act = 'open-meeting' | 'balance' | 'certify' | 'release' | 'unseal' | 'back-to-open' | 'reopen'

/** The next step: a sentence by its key, numbers in it, and at most one act or one page to go to. */
export interface Step {
  text: string
  n: number
  act?: Act
  go?: 'scan' | 'results' | 'comments' | 'decide' | 'trial' | 'setup' | 'ledger' | 'print' | 'archive' | 'overall' | 'audit'
}

export function stateOf(name: string): State {
  const state = states.find((s) => s === name)
  if (!state) throw new Error(`unknown state ${name}`)
  return state
}

/** What else waits: handwritten comments to be typed, overall grades of subjects that have none, the audit of the paper. */
export interface Waiting {
  audit?: boolean
  comments?: number
  overall?: number
}

/** Next step of a meeting for somebody who may do what can says. ledger is null where it may not be seen. */
export function nextStep(state: State, can: (operation: string) => boolean, ledger: LedgerView | null, { comments = 0, overall = 0, audit = false }: Waiting = {}): Step {
  const step = (who: string, rest: Omit<Step, 'text' | 'n'> & { n?: number } = {}): Step => ({ n: 0, ...rest, text: `step.${state}.${who}` })
  switch (state) {
    case 'draft':
      return can('seal') ? step('admin', { go: 'setup' }) : step('other')
    case 'sealed':
      if (can('open-meeting')) return step('admin', { act: 'open-meeting', go: 'trial' })
      if (can('print-copies')) return step('printing', { go: 'print' })
      if (audit && can('make-audit-code')) return step('codes', { go: 'audit' })
      return can('read-trial') ? step('scanning', { go: 'trial' }) : step('other')
    case 'open':
      if (audit && can('make-audit-code')) return step('codes', { go: 'audit' })
      return openStep(can, ledger, step)
    case 'balanced':
      if (can('type-comment') && comments > 0) return step('comments', { go: 'comments', n: comments })
      if (audit && can('enter-dice')) return step('audit', { go: 'audit' })
      return can('certify') ? step('scrutineer', { act: 'certify', go: 'results' }) : step('other')
    case 'certified':
      return can('release') ? step('committee', { act: 'release' }) : step('other', can('certify') ? { go: 'results' } : {})
    case 'released':
      if (!can('results')) return step('other')
      if (can('conclude') && overall > 0) return step('overall', { go: 'overall', n: overall })
      return can('archive') ? step('committee', { go: 'archive' }) : step('results', { go: 'results' })
    case 'archived':
      return can('results') ? step('results', { go: 'results' }) : step('other')
  }
}

function openStep(can: (operation: string) => boolean, ledger: LedgerView | null, step: (who: string, rest?: Omit<Step, 'text' | 'n'> & { n?: number }) => Step): Step {
  if (can('open-batch')) return step('scanning', { go: 'scan' })
  if (can('print-copies')) return step('printing', { go: 'ledger' })
  if (!can('balance') || !ledger) return step('other')
  if (ledger.unresolved > 0) return step('unresolved', { n: ledger.unresolved, go: 'decide' })
  if (!ledger.balanced) return step('breaks', { go: 'ledger' })
  return step('ready', { act: 'balance' })
}

/** The act that takes a meeting a step back, for those who may; null where there is none. */
export function wayBack(state: State, can: (operation: string) => boolean): 'unseal' | 'back-to-open' | 'reopen' | null {
  const act = ({ sealed: 'unseal', balanced: 'back-to-open', certified: 'reopen' } as const)[state as 'sealed' | 'balanced' | 'certified']
  return act && can(act) ? act : null
}

/** Numbers of a ledger line that people count by hand, in the order of the work. */
export const fields = ['present', 'issued', 'spoiled', 'not_returned', 'returned'] as const
export type Field = (typeof fields)[number]

/** One number of the summary: value is null where a part of it was not entered. */
export interface Figure {
  value: number | null
  pending: boolean
}

export interface Line {
  group: string
  venue: string
  expected: number
  typed: Record<Field, Figure>
}

/** The ledger by group and venue. On single forms the lines of all subjects are put together. */
export function summary(lines: readonly LedgerLine[]): Line[] {
  const keys = [...new Set(lines.map((l) => `${l.group}\n${l.venue}`))]
  return keys.map((key) => {
    const of = lines.filter((l) => `${l.group}\n${l.venue}` === key)
    const typed = Object.fromEntries(fields.map((f) => [f, together(of, f)])) as Record<Field, Figure>
    const [group = '', venue = ''] = key.split('\n')
    return { group, venue, expected: Math.max(...of.map((l) => l.expected)), typed }
  })
}

/** People stand on the line of every subject, so they are counted once: the most present for any. */
function together(lines: readonly LedgerLine[], field: Field): Figure {
  const numbers = lines.map((l) => l.typed[field])
  const known = numbers.filter((n) => n !== undefined)
  const pending = lines.some((l) => l.pending?.includes(field))
  if (known.length < numbers.length) return { value: null, pending }
  return { value: field === 'present' ? Math.max(...known) : known.reduce((a, b) => a + b, 0), pending }
}

/** Leaves that closed batches delivered, by group. */
export function scanned(ledger: LedgerView, group: string): number {
  return (ledger.scanned ?? []).filter((s) => s.group === group).reduce((sum, s) => sum + s.leaves, 0)
}

/** People expected of a group at a venue, from the sign-in roll; undefined where there is no roll. */
export function expectedAt(meeting: Meeting, group: string, venue: string): number | undefined {
  return meeting.groups?.find((g) => g.code === group)?.headcount?.[venue]
}

/** A group as it is named everywhere; a code of none stands for itself. */
export function groupName(of: { groups: readonly { code: string; name: string }[] | null }, code: string): string {
  const name = of.groups?.find((g) => g.code === code)?.name
  return name ? `${code}票 ${name}` : code
}

export function venueName(meeting: Meeting, code: string): string {
  return meeting.venues?.find((v) => v.code === code)?.name ?? code
}
