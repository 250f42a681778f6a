// Files and folders that people drop: which are scans, in which order, and loose pictures put together.
import { ref, type Ref } from 'vue'

/** A file and its path within what was dropped. */
export interface Dropped {
  path: string
  file: File
}

const scans = /\.(jpe?g|png|tiff?|pdf|zip)$/i
const pictures = /\.(jpe?g|png)$/i
const order = new Intl.Collator('en', { numeric: true })

/** The scans among what was dropped, by path, numbers as numbers; what is left out (such as Thumbs.db) is counted. */
export function scansOf(all: readonly Dropped[]): { scans: Dropped[]; others: number } {
  const wanted = all.filter((d) => scans.test(d.path) && !d.path.split('/').some((part) => part.startsWith('.')))
  wanted.sort((a, b) => order.compare(a.path, b.path))
  return { scans: wanted, others: all.length - wanted.length }
}

/** Files of an input, of which one with webkitdirectory says the path. */
export const picked = (files: Iterable<File> | null): Dropped[] => [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))

/** Files that were dropped, folders with all that is in them. The entries must be asked for at once: later the browser has forgotten them. */
export async function dropped(data: DataTransfer | null): Promise<Dropped[]> {
  const entries = [...(data?.items ?? [])].map((item) => item.webkitGetAsEntry()).filter((e) => e !== null)
  if (entries.length === 0) return picked(data?.files ?? null)
  return (await Promise.all(entries.map(inEntry))).flat()
}

async function inEntry(entry: FileSystemEntry): Promise<Dropped[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const out: Dropped[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)) // a hundred at a time
    if (some.length === 0) return out
    out.push(...(await Promise.all(some.map(inEntry))).flat())
  }
}

/** One file that people drop on a place or choose: `over` while one is held above it. The same file can be chosen again. */
export function useFile(take: (file: File) => void): { over: Ref<boolean>; drop: (e: DragEvent) => void; pick: (e: Event) => void } {
  const over = ref(false)
  const first = (files: FileList | null | undefined): void => {
    const file = files?.[0]
    if (file) take(file)
  }
  const drop = (e: DragEvent): void => {
    over.value = false
    first(e.dataTransfer?.files)
  }
  const pick = (e: Event): void => {
    const input = e.target as HTMLInputElement
    first(input.files)
    input.value = ''
  }
  return { over, drop, pick }
}

/** Most files and bytes of one archive that is made here: both even and far below what a ZIP can hold. */
const mostFiles = 2000
const mostBytes = 1.5e9

/** What is to be sent: loose pictures put together in their order, since front and back of a sheet must be in one file; the rest as it is. */
export async function bundled(files: readonly Dropped[], name: string): Promise<File[]> {
  const loose = files.filter((d) => pictures.test(d.path))
  if (loose.length < 2) return files.map((d) => d.file)
  const out = files.filter((d) => !pictures.test(d.path)).map((d) => d.file)
  for (let from = 0; from < loose.length; ) {
    let [to, size] = [from, 0]
    while (to < loose.length && to - from < mostFiles && (size < mostBytes || (to - from) % 2 === 1)) size += loose[to++]?.file.size ?? 0
    out.push(await zip(loose.slice(from, to), `${name}${from > 0 ? `-${from + 1}` : ''}.zip`))
    from = to
  }
  return out
}

/** A ZIP that stores files under their numbers: their names stay here. */
export async function zip(files: readonly Dropped[], name: string): Promise<File> {
  const parts: BlobPart[] = []
  const directory: BlobPart[] = []
  let [at, length] = [0, 0]
  for (const [i, { path, file }] of files.entries()) {
    const stored = new TextEncoder().encode(`${String(i + 1).padStart(6, '0')}${pictures.exec(path)?.[0].toLowerCase() ?? ''}`)
    // stored, 1 January 1980, check sum, both sizes, length of the name
    const common = [[0, 2], [0x0021 << 16, 4], [await crc32(file), 4], [file.size, 4], [file.size, 4], [stored.length, 2], [0, 2]] as const
    parts.push(record([[0x04034b50, 4], [20, 2], [0, 2], ...common]), stored, file)
    const entry = record([[0x02014b50, 4], [20, 2], [20, 2], [0, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]])
    directory.push(entry, stored)
    at += 30 + stored.length + file.size
    length += entry.length + stored.length
  }
  const end = record([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [length, 4], [at, 4], [0, 2]])
  return new File([...parts, ...directory, end], name, { type: 'application/zip' })
}

/** Numbers as little-endian bytes. */
function record(fields: readonly (readonly [number, 2 | 4])[]): Uint8Array<ArrayBuffer> {
  const out = new DataView(new ArrayBuffer(fields.reduce((n, [, size]) => n + size, 0)))
  let at = 0
  for (const [value, size] of fields) {
    if (size === 2) out.setUint16(at, value, true)
    else out.setUint32(at, value, true)
    at += size
  }
  return new Uint8Array(out.buffer)
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

async function crc32(file: Blob): Promise<number> {
  let c = 0xffffffff
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return (c ^ 0xffffffff) >>> 0
    for (const byte of value) c = (table[(c ^ byte) & 255] ?? 0) ^ (c >>> 8)
  }
}
