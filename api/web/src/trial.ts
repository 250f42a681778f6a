// A trial run: what is said of its verdict.
import type { TrialFinding, TrialResult } from './client'

/** How the verdict looks. */
export const tone = (ready: TrialResult['ready']): 'success' | 'warning' | 'error' => ({ ready: 'success', usable: 'warning', not_ready: 'error' } as const)[ready]

/** Numbers of images in short: 1–3, 5. */
export function ranges(numbers: readonly number[]): string {
  const out: [number, number][] = []
  for (const n of numbers) {
    const last = out[out.length - 1]
    if (last && n === last[1] + 1) last[1] = n
    else out.push([n, n])
  }
  return out.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

/** What a finding's words need. Images of a finding are named where it is not about all of them. */
export function about(finding: TrialFinding, images: number): { values: Record<string, number>; list: string } {
  const on = finding.images ?? []
  return { values: { ...finding.values, n: on.length }, list: on.length > 0 && on.length < images ? ranges(on) : '' }
}

/** Differences that are shown; the rest are counted. */
export const mostDifferences = 12

/** A picture of the answer as an address. */
export const pictureURL = (base64: string): string => `data:image/jpeg;base64,${base64}`
