import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { holdAlone } from '../../src/store/alone.ts'
import { openStore, openStoreToRead } from '../../src/store/store.ts'
import { memory, postgres } from './databases.ts'

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'muster-file-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('a second server detects the lock of the first, even through a symbolic link', async () => {
  const home = folder()
  mkdirSync(join(home, 'data'))
  symlinkSync(join(home, 'data'), join(home, 'linked'))
  symlinkSync(join(home, 'data', 'muster.db'), join(home, 'other.db'))
  const release = holdAlone(`sqlite:${join(home, 'data', 'muster.db')}`)
  // Before the database is there, and after.
  const refused = () => {
    for (const path of ['linked/muster.db', 'other.db'])
      expect(() => holdAlone(`sqlite:${join(home, path)}`, 0), path).toThrow('Another Muster is serving from')
  }
  refused()
  await (await openStore(`sqlite:${join(home, 'data', 'muster.db')}`, Date.now)).close()
  refused()
  release()
  holdAlone(`sqlite:${join(home, 'other.db')}`, 0)()
})

test('a truncated database is not treated as a new one', async () => {
  const file = join(folder(), 'muster.db')
  await (await openStore(`sqlite:${file}`, Date.now)).close()
  truncateSync(file)
  await expect(openStore(`sqlite:${file}`, Date.now)).rejects.toThrow(
    `${file} is empty: it has been truncated. Restore a backup, or delete it to start with a new database.`,
  )
})

test('an error names the file that cannot be opened', async () => {
  const home = folder()
  writeFileSync(join(home, 'text.db'), 'this is no database, but a text that is long enough to be one '.repeat(100))
  mkdirSync(join(home, 'folder.db'))
  for (const name of ['text.db', 'folder.db', 'text.db/inside.db']) {
    const file = join(home, name)
    await expect(openStore(`sqlite:${file}`, Date.now), name).rejects.toThrow(file)
  }
})

test('opening read-only does not create a database', async () => {
  const file = join(folder(), 'muster.db')
  await expect(openStoreToRead(`sqlite:${file}`, Date.now)).rejects.toThrow(
    `There is no database at ${file}; the first start makes it.`,
  )
})

for (const kind of [memory, postgres])
  test.skipIf(kind.missing)(`two concurrent first starts agree on one value, ${kind.name}`, async () => {
    const url = await kind.fresh()
    const one = await openStore(url, Date.now)
    // Two processes on PostgreSQL; a SQLite in memory has one only.
    const other = kind === postgres ? await openStore(url, Date.now) : one
    onTestFinished(async () => {
      await one.close()
      if (other !== one) await other.close()
    })
    const kept = await Promise.all([one.rememberFirst('secret', 'a'), other.rememberFirst('secret', 'b')])
    expect(new Set(kept).size).toBe(1)
    expect((await one.recall('secret'))?.value).toBe(kept[0])
  })
