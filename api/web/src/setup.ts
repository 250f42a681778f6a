// The set-up of a meeting as a path: its steps, what is wrong in each, and the one next thing to do.
import type { Fault, Meeting } from './client'

export const steps = ['basics', 'roster', 'groups', 'rules', 'roll', 'seal'] as const
export type SetupStep = (typeof steps)[number]

export function isStep(name: string | undefined): name is SetupStep {
  return steps.some((s) => s === name)
}

/** The step in which a fault that sealing would refuse is put right. */
export function stepOf(fault: Fault): SetupStep {
  const at = fault.location ?? ''
  if (at.startsWith('subjects') || fault.code === 'missing_glyph') return 'roster'
  if (/^groups\[\d+\]\.headcount/.test(at)) return 'roll'
  if (at.startsWith('groups') || at.startsWith('venues')) return 'groups'
  if (at.startsWith('rules')) return 'rules'
  if (at.startsWith('title')) return 'basics'
  return 'seal'
}

/** done: nothing is wrong and somebody has looked; todo: nobody has been there; fault: it must be put right. */
export interface StepState {
  name: SetupStep
  state: 'done' | 'todo' | 'fault'
  faults: Fault[]
}

/** Where the set-up stands. A part that is empty is still to do, not wrong; seen are the steps that were looked at. */
export function standing(meeting: Meeting, faults: readonly Fault[], seen: ReadonlySet<string>): StepState[] {
  const groups = meeting.groups ?? []
  const begun: Record<SetupStep, boolean> = {
    basics: true,
    roster: (meeting.subjects ?? []).length > 0,
    groups: groups.length > 0,
    rules: seen.has('rules'),
    roll: groups.some((g) => Object.values(g.headcount ?? {}).some((n) => n > 0)),
    seal: false,
  }
  return steps.map((name) => {
    const own = faults.filter((f) => stepOf(f) === name)
    if (!begun[name]) return { name, state: 'todo', faults: name === 'rules' || name === 'seal' ? own : [] }
    return { name, state: own.length > 0 ? 'fault' : 'done', faults: own }
  })
}

/** The one next thing to do: the first step that is not done. */
export function nextOf(states: readonly StepState[]): SetupStep {
  return states.find((s) => s.state !== 'done')?.name ?? 'seal'
}

export function after(step: SetupStep): SetupStep {
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? 'seal'
}

const key = (meeting: string): string => `pingyi.setup.${meeting}`

/** Steps that were looked at in this browser; where it keeps nothing, they are asked for once more. */
export function seenSteps(meeting: string): Set<string> {
  try {
    return new Set((localStorage.getItem(key(meeting)) ?? '').split(',').filter((s) => s !== ''))
  } catch {
    return new Set()
  }
}

export function markSeen(meeting: string, step: SetupStep): void {
  try {
    localStorage.setItem(key(meeting), [...seenSteps(meeting).add(step)].join(','))
  } catch {
    return // as above
  }
}

/** Words that a person typed with any of the separators in use. */
export function words(text: string): string[] {
  return [...new Set(text.split(/[、，,;；\s]+/).filter((w) => w !== ''))]
}
