import { describe, expect, it, vi } from 'vitest'
import { useDraft, type Draft } from './draft'
import { type Tagged } from './client'

vi.mock('vue', async (original) => ({ ...(await original<typeof import('vue')>()), onMounted: () => undefined, onBeforeUnmount: () => undefined }))
vi.mock('vue-router', () => ({ onBeforeRouteLeave: () => undefined, onBeforeRouteUpdate: () => undefined }))
vi.mock('./tell', () => ({ reason: (e: unknown) => String(e), sure: () => Promise.resolve(true) }))

interface Part {
  words: string[]
}

/** A part that is loaded, and saved when the test says so; puts are what came to the service. */
async function drafted(deep: boolean): Promise<{ draft: Draft<Part>; puts: string[]; answer: () => void }> {
  const puts: string[] = []
  let answer = (): void => undefined
  const draft = useDraft<Part>({
    get: () => Promise.resolve({ value: { words: ['a'] }, tag: '1' }),
    put: (value, tag) => new Promise((done) => {
      puts.push(`${tag} ${value.words.join()}`)
      answer = () => done({ value: { words: [...value.words] }, tag: `${tag}+` } satisfies Tagged<Part>)
    }),
  }, deep)
  await draft.load()
  return { draft, puts, answer: () => answer() }
}

/** Types as the pages do: into the part, or by another part in its place. */
function type(draft: Draft<Part>, deep: boolean, word: string): void {
  if (deep) draft.value.value?.words.push(word)
  else draft.value.value = { words: [...(draft.value.value?.words ?? []), word] }
  draft.dirty.value = true
}

describe.each([true, false])('a draft, deep: %s', (deep) => {
  it('keeps what is typed while it is saved, as not saved', async () => {
    const { draft, puts, answer } = await drafted(deep)
    type(draft, deep, 'b')
    const saved = draft.save()
    type(draft, deep, 'c')
    answer()
    expect(await saved).toBe(true)
    expect(draft.value.value?.words).toEqual(['a', 'b', 'c'])
    expect(draft.dirty.value).toBe(true)
    const again = draft.save()
    answer()
    expect(await again).toBe(true)
    expect(draft.dirty.value).toBe(false)
    expect(puts).toEqual(['1 a,b', '1+ a,b,c'])
  })

  it('is saved where nothing is typed meanwhile', async () => {
    const { draft, answer } = await drafted(deep)
    type(draft, deep, 'b')
    const saved = draft.save()
    answer()
    expect(await saved).toBe(true)
    expect([draft.dirty.value, draft.value.value?.words]).toEqual([false, ['a', 'b']])
  })
})
