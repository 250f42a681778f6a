// Who is signed in, and what the role may do. The service decides; pages only leave out what it would refuse.
import { ref } from 'vue'
import { api, Failure, take, type Me } from './client'

export const me = ref<Me | null>(null)

/** Whether the signed-in user's role may perform an operation of the API. */
export function can(operation: string): boolean {
  return me.value?.operations.includes(operation) ?? false
}

/** How often a service that does not answer, since it is starting, is asked before the sign-in page is shown. */
const attempts = 20

/** Asks the service who is signed in. */
export async function restore(): Promise<void> {
  for (let left = attempts; ; left--) {
    try {
      me.value = await take(api.GET('/api/v1/session'))
      return
    } catch (e) {
      if (!(e instanceof Failure)) throw e
      me.value = null
      if (e.code !== 'network' || left <= 1) return
    }
    await new Promise((go) => setTimeout(go, 500))
  }
}

export async function signIn(user: string, password: string, code: string): Promise<void> {
  me.value = await take(api.POST('/api/v1/session', { body: { user, password, code } }))
}

/** Whether there is no administrator yet. */
export async function firstOpen(): Promise<boolean> {
  return (await take(api.GET('/api/v1/first'))).open
}

/** Makes the first administrator, who is signed in then. */
export async function makeFirst(token: string, user: string, password: string): Promise<void> {
  me.value = await take(api.POST('/api/v1/first', { body: { token, user, password } }))
}

export async function signOut(): Promise<void> {
  await take(api.DELETE('/api/v1/session'))
  me.value = null
}
