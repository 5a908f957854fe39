import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

test('nothing here is shared with the engine that it checks', () => {
  const folder = import.meta.dirname
  for (const name of readdirSync(folder).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts')))
    for (const [, from = ''] of readFileSync(`${folder}/${name}`, 'utf8').matchAll(
      /^(?:import|export|}).* from '(.+)'$/gm,
    ))
      assert.match(from, /^(node:|\.\/)/, `${name} imports ${from}`)
})
