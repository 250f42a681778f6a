// What a page shows is loading, there, or failed.
import { ref, type Ref } from 'vue'
import { reason } from './tell'

export interface Loaded<T> {
  data: Ref<T | null>
  failed: Ref<string>
  busy: Ref<boolean>
  load: () => Promise<void>
}

/** Loads when asked to. An answer that a later one has overtaken is dropped. */
export function loaded<T>(get: () => Promise<T>): Loaded<T> {
  const data = ref(null) as Ref<T | null>
  const failed = ref('')
  const busy = ref(false)
  let turn = 0
  async function load(): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const got = await get()
      if (mine === turn) {
        data.value = got
        failed.value = ''
      }
    } catch (e) {
      if (mine === turn) failed.value = reason(e)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  return { data, failed, busy, load }
}
