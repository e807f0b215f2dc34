import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../sandbox/free-port.ts'
import { answered, end, installed, start } from './process.ts'

/** Debian: `victoria-metrics`. */
export const victoriaMetricsInstalled = (): boolean => installed('victoria-metrics')

export type VictoriaMetrics = { url: string; stop(): Promise<void> }

/** A VictoriaMetrics of the test's own that scrapes what `config`, a Prometheus configuration (YAML), names. */
export const startVictoriaMetrics = async (config: string): Promise<VictoriaMetrics> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-victoria-'))
  await writeFile(join(folder, 'scrape.yml'), config)
  const url = `http://127.0.0.1:${await freePort()}`
  const child = start('victoria-metrics', [
    `-httpListenAddr=${new URL(url).host}`,
    `-storageDataPath=${join(folder, 'data')}`,
    `-promscrape.config=${join(folder, 'scrape.yml')}`,
    // It hides the last 30 s otherwise, and a test lasts no longer.
    '-search.latencyOffset=1s',
    '-memory.allowedBytes=128MB',
  ])
  await answered(`${url}/health`)
  return {
    url,
    stop: async () => {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
