// A part of a meeting while it is edited: loaded with its tag, saved as a whole, and never lost: a save that fails
// keeps what was typed, and leaving with unsaved changes asks first.
import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'
import { Failure, unanswered, type Fault, type Tagged } from './client'
import { i18n } from './i18n'
import { reason, sure } from './tell'

export interface Draft<T> {
  /** null until it is loaded. */
  value: Ref<T | null> | ShallowRef<T | null>
  failed: Ref<string>
  dirty: Ref<boolean>
  saving: Ref<boolean>
  /** Why the last save did not succeed, "" where it did. */
  problem: Ref<string>
  faults: Ref<readonly Fault[]>
  /** Somebody else has saved this part since it was loaded. */
  conflict: Ref<boolean>
  /** No answer came to the last save: it may have succeeded. */
  lost: Ref<boolean>
  load: () => Promise<void>
  /** force saves over what somebody else has saved. True where it is saved. */
  save: (force?: boolean) => Promise<boolean>
}

export interface Source<T> {
  get: () => Promise<Tagged<T>>
  /** tag is "" where the part is to be replaced whatever it has become. */
  put: (value: T, tag: string) => Promise<Tagged<T>>
  /** What put sends of a value, where that is not the value itself. */
  sent?: (value: T) => T
}

/** The same text for what is the same: keys in order, without what is empty, which the service leaves out. */
export function canonical(value: unknown): string {
  const empty = (v: unknown): boolean => v === null || v === undefined || v === '' || v === false || v === 0 || (typeof v === 'object' && Object.values(v).every(empty))
  return JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return v
    return Object.fromEntries(Object.entries(v).filter(([, x]) => !empty(x)).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** deep values are watched for changes; the owner of others sets dirty. */
export function useDraft<T>(source: Source<T>, deep = true): Draft<T> {
  const value = (deep ? ref(null) : shallowRef(null)) as Ref<T | null>
  const [failed, dirty, saving, problem, conflict, lost] = [ref(''), ref(false), ref(false), ref(''), ref(false), ref(false)]
  const faults = shallowRef<readonly Fault[]>([])
  let tag = ''
  let quiet = false
  let sent = '' // what was last sent without an answer: if the part is just that now, nobody else has changed it

  function take(got: Tagged<T>): void {
    quiet = true
    value.value = got.value
    tag = got.tag
    sent = ''
    dirty.value = conflict.value = false
    problem.value = ''
    faults.value = []
  }
  if (deep) {
    watch(value, () => {
      if (!quiet) dirty.value = true
      quiet = false
    }, { deep: true, flush: 'sync' })
  }

  async function load(): Promise<void> {
    try {
      take(await source.get())
      quiet = false
      failed.value = ''
    } catch (e) {
      failed.value = reason(e)
    }
  }

  async function save(force = false): Promise<boolean> {
    if (value.value === null || saving.value) return false
    saving.value = true
    const what = deep ? (JSON.parse(JSON.stringify(value.value)) as T) : value.value // as it is now, whatever is typed meanwhile
    problem.value = '' // of the save before: whether this one fails too is not known yet
    try {
      if (sent !== '') await acknowledge()
      const got = await source.put(what, force ? '' : tag)
      const typed = value.value !== null && (deep ? JSON.stringify(value.value) !== JSON.stringify(what) : value.value !== what)
      take(typed ? { value: value.value as T, tag: got.tag } : got)
      quiet = false
      dirty.value = typed // meanwhile: that is not saved yet, and stays
      return true
    } catch (e) {
      if (unanswered(e)) sent = asSent(what)
      lost.value = unanswered(e)
      problem.value = lost.value ? i18n.global.t('draft.lostWhy') : reason(e)
      conflict.value = e instanceof Failure && e.code === 'conflict'
      faults.value = e instanceof Failure && e.code !== 'network' && !lost.value && !conflict.value ? e.faults : [] // of what was typed
      return false
    } finally {
      saving.value = false
    }
  }

  const asSent = (v: T): string => canonical(source.sent ? source.sent(v) : v)

  /** Finds out whether what was sent without an answer was saved. */
  async function acknowledge(): Promise<void> {
    const now = await source.get()
    if (asSent(now.value) === sent) tag = now.tag
  }

  useUnsaved(dirty)
  onMounted(load)
  return { value, failed, dirty, saving, problem, faults, conflict, lost, load, save }
}

/** Asks before a page with unsaved changes is left, also where the browser is closed. What it returns asks the same. */
export function useUnsaved(dirty: Ref<boolean>): () => Promise<boolean> {
  const t = i18n.global.t
  const mayLeave = async (): Promise<boolean> => !dirty.value || (await sure(t('draft.leave'), t('draft.leaveAct'), true))
  onBeforeRouteLeave(mayLeave)
  onBeforeRouteUpdate(mayLeave)
  const warn = (e: BeforeUnloadEvent): void => {
    if (dirty.value) e.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  return mayLeave
}
