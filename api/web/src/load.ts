// What a page shows is loading, there, or failed.
import { computed, onScopeDispose, ref, type Ref } from 'vue'
import { Failure, unanswered } from './client'
import { complain, reason } from './tell'

export interface Loaded<T> {
  /** What an act's answer is put into: what was asked for before that is dropped, and asked for again. */
  data: Ref<T | null>
  failed: Ref<string>
  load: () => Promise<void>
  /** Tells why something was not done, and shows what is the case now: at once, or when the service answers again. */
  failedTo: (e: unknown) => void
}

/** Does work while busy is true; what goes wrong is for failed. */
export function working(failed: (e: unknown) => void): { busy: Ref<boolean>; during: (work: () => Promise<unknown>) => Promise<void> } {
  const busy = ref(false)
  async function during(work: () => Promise<unknown>): Promise<void> {
    busy.value = true
    try {
      await work()
    } catch (e) {
      failed(e)
    } finally {
      busy.value = false
    }
  }
  return { busy, during }
}

/** Gives, for each thing that is asked, whether it is still the latest: an answer that a later one has overtaken is dropped. */
export function latest(): () => () => boolean {
  let turn = 0
  return () => {
    const mine = ++turn
    return () => mine === turn
  }
}

/** Does acts one after the other, also where the pages failed at the one before; done is when all that were added are. */
export function oneByOne(): { add: (act: () => Promise<void>) => void; done: () => Promise<void> } {
  let line: Promise<void> = Promise.resolve()
  return { add: (act) => void (line = line.then(act, act)), done: () => line }
}

/** How often a service that does not answer is asked again, in milliseconds. */
const askEvery = 1500

/** Loads when asked to. An answer that a later one has overtaken is dropped. */
export function loaded<T>(get: () => Promise<T>): Loaded<T> {
  const held = ref(null) as Ref<T | null>
  const failed = ref('')
  let asking = false
  const asks = latest()
  const data = computed({
    get: () => held.value,
    set: (now) => {
      held.value = now
      if (asking) void load()
    },
  })
  /** Asks; complains gets what went wrong. */
  async function ask(complains: (e: unknown) => void): Promise<void> {
    const newest = asks()
    asking = true
    try {
      const got = await get()
      if (!newest()) return
      held.value = got
      failed.value = ''
    } catch (e) {
      if (newest()) complains(e)
    } finally {
      if (newest()) asking = false
    }
  }
  const fail = (e: unknown): void => void (failed.value = reason(e))
  const load = (): Promise<void> => ask(fail)

  let timer: ReturnType<typeof setTimeout> | undefined
  /** Asks until there is an answer; meanwhile the page stays as it is, with what was typed. */
  async function again(): Promise<void> {
    clearTimeout(timer)
    await ask((e) => {
      if (e instanceof Failure && e.code === 'network') timer = setTimeout(() => void again(), askEvery)
      else fail(e)
    })
  }
  function failedTo(e: unknown): void {
    complain(e)
    if (unanswered(e)) void again()
  }
  onScopeDispose(() => clearTimeout(timer), true)
  return { data, failed, load, failedTo }
}
