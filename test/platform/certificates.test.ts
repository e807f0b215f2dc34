import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { selfSigned } from '../../sandbox/certificate.ts'
import { createHttpClient } from '../../src/platform/http-client.ts'

const run = promisify(execFile)

test('a certificate of an unknown authority names the setting to trust it, which then works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-ca-'))
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const cert = selfSigned({ ...keys, commonName: 'localhost', now: Date.now() })
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ key, cert }, (_request, response) => response.end('{"well":true}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  await expect(createHttpClient({ name: 'Loki', url }).request('/')).rejects.toThrow(
    /^Loki could not be reached \(\w+\)\. Its certificate is from an authority that is not trusted here: name the authority\u2019s file in NODE_EXTRA_CA_CERTS\.$/,
  )

  const authority = join(folder, 'ca.pem')
  await writeFile(authority, cert)
  const client = new URL('../../src/platform/http-client.ts', import.meta.url).href
  const script = `
    import { createHttpClient } from '${client}'
    console.log((await createHttpClient({ name: 'Loki', url: '${url}' }).request('/')).text)`
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '-e', script], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
  })
  expect(stdout.trim()).toBe('{"well":true}')
})
