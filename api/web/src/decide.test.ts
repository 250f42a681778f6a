import { describe, expect, it } from 'vitest'
import { boxesOf, choicesOf, Desk, keyAct, rowKey, saysOf, type Held } from './decide'

const rules = { grades: ['好', '较好', '一般', '差'], overvote: 'row_invalid', blank: 'abstention' }
const choices = choicesOf(rules)
const press = (key: string, more = {}) => keyAct({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false, ...more }, choices)
const row = (page: string, subject = 1): Held => ({ page, subject, name: '张明', org: '科技局', group: 'A', machine: { verdict: 'unclear', reason: 'altered' }, scores: [] })
const good = choices[0]!
const keys = (d: Desk) => d.held.map(rowKey)

describe('keys', () => {
  it('gives each grade its number', () => expect(press('4')).toMatchObject({ key: '4', kind: 'grade', grade: '差' }))
  it('knows blank and invalid', () => expect([press('0'), press('x')]).toMatchObject([{ kind: 'blank' }, { kind: 'overvote' }]))
  it('tells several marks from a row that is invalid alone where they make the whole ballot invalid', () => {
    const strict = choicesOf({ ...rules, overvote: 'ballot_invalid', blank: 'ballot_invalid' })
    expect(strict.slice(4)).toEqual([{ key: '0', kind: 'blank', grade: '', voids: true }, { key: 'X', kind: 'invalid', grade: '', voids: false }, { key: 'D', kind: 'overvote', grade: '', voids: true }])
    expect(['grade', 'blank', 'invalid', 'overvote'].map((k) => saysOf(k, strict))).toEqual(['grade', 'blankVoids', 'invalid', 'overvoteVoids'])
    expect(choices.some((c) => c.voids)).toBe(false)
  })
  it('decides nothing by a number without a grade', () => expect(press('5')).toBeNull())
  it('counts a key that is held down once, and leaves shortcuts alone', () => expect([press('1', { repeat: true }), press('1', { ctrlKey: true }), press('1', { isComposing: true })]).toEqual([null, null, null]))
  it('undoes', () => expect(['u', 'Z', 'Backspace'].map((k) => press(k))).toEqual(['undo', 'undo', 'undo']))
})

describe('the rows at hand', () => {
  it('takes each row once', () => {
    const d = new Desk()
    d.add([row('a'), row('b')])
    d.add([row('b'), row('c'), row('a', 2)])
    expect(keys(d)).toEqual(['a/1', 'b/1', 'c/1', 'a/2'])
  })
  it('does not take a row again that was decided after the answer was asked for', () => {
    const d = new Desk()
    d.add([row('a'), row('b')])
    d.ask()
    const first = d.decide(good)!
    d.sent(first)
    d.add([row('a'), row('c')])
    expect(keys(d)).toEqual(['b/1', 'c/1'])
    d.ask() // from now on the service knows of it: it gives the row only if it is asked anew
    d.add([row('a')])
    expect(keys(d)).toEqual(['b/1', 'c/1', 'a/1'])
  })
  it('puts away what others settled meanwhile, where the answer tells', () => {
    const d = new Desk()
    d.add([row('z'), { ...row('a'), disputed: [] }, row('b'), row('c')])
    d.add([row('b')], 1) // there may be more that wait, but no dispute
    expect(keys(d)).toEqual(['z/1', 'b/1', 'c/1'])
    d.add([row('b')], 2)
    expect(keys(d)).toEqual(['z/1', 'b/1'])
    d.decide(good)
    d.undo()
    d.add([], 5)
    expect(keys(d)).toEqual(['z/1'])
  })
  it('puts the row in sight away, too, where no other comes in its place', () => {
    const d = new Desk()
    d.add([{ ...row('a'), disputed: [] }])
    d.add([row('b')], 1)
    expect(keys(d)).toEqual(['a/1', 'b/1'])
    d.add([], 5)
    expect(keys(d)).toEqual([])
  })
  it('puts away all rows of a leaf that was set aside', () => {
    const d = new Desk()
    d.add([row('a'), row('b'), row('a', 2)])
    d.decide(good)
    d.drop('a')
    expect([keys(d), d.undo()]).toEqual([['b/1'], false])
  })
  it('keeps the row in sight first, whatever the service answers meanwhile', () => {
    const d = new Desk()
    d.add([row('a'), row('b'), row('c')])
    const a = d.decide(good)!
    d.add([row('c')], 24) // others have settled b
    d.failed(a)
    expect(keys(d)).toEqual(['b/1', 'a/1', 'c/1'])
    d.failed(d.decide(good)!)
    expect(keys(d)).toEqual(['a/1', 'b/1', 'c/1'])
    const again = d.decide(good)!
    d.undo()
    d.failed(again)
    expect(keys(d)).toEqual(['a/1', 'b/1', 'c/1'])
  })
  it('waits for a decision that is on its way', () => {
    const d = new Desk()
    d.add([row('a')])
    const first = d.decide(good)!
    d.ask()
    d.add([row('a')])
    expect([keys(d), d.unsent]).toEqual([[], 1])
    d.sent(first)
    expect(d.unsent).toBe(0)
  })
  it('gives a row back that did not arrive', () => {
    const d = new Desk()
    d.add([row('a'), row('b')])
    d.failed(d.decide(good)!)
    expect([keys(d), d.undoable, d.unsent]).toEqual([['b/1', 'a/1'], false, 0])
  })
  it('undoes the last decisions, one after the other, and tells what they were', () => {
    const d = new Desk()
    d.add([row('a'), row('b')])
    for (const r of [d.decide(good)!, d.decide(choices[5]!)!]) d.sent(r)
    expect([d.undo(), d.held[0]?.before?.kind]).toEqual([true, 'overvote'])
    d.leave()
    expect([d.undo(), d.held[0]?.before, d.undo()]).toEqual([true, good, false])
    expect(keys(d)).toEqual(['a/1'])
  })
  it('does not leave a row that waits', () => {
    const d = new Desk()
    d.add([row('a')])
    d.leave()
    expect(keys(d)).toEqual(['a/1'])
  })
})

describe('the boxes of a row', () => {
  const box = (left: number) => ({ grade: 'g', left, width: 0.1, top: 0.2, height: 0.6 })
  const layout = (...boxes: ReturnType<typeof box>[]) => ({ top: 0.2, bottom: 0.8, ratio: 10, boxes })
  it('are shown with a little around them', () => expect(boxesOf(layout(box(0.7), box(0.6)))).toEqual({ left: 0.588, right: expect.closeTo(0.812) }))
  it('stay within the picture', () => expect(boxesOf(layout(box(0.9)))?.right).toBe(1))
  it('are not cut out where they stand below each other', () => expect(boxesOf(layout(box(0.6), box(0.62)))).toBeNull())
})
