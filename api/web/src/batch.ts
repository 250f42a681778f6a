// A batch as it is read: the events of the service, and what can be done next.
import type { Batch, BatchPage } from './client'

/** What a page knows of the batch that it watches. */
export interface Watch {
  batch: Batch | null
  ended: boolean // closed or gone: nothing more will come
  lost: boolean // the connection broke, and the browser tries again
}

export type WatchEvent = { kind: 'progress'; batch: Batch } | { kind: 'end' } | { kind: 'open' } | { kind: 'lost' }

export const unwatched: Watch = { batch: null, ended: false, lost: false }

/** The next state after an event. Nothing changes after the end: the browser may still report the closed stream as lost. */
export function reduce(state: Watch, event: WatchEvent): Watch {
  if (state.ended) return state
  switch (event.kind) {
    case 'progress':
      return { batch: event.batch, ended: event.batch.state === 'closed', lost: false }
    case 'open':
      return { ...state, lost: false }
    case 'lost':
      return { ...state, lost: true }
    case 'end':
      return { ...state, ended: true, lost: false }
  }
}

/** How soon a stream that the browser gave up is asked for again, in milliseconds. */
const againAfter = 2000

/** Watches a batch by server-sent events until its end; gives a function that stops it. */
export function watch(meeting: string, batch: string, tell: (event: WatchEvent) => void): () => void {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  function connect(): void {
    source = new EventSource(`/api/v1/meetings/${encodeURIComponent(meeting)}/batches/${encodeURIComponent(batch)}/events`)
    source.onopen = () => tell({ kind: 'open' })
    source.onerror = () => {
      tell({ kind: 'lost' })
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, againAfter) // the answer was no stream: a proxy's, while the service starts
    }
    source.addEventListener('progress', (e: MessageEvent<string>) => tell({ kind: 'progress', batch: JSON.parse(e.data) as Batch }))
    source.addEventListener('end', () => {
      source.close()
      tell({ kind: 'end' })
    })
  }
  connect()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

/** Share of a batch's images that are read or rejected, in whole per cent; 100 only when none waits. */
export function progress(batch: Batch): number {
  const { pages, waiting } = batch.pages
  return pages === 0 ? 0 : Math.floor((100 * (pages - waiting)) / pages)
}

/** Files that were received and not yet taken apart: their images are still unknown. */
export function opening(batch: Batch): number {
  return batch.uploads.filter((u) => u.pages < 0 && !u.error).length
}

/** Why a batch cannot be closed yet, or null where it can. */
export function notClosable(batch: Batch): 'empty' | 'waiting' | 'open' | null {
  if (batch.pages.waiting > 0 || opening(batch) > 0) return 'waiting'
  if (batch.pages.open > 0) return 'open'
  return batch.pages.pages === 0 ? 'empty' : null
}

export type Show = 'open' | 'rejected' | 'all'

export interface NumberedPage extends BatchPage {
  no: number // place in the open batch, from 1
}

/** An image of an upload that is held as a whole: what is said of one is said of all of it. */
export const heldWhole = (page: BatchPage): boolean => page.reason === 'lost_side'

/** An image of which it may be said that its ballot is void: not what was read, not a test ballot, and not another group's or meeting's. */
export const mayBeVoid = (page: BatchPage): boolean => !['trial_sheet', 'wrong_group', 'other_meeting', 'other_version', 'unpaired_side', 'lost_side'].includes(page.reason ?? '')

/** A rejected image for which nobody has said yet what became of the paper; that it is another sheet lifts one reason only. */
export const waits = (page: BatchPage): boolean => page.state === 'rejected' && (!page.disposal || page.disposal === 'distinct')

/** An image that is held, or was, because its sheet is like one that was scanned before. */
export const twice = (page: BatchPage): boolean => page.reason === 'scanned_twice' || (page.state !== 'rejected' && page.disposal === 'distinct')

/** The images whose paper is to count as void. */
export const voids = (pages: readonly BatchPage[]): BatchPage[] => pages.filter((p) => p.state === 'rejected' && p.disposal === 'void')

/** The images that a filter shows, with their numbers in the batch. Of an upload that is held as a whole one asks for all. */
export function shown(pages: readonly BatchPage[], show: Show): NumberedPage[] {
  const numbered = pages.map((p, i) => ({ ...p, no: i + 1 }))
  if (show === 'all') return numbered
  if (show === 'rejected') return numbered.filter((p) => p.state === 'rejected' || twice(p))
  const asked = new Set<number>()
  return numbered.filter((p) => {
    if (!waits(p) || (heldWhole(p) && asked.has(p.upload))) return false
    asked.add(p.upload)
    return true
  })
}

/** The number in the batch of the earlier image that one is like; 0 where that is not in this batch. */
export const likeNo = (pages: readonly BatchPage[], page: BatchPage): number => (page.like ? pages.findIndex((p) => p.id === page.like) + 1 : 0)

/** The images that were read last, newest first: a strip that moves while a stack is read. */
export function strip(pages: readonly BatchPage[], most = 14): NumberedPage[] {
  return pages.map((p, i) => ({ ...p, no: i + 1 })).slice(-most).reverse()
}

/** Calls at most every so many milliseconds, and once more at the end where calls were left out. */
export function atMostEvery(ms: number, call: () => void, now: () => number = Date.now): () => void {
  let last = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    if (timer !== undefined) return
    const wait = last + ms - now()
    const go = (): void => {
      timer = undefined
      last = now()
      call()
    }
    if (wait <= 0) go()
    else timer = setTimeout(go, wait)
  }
}

/** Why files of an upload could not be opened. The service's lines end with a code; one without is told as it is. */
export function unopened(error: string): { name: string; code: string }[] {
  return error.split('\n').map((line) => {
    const [, name = line, code = ''] = /^(.*?)(?: page \d+)?: .*\((\w+)\)$/.exec(line) ?? []
    return { name, code }
  })
}
