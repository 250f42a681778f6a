// The order of work of somebody who types comments.
import type { Comment } from './client'

/** What the text field begins with: what was typed before, else what OCR proposes. */
export const draftOf = (comment: Comment): string => (comment.state === 'waiting' ? comment.proposal : comment.text)

/** The comment to go to after the one at a place: the next that waits, from the start again at the end; -1 where none does. */
export function nextWaiting(comments: readonly Comment[], at: number): number {
  for (let step = 1; step <= comments.length; step++) {
    const i = (at + step + comments.length) % comments.length
    if (comments[i]?.state === 'waiting') return i
  }
  return -1
}

/** How many have been dealt with. */
export const doneOf = (comments: readonly Comment[]): number => comments.filter((c) => c.state !== 'waiting').length

/** What a key of the text field stands for: Ctrl+Enter keeps the text, Ctrl+↓ skips. ⌘ does for Ctrl. */
export function keyAct(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'isComposing'>): 'save' | 'skip' | null {
  if (e.isComposing || !(e.ctrlKey || e.metaKey)) return null // an input method is at work
  if (e.key === 'Enter') return 'save'
  return e.key === 'ArrowDown' ? 'skip' : null
}
