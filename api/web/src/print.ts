// How many ballots to print, and files that the service makes.
import { answered } from './client'
import { locale } from './i18n'

/** Spares that are proposed for so many people: one in twenty, and at least two. */
export const sparesFor = (expected: number): number => (expected === 0 ? 0 : Math.max(2, Math.ceil(expected / 20)))

/** The most copies of one file. */
export const mostCopies = 5000

/** A number of copies as somebody typed it: 1 to most; null where it is none. */
export function copiesOf(text: string, most: number): number | null {
  const n = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0
  return n >= 1 && n <= most ? n : null
}

/** Asks for a file and saves it under the name that the service gives it. */
export async function saveFile(request: Promise<Response>, method: 'GET' | 'POST' = 'GET'): Promise<void> {
  const answer = await answered(request, method)
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'document.pdf'
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A request for a file: JSON, or a form with one file in it. */
export function post(path: string, body: object | FormData): Promise<Response> {
  const form = body instanceof FormData
  return fetch(path, { method: 'POST', body: form ? body : JSON.stringify(body), headers: { 'Accept-Language': locale(), ...(form ? {} : { 'Content-Type': 'application/json' }) } })
}
