import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { bundled, picked, scansOf, zip, type Dropped } from './files'

const file = (path: string, text = path): Dropped => ({ path, file: new File([text], path.split('/').pop() ?? '') })

it('takes scans, in the order of their numbers, and counts the rest', () => {
  const { scans, others } = scansOf(['a/img10.jpg', 'a/img2.JPG', 'a/Thumbs.db', 'a/.hidden.jpg', 'a/.trash/x.jpg', 'b.pdf'].map((p) => file(p)))
  expect(scans.map((d) => d.path)).toEqual(['a/img2.JPG', 'a/img10.jpg', 'b.pdf'])
  expect(others).toBe(3)
})

it('leaves files as they are where nothing needs to be put together', async () => {
  const one = [file('a.jpg'), file('b.tif'), file('c.pdf')]
  expect((await bundled(one, 'x')).map((f) => f.name)).toEqual(['a.jpg', 'b.tif', 'c.pdf'])
  expect(picked(null)).toEqual([])
})

it('puts loose pictures into one archive, in order and without their names', async () => {
  const sent = await bundled([file('s/front.jpg', 'one'), file('s/whole.pdf'), file('s/back.png', '二')], '扫描')
  expect(sent.map((f) => f.name)).toEqual(['whole.pdf', '扫描.zip'])
  const folder = mkdtempSync(`${tmpdir()}/pingyi-zip-`)
  try {
    const bytes = Buffer.from(await sent[1]!.arrayBuffer())
    expect(bytes.includes('front')).toBe(false)
    writeFileSync(`${folder}/a.zip`, bytes)
    const script = 'import zipfile,sys,json;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps([z.testzip(),[[i.filename,z.read(i).decode()] for i in z.infolist()]]))'
    expect(JSON.parse(execFileSync('python3', ['-c', script, `${folder}/a.zip`], { encoding: 'utf8' }))).toEqual([null, [['000001.jpg', 'one'], ['000002.png', '二']]])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('makes the same archive of the same files, so that a second upload is known', async () => {
  const make = async (): Promise<string> => Buffer.from(await (await zip([file('b.jpg'), file('a.jpg')], 'x')).arrayBuffer()).toString('hex')
  expect(await make()).toBe(await make())
})
