// The acts that move a meeting on, by the names of the API's operations.
import { api, take } from './client'
import type { Act } from './meeting'

/** Performs an act; gives who has signed where a second person is still needed, and null where it is done. */
export async function perform(act: Act, meeting: string): Promise<string[] | null> {
  const params = { params: { path: { meeting } } }
  switch (act) {
    case 'seal':
      await take(api.POST('/api/v1/meetings/{meeting}/seal', params))
      return null
    case 'open-meeting':
      await take(api.POST('/api/v1/meetings/{meeting}/open', params))
      return null
    case 'balance':
      await take(api.POST('/api/v1/meetings/{meeting}/balance', params))
      return null
    case 'certify': {
      const signed = await take(api.POST('/api/v1/meetings/{meeting}/certify', params))
      return signed.done ? null : (signed.by ?? [])
    }
    case 'release': {
      const signed = await take(api.POST('/api/v1/meetings/{meeting}/release', params))
      return signed.done ? null : (signed.by ?? [])
    }
  }
}
