import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { states, type State } from './client'
import { messages } from './locales'
import { placeOf, placesFor } from './places'

it('leads to pages that there are, by words that there are', () => {
  const routes = readFileSync('src/router.ts', 'utf8')
  for (const { name } of states.flatMap((s) => placesFor(s, () => true, ['audit', 'comments', 'cvr']))) {
    expect(routes).toContain(`name: '${name}'`)
    expect(Object.keys(messages.zh['place'] ?? {})).toContain(name)
  }
})

it('knows where a page within another belongs', () => expect(['subject', 'batch', 'results'].map(placeOf)).toEqual(['results', 'batches', 'results']))

it('shows a page only to those who may use it, when there is something to do', () => {
  const scanning = (operation: string) => operation === 'list-batch-pages'
  expect(placesFor('open', scanning).map((p) => p.name)).toEqual(['meeting', 'batches'])
  expect(placesFor('draft', scanning).map((p) => p.name)).toEqual(['meeting'])
  expect(placesFor('open', () => false).map((p) => p.name)).toEqual(['meeting'])
})

it('leads to the audit, comments and single ballots where the rules have them', () => {
  const names = (state: State, may: string, on: string[]) => placesFor(state, (o) => o === may, on).map((p) => p.name)
  expect([names('balanced', 'enter-dice', ['cvr']), names('balanced', 'enter-dice', ['audit'])]).toEqual([['meeting'], ['meeting', 'audit']])
  expect([names('balanced', 'list-comments', []), names('balanced', 'list-comments', ['comments'])]).toEqual([['meeting'], ['meeting', 'comments']])
  expect([names('released', 'export-cvr', []), names('released', 'export-cvr', ['cvr'])]).toEqual([['meeting'], ['meeting', 'cvr']])
})

it('shows each page once', () => {
  for (const state of states) {
    const names = placesFor(state, () => true, ['audit', 'comments', 'cvr']).map((p) => p.name)
    expect(new Set(names).size, state).toBe(names.length)
  }
})
