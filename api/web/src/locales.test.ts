// Both languages say the same things, and every word that a page asks for is there.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { messages, type Words } from './locales'

const flat = (tree: Words, at = ''): [string, string][] => Object.entries(tree).flatMap(([k, v]) => (typeof v === 'string' ? [[at + k, v] as [string, string]] : flat(v, `${at}${k}.`)))
const chinese = new Map(flat(messages.zh))
const english = new Map(flat(messages.en))

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? sources(`${folder}/${f.name}`) : /\.(vue|ts)$/.test(f.name) && !f.name.endsWith('.test.ts') ? [readFileSync(`${folder}/${f.name}`, 'utf8')] : []))
const code = sources('src').join('\n')

it('has the same keys in both', () => expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort()))

it('puts the same things into them', () => {
  const slots = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()
  for (const [key, text] of chinese) expect(slots(english.get(key) ?? ''), key).toEqual(slots(text))
})

it('has every key that a page asks for', () => {
  const asked = [...code.matchAll(/\bt\('([\w.-]+)'/g)].map((m) => m[1] ?? '')
  expect(asked.length).toBeGreaterThan(80)
  expect(asked.filter((k) => !chinese.has(k))).toEqual([])
})

it('asks for every key that it has', () => {
  const built = [...code.matchAll(/[`']([\w]+(?:\.[\w]+)*)\.\$\{/g)].map((m) => `${m[1]}.`)
  const unused = [...chinese.keys()].filter((k) => !code.includes(`'${k}'`) && !built.some((b) => k.startsWith(b)))
  expect(unused).toEqual([])
})
