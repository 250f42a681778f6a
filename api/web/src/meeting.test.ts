import { describe, expect, it } from 'vitest'
import type { LedgerLine, LedgerView } from './client'
import { nextStep, scanned, stateOf, summary, wayBack } from './meeting'
import { messages } from './locales'

const may = (...operations: string[]) => (o: string) => operations.includes(o)
const ledger = (more: Partial<LedgerView>): LedgerView => ({ entries: [], balanced: false, breaks: [], lines: [], scanned: [], valid: [], invalid: [], unresolved: 0, printed: {}, ...more })
const line = (group: string, venue: string, subject: number, typed: Record<string, number>, pending: string[] = []): LedgerLine => ({ group, venue, subject, expected: 10, spares: 0, typed, pending })

describe('the next step', () => {
  const scrutineer = may('balance', 'certify', 'results')
  it.each([
    ['draft', may('seal'), null, { text: 'step.draft.admin', go: 'setup' }],
    ['draft', may(), null, { text: 'step.draft.other' }],
    ['sealed', may('open-meeting'), null, { text: 'step.sealed.admin', act: 'open-meeting', go: 'trial' }],
    ['sealed', may('print-copies', 'read-trial'), null, { text: 'step.sealed.printing', go: 'print' }],
    ['sealed', may('open-batch', 'read-trial'), null, { text: 'step.sealed.scanning', go: 'trial' }],
    ['open', may('open-batch'), null, { text: 'step.open.scanning', go: 'scan' }],
    ['open', scrutineer, ledger({ unresolved: 3 }), { text: 'step.open.unresolved', n: 3, go: 'decide' }],
    ['open', scrutineer, ledger({ breaks: [{ code: 'x', detail: 'y', kind: 'sum', venue: '1', group: 'A' }] }), { text: 'step.open.breaks', go: 'ledger' }],
    ['open', scrutineer, ledger({ balanced: true }), { text: 'step.open.ready', act: 'balance' }],
    ['balanced', scrutineer, null, { text: 'step.balanced.scrutineer', act: 'certify', go: 'results' }],
    ['certified', may('release'), null, { text: 'step.certified.committee', act: 'release' }],
    ['released', may('results'), null, { text: 'step.released.results', go: 'results' }],
    ['released', may('results', 'archive'), null, { text: 'step.released.committee', go: 'archive' }],
    ['released', may(), null, { text: 'step.released.other' }],
    ['archived', may('results'), null, { go: 'results' }],
  ] as const)('%s', (state, can, l, want) => expect(nextStep(state, can, l)).toMatchObject(want))

  it('is to type comments before the result is certified', () => {
    const types = may('certify', 'type-comment', 'results')
    expect(nextStep('balanced', types, null, { comments: 2 })).toEqual({ text: 'step.balanced.comments', n: 2, go: 'comments' })
    expect(nextStep('balanced', types, null).act).toBe('certify')
    expect(nextStep('balanced', may('results'), null, { comments: 2 }).text).toBe('step.balanced.other')
  })
  it('is to enter overall grades while subjects have none, for those who enter them', () => {
    const committee = may('results', 'conclude', 'archive')
    expect(nextStep('released', committee, null, { overall: 3 })).toEqual({ text: 'step.released.overall', n: 3, go: 'overall' })
    expect(nextStep('released', committee, null)).toMatchObject({ text: 'step.released.committee', go: 'archive' })
    expect(nextStep('released', may('results'), null, { overall: 3 }).go).toBe('results')
    expect(nextStep('archived', committee, null, { overall: 3 }).go).toBe('results')
  })
  it('is to audit the paper before the result is certified, and to take codes before scanning', () => {
    const audits = may('certify', 'make-audit-code', 'enter-dice', 'type-comment')
    expect(nextStep('sealed', audits, null, { audit: true })).toMatchObject({ text: 'step.sealed.codes', go: 'audit' })
    expect(nextStep('open', audits, null, { audit: true })).toMatchObject({ text: 'step.open.codes', go: 'audit' })
    expect(nextStep('balanced', audits, null, { audit: true })).toEqual({ text: 'step.balanced.audit', n: 0, go: 'audit' })
    expect(nextStep('balanced', audits, null, { audit: true, comments: 1 }).go).toBe('comments')
    expect(nextStep('balanced', audits, null).act).toBe('certify')
  })
  it('never offers an act before its state', () => {
    for (const state of ['draft', 'sealed', 'open'] as const) expect(nextStep(state, may('certify', 'release', 'results'), ledger({ balanced: true })).act).toBeUndefined()
  })
  it('has words for every state and role', () => {
    const steps = messages.zh['step'] as Record<string, Record<string, string>>
    for (const can of [may(), may('seal', 'open-meeting'), may('print-copies'), may('open-batch'), may('read-trial'), scrutineer, may('release', 'results'), may('release', 'results', 'archive')])
      for (const s of ['draft', 'sealed', 'open', 'balanced', 'certified', 'released', 'archived'] as const) {
        const [, state = '', who = ''] = nextStep(s, can, ledger({ balanced: true })).text.split('.')
        expect(steps[state]?.[who], `${s} ${who}`).toBeTruthy()
      }
    expect(steps['released']?.['overall']).toBeTruthy()
  })
  it('has a way back while there is one', () => {
    const all = may('unseal', 'back-to-open', 'reopen')
    expect((['draft', 'sealed', 'open', 'balanced', 'certified', 'released'] as const).map((s) => wayBack(s, all))).toEqual([null, 'unseal', null, 'back-to-open', 'reopen', null])
    expect(wayBack('sealed', may('reopen'))).toBeNull()
  })
  it('refuses a state it does not know', () => expect(() => stateOf('lost')).toThrow('lost'))
})

describe('the ledger in short', () => {
  it('adds the leaves of all subjects, and counts people once', () => {
    const [got] = summary([line('A', '1', 1, { present: 9, issued: 9, spoiled: 0, not_returned: 0, returned: 9 }), line('A', '1', 2, { present: 9, issued: 9, spoiled: 1, not_returned: 0, returned: 8 }, ['returned'])])
    expect(got?.typed.present).toEqual({ value: 9, pending: false })
    expect(got?.typed.returned).toEqual({ value: 17, pending: true })
    expect(got?.expected).toBe(10)
  })
  it('shows nothing where a part was not entered', () => {
    const [got] = summary([line('A', '1', 1, { issued: 9 }), line('A', '1', 2, {})])
    expect(got?.typed.issued.value).toBeNull()
  })
  it('keeps groups and venues apart', () => expect(summary([line('A', '1', 0, {}), line('A', '2', 0, {}), line('B', '1', 0, {})])).toHaveLength(3))
  it('adds what closed batches delivered', () => {
    const l = ledger({ scanned: [{ venues: '1', group: 'A', leaves: 4 }, { venues: '2', group: 'A', leaves: 5 }, { venues: '1', group: 'B', leaves: 7 }] })
    expect(scanned(l, 'A')).toBe(9)
  })
})
