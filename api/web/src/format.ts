/** A size of a file in words: binary units, one decimal from MB on. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`
  if (n < 1024 ** 2) return `${Math.round(n / 1024)} KB`
  if (n < 1024 ** 3) return `${(n / 1024 ** 2).toFixed(1)} MB`
  return `${(n / 1024 ** 3).toFixed(1)} GB`
}

/** A date of the service, YYYY-MM-DD, as people write it; anything else stays as it is. */
export function date(iso: string, language: 'zh-CN' | 'en'): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso)
  if (!parts) return iso
  const [, year, month, day] = parts.map(Number) as [number, number, number, number]
  if (language === 'zh-CN') return `${year}年${month}月${day}日`
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day))
}

/** A day as the service writes it, in the time of this computer. */
export function today(now: Date): string {
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-')
}

/** A moment of the service, RFC 3339, by this browser's clock: date and time to the minute. */
export function moment(iso: string, language: 'zh-CN' | 'en'): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}
