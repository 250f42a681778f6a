// How text is fitted into its box on a ballot, as the printer does it: on as many lines as the box holds, at the
// largest size up to the one that is asked for.
const mmPerPoint = 25.4 / 72
const leading = 1.18
const padding = 0.7
const least = 5.5 // points; these three are those of pdf/page.go

/** Width of a text in mm: characters of Chinese are square, others about half of that. */
export function widthOf(text: string, points: number): number {
  let ems = 0
  for (const c of text) ems += (c.codePointAt(0) ?? 0) > 0x2e7f || c === '“' || c === '”' ? 1 : 0.55
  return ems * points * mmPerPoint
}

function wrap(text: string, points: number, room: number): string[] {
  if (widthOf(text, points) <= room) return [text]
  const runes = [...text]
  for (let n = 2; n <= runes.length; n++) {
    const per = Math.ceil(runes.length / n)
    const lines = Array.from({ length: Math.ceil(runes.length / per) }, (_, i) => runes.slice(i * per, (i + 1) * per).join('').trim())
    if (lines.every((l) => widthOf(l, points) <= room)) return lines
  }
  return [text]
}

export interface Line {
  text: string
  x: number
  y: number
}

export interface Fitted {
  /** In mm. */
  size: number
  anchor: 'start' | 'middle' | 'end'
  lines: Line[]
}

export interface Box {
  x: number
  y: number
  w: number
  h: number
}

export function fit(box: Box, text: string, points: number, align: string): Fitted {
  const room = box.w - 2 * padding
  let lines: string[] = []
  for (; ; points -= 0.5) {
    lines = wrap(text, points, room)
    const fits = lines.length * points * mmPerPoint * leading <= box.h - 2 * padding
    if ((fits && (lines.length === 1 || points >= 7.5)) || points <= least) break
  }
  const size = points * mmPerPoint
  const height = size * leading
  const first = box.y + (box.h - height * lines.length) / 2 + height / 2 + size * 0.36
  const anchor = align === 'C' ? 'middle' : align === 'R' ? 'end' : 'start'
  const x = align === 'C' ? box.x + box.w / 2 : align === 'R' ? box.x + box.w - padding : box.x + padding
  return { size, anchor, lines: lines.map((l, i) => ({ text: l, x, y: first + i * height })) }
}
