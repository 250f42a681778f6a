// Light or dark: as the system says unless the other was chosen here; the choice is kept in this browser.
import { ref } from 'vue'

export type Theme = 'light' | 'dark'
const key = 'pingyi.theme'

/** What is shown: the choice, or what the system says where there is none. */
export const themeOf = (choice: string | null, systemDark: boolean): Theme => (choice === 'light' || choice === 'dark' ? choice : systemDark ? 'dark' : 'light')

/** What to keep when a theme is chosen: nothing where the system says the same, so that it is followed again. */
export const choiceOf = (theme: Theme, systemDark: boolean): Theme | null => (theme === themeOf(null, systemDark) ? null : theme)

export const theme = ref<Theme>('light')

function stored(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // no storage in this browser: the system is followed
  }
}

function show(now: Theme): void {
  theme.value = now
  document.documentElement.dataset['theme'] = now
}

const system = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)')

/** Shows the theme, and goes with the system from then on where nothing else was chosen. */
export function followTheme(): void {
  const dark = system()
  show(themeOf(stored(), dark.matches))
  dark.addEventListener('change', () => show(themeOf(stored(), dark.matches)))
}

export function setTheme(to: Theme): void {
  show(to)
  const choice = choiceOf(to, system().matches)
  try {
    if (choice) localStorage.setItem(key, choice)
    else localStorage.removeItem(key)
  } catch {
    return // as above: the choice lasts as long as the page
  }
}
