// The acts that move a meeting on, by the names of the API's operations.
import { ref } from 'vue'
import { api, take, type Signing } from './client'
import type { Act } from './meeting'

/** Acts that two persons sign, each with the password typed again. */
export const signedActs = ['certify', 'release', 'reopen', 'export-records', 'accept-audit', 'export-cvr'] as const
export type SignedAct = (typeof signedActs)[number]

/** How many acts this page has done: each may have moved a meeting on. */
export const acts = ref(0)

export function needsTwo(act: Act): act is Extract<Act, SignedAct> {
  return signedActs.some((a) => a === act)
}

/** Seals a draft, unless it has changed since it was looked at under this tag. */
export async function seal(meeting: string, tag: string): Promise<void> {
  await take(api.POST('/api/v1/meetings/{meeting}/seal', { params: { path: { meeting }, header: { 'If-Match': tag } } }))
  acts.value++
}

/** Performs an act of one person; reason is for the record where the act has one. */
export async function perform(act: Exclude<Act, SignedAct>, meeting: string, reason = ''): Promise<void> {
  const params = { params: { path: { meeting } } }
  switch (act) {
    case 'unseal':
      await take(api.POST('/api/v1/meetings/{meeting}/unseal', params))
      break
    case 'back-to-open':
      await take(api.POST('/api/v1/meetings/{meeting}/back-to-open', { ...params, body: { reason } }))
      break
    case 'open-meeting':
      await take(api.POST('/api/v1/meetings/{meeting}/open', params))
      break
    case 'balance':
      await take(api.POST('/api/v1/meetings/{meeting}/balance', params))
      break
  }
  acts.value++
}

/** Signs an act of two persons; gives who has signed where the second is still needed, and null where it is done. */
export async function sign(act: SignedAct, meeting: string, body: Signing): Promise<string[] | null> {
  const request = { params: { path: { meeting } }, body }
  const paths = { certify: '/api/v1/meetings/{meeting}/certify', release: '/api/v1/meetings/{meeting}/release', reopen: '/api/v1/meetings/{meeting}/reopen', 'export-records': '/api/v1/meetings/{meeting}/records', 'accept-audit': '/api/v1/meetings/{meeting}/audit/acceptance', 'export-cvr': '/api/v1/meetings/{meeting}/cvr/export' } as const
  const signed = await take(api.POST(paths[act], request))
  if (signed.done) acts.value++
  return signed.done ? null : (signed.by ?? [])
}
