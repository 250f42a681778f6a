// Writes src/api.d.ts from openapi.json, which a Go test writes from the service's own description.
// With --check it writes nothing and fails where either file is not what it should be.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const check = process.argv.includes('--check')
const root = new URL('../', import.meta.url)
const spec = new URL('openapi.json', root)
const types = new URL('src/api.d.ts', root)

const go = spawnSync('go', ['test', '-count=1', '-run', 'TestSpecFile$', '.', ...(check ? [] : ['-args', '-update'])], { cwd: root, stdio: 'inherit' })
if (go.status !== 0) process.exit(1)

const made = '// Made from openapi.json by `npm run types`; not to be edited.\n\n' + astToString(await openapiTS(spec))
if (!check) {
  writeFileSync(types, made)
} else if (readFileSync(types, 'utf8') !== made) {
  console.error('src/api.d.ts is not what openapi.json describes: run `npm run types` and commit what changes')
  process.exit(1)
}
