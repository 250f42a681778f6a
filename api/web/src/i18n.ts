// Chinese unless English was chosen; the choice is kept in this browser.
import { createI18n } from 'vue-i18n'
import { messages, type Language, type Words } from './locales'

const key = 'pingyi.language'

function stored(): Language {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // no storage in this browser: the choice lasts as long as the page
  }
}

export const i18n = createI18n<[Words], Language, false>({
  legacy: false,
  locale: typeof localStorage === 'undefined' ? 'zh' : stored(),
  fallbackLocale: 'zh',
  messages,
})

/** The language of pages as HTTP and HTML write it. */
export function locale(): 'zh-CN' | 'en' {
  return i18n.global.locale.value === 'en' ? 'en' : 'zh-CN'
}

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = locale()
  try {
    localStorage.setItem(key, language)
  } catch {
    return // as above
  }
}
