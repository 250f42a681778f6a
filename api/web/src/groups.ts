// Voter groups and venues while they are edited.
import type { ExcludedRule, Venue, VoterGroup } from './client'

/** The groups of most meetings of this kind; the excluded categories stay as they are. */
export function usual(): VoterGroup[] {
  const group = (code: string, name: string, weight: number, join: string): VoterGroup => ({ code, name, categories: [name], weight, join_with: join })
  return [group('A', '工委委员', 40, 'B'), group('B', '直属党组织书记', 40, 'A'), group('C', '地委指导组', 20, 'A')]
}

/** The first capital letter that no group has. */
export function freeCode(groups: readonly VoterGroup[]): string {
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((c) => !groups.some((g) => g.code === c)) ?? ''
}

export function freeVenue(venues: readonly Venue[]): string {
  for (let n = venues.length + 1; ; n++) if (!venues.some((v) => v.code === String(n))) return String(n)
}

export const enabled = (groups: readonly VoterGroup[]): VoterGroup[] => groups.filter((g) => !g.disabled)

export const weightSum = (groups: readonly VoterGroup[]): number => enabled(groups).reduce((sum, g) => sum + g.weight, 0)

/** Groups with a partner each: whoever's partner is gone, switched off or itself gets the first other one. */
export function joined(groups: readonly VoterGroup[]): VoterGroup[] {
  const on = enabled(groups)
  return groups.map((g) => {
    if (g.disabled) return g
    const others = on.filter((o) => o.code !== g.code)
    const join = others.some((o) => o.code === g.join_with) ? g.join_with : (others[0]?.code ?? '')
    return join === g.join_with ? g : { ...g, join_with: join }
  })
}

export function expected(group: VoterGroup): number {
  return Object.values(group.headcount ?? {}).reduce((a, b) => a + b, 0)
}

/** Categories that stand in two places: a person of theirs would have two ballots, or one and none. */
export function twice(groups: readonly VoterGroup[], excluded: readonly ExcludedRule[]): string[] {
  const all = [...groups.flatMap((g) => g.categories ?? []), ...excluded.map((x) => x.category)]
  return [...new Set(all.filter((c, i) => c !== '' && all.indexOf(c) !== i))]
}
