// Text has a contrast of at least 4.5:1 on its ground in both themes, and pieces of charts 3:1 on theirs (WCAG AA).
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { choiceOf, themeOf } from './theme'

const css = readFileSync('src/theme.css', 'utf8')
const colours = (block: string): Map<string, string> => new Map([...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']))
const light = colours(/:root:root \{([^}]*)\}/.exec(css)?.[1] ?? '')
const dark = colours(/\[data-theme='dark'\] \{([^}]*)\}/.exec(css)?.[1] ?? '')
light.set('--el-color-white', '#ffffff').set('--el-bg-color', '#ffffff') // Element Plus's own

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const kinds = ['primary', 'success', 'warning', 'danger', 'info']
const texts = ['primary', 'regular', 'secondary', 'placeholder'].map((n) => `--el-text-color-${n}`)
const pairs: [string, string][] = [
  ...texts.flatMap((t): [string, string][] => ['--page', '--el-bg-color', '--el-fill-color-blank', '--el-fill-color-light'].map((g) => [t, g])),
  ...kinds.flatMap((k): [string, string][] => ['--el-bg-color', '--page', `--el-color-${k}-light-9`, '--el-color-white'].map((g) => [`--el-color-${k}`, g])),
  ...kinds.flatMap((k): [string, string][] => [`--el-color-${k}-light-9`, '--el-color-white'].map((g) => [`--el-color-${k}-dark-2`, g])),
  ...texts.slice(0, 3).map((t): [string, string] => [t, '--el-color-primary-light-9']),
]

for (const [name, of] of [['light', light], ['dark', dark]] as const) {
  it(`has readable text in the ${name} theme`, () => {
    const get = (key: string): string => of.get(key) ?? expect.fail(`${key} is not set`)
    expect(pairs.filter(([a, b]) => contrast(get(a), get(b)) < 4.5).map(([a, b]) => `${a} on ${b}: ${contrast(get(a), get(b)).toFixed(2)}`)).toEqual([])
  })
}

it('has all colours in both themes', () => {
  const own = [...light.keys()].filter((k) => k !== '--paper')
  expect(own.filter((k) => !dark.has(k))).toEqual([])
})

it('follows the system until something else is chosen', () => {
  expect([themeOf(null, true), themeOf(null, false), themeOf('light', true), themeOf('nonsense', true)]).toEqual(['dark', 'light', 'light', 'dark'])
  expect([choiceOf('dark', false), choiceOf('dark', true), choiceOf('light', true)]).toEqual(['dark', null, 'light'])
})

it('gives no class of the set-up a second meaning', () => {
  const classes = (text: string): Set<string> => new Set([...text.matchAll(/^\.([\w-]+)/gm)].map((m) => m[1] ?? ''))
  const usual = classes(css)
  expect(usual).toContain('field')
  expect([...classes(readFileSync('src/setup.css', 'utf8'))].filter((c) => usual.has(c))).toEqual([])
})
