// Pictures of rows, fetched before they are shown: the next row must be there when a key is pressed.
import { answered } from './client'

/** Pictures by their address, as addresses of data in this page; at most a few are fetched at once. */
export class Pictures {
  private urls = new Map<string, Promise<string>>()
  private running = 0
  private queue: (() => void)[] = []

  get(address: string): Promise<string> {
    let url = this.urls.get(address)
    if (!url) {
      url = this.fetch(address)
      this.urls.set(address, url)
      url.catch(() => this.urls.delete(address)) // asked for again, it is tried again
    }
    return url
  }

  /** Forgets all pictures but those that are wanted. */
  keep(wanted: ReadonlySet<string>): void {
    for (const [address, url] of this.urls) {
      if (wanted.has(address)) continue
      this.urls.delete(address)
      url.then((u) => URL.revokeObjectURL(u), () => undefined)
    }
  }

  private async fetch(address: string): Promise<string> {
    while (this.running >= 3) await new Promise<void>((go) => this.queue.push(go))
    this.running++
    try {
      const answer = await answered(fetch(address))
      const url = URL.createObjectURL(await answer.blob())
      const image = new Image()
      image.src = url
      await image.decode()
      return url
    } finally {
      this.running--
      this.queue.shift()?.()
    }
  }
}
