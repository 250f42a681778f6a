import { describe, expect, it } from 'vitest'
import type { Comment } from './client'
import { doneOf, draftOf, keyAct, nextWaiting } from './comments'

const comment = (state: Comment['state'], text = '', proposal = ''): Comment => ({ id: state, state, text, proposal })
const list = [comment('waiting'), comment('typed', '多下基层'), comment('waiting'), comment('illegible')]

describe('the next comment', () => {
  it.each([[0, 2], [1, 2], [2, 0], [3, 0], [-1, 0]])('after %i is %i', (at, want) => expect(nextWaiting(list, at)).toBe(want))
  it('is the same one where no other waits', () => expect(nextWaiting([comment('typed', 'x'), comment('waiting')], 1)).toBe(1))
  it('is none where all are done, or there are none', () => expect([nextWaiting([comment('nothing')], 0), nextWaiting([], 0)]).toEqual([-1, -1]))
})

it('counts what is done', () => expect(doneOf(list)).toBe(2))

it('begins with the proposal, and later with what was typed', () =>
  expect([draftOf(comment('waiting', '', '多下其层')), draftOf(comment('typed', '多下基层', '多下其层')), draftOf(comment('nothing', '', '八'))]).toEqual(['多下其层', '多下基层', '']))

describe('keys', () => {
  const key = (key: string, more: Partial<KeyboardEvent> = {}) => keyAct({ key, ctrlKey: false, metaKey: false, isComposing: false, ...more })
  it('need Ctrl or ⌘', () => expect([key('Enter'), key('Enter', { ctrlKey: true }), key('Enter', { metaKey: true }), key('ArrowDown', { ctrlKey: true }), key('a', { ctrlKey: true })]).toEqual([null, 'save', 'save', 'skip', null]))
  it('are the input method’s while it is composing', () => expect(key('Enter', { ctrlKey: true, isComposing: true })).toBeNull())
})
