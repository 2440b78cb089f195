// Every page of an office of its own, as `pages.mjs` looks at it. In two files, one for each kind of
// device: both take long and run side by side.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { gewu, openDemo } from '../functional/office.mjs'

export function lookAtAllPages(held) {
  test(`every page by ${held}, in its themes and languages: no fault`, async () => {
    const office = await openDemo()
    try {
      office.addAdministrator('all_pages')
      for (const post of ['dispatcher_beishan_street', 'unit_keeper_1']) gewu(['post', 'deputise', post, 'all_pages', '--data', office.data])
      const pages = fileURLToPath(new URL('pages.mjs', import.meta.url))
      const said = execFileSync(process.execPath, [pages, office.url, 'all_pages', office.password, held], { encoding: 'utf8' })
      assert.match(said, /\d+ pages looked at/)
    } finally {
      await office.stop()
    }
  })
}
