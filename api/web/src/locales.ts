// The words of the pages: one file a section and language, whose name is the first part of its keys.
export type Language = 'zh' | 'en'
export type Words = { [key: string]: string | Words }

const files = import.meta.glob<Words>('./locales/*/*.json', { eager: true, import: 'default' })

function of(language: Language): Words {
  const folder = `./locales/${language}/`
  const own = Object.entries(files).filter(([path]) => path.startsWith(folder))
  return Object.fromEntries(own.map(([path, words]) => [path.slice(folder.length, -'.json'.length), words]))
}

export const messages: Record<Language, Words> = { zh: of('zh'), en: of('en') }
