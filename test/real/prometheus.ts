import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../sandbox/free-port.ts'

/** A Prometheus of our own, with data of our own. */
export type RealPrometheus = {
  url: string
  /** Takes another configuration (YAML) without a restart. */
  reload(config: string): Promise<void>
  stop(): Promise<void>
}

/** Whether `prometheus` and `promtool` can be run here (Debian: `apt-get install prometheus`). */
export const prometheusInstalled = (): boolean =>
  ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0)

/**
 * Loads samples and starts Prometheus over them on a free port; it scrapes nothing unless `config` says so. Samples are
 * OpenMetrics text with timestamps in seconds, ending in `# EOF`. `stop` ends the process and removes its files.
 */
export const startPrometheus = async ({
  openmetrics,
  config = 'scrape_configs: []\n',
}: {
  openmetrics: string
  config?: string
}): Promise<RealPrometheus> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-prometheus-'))
  const [samples, data, settings] = ['samples.txt', 'data', 'prometheus.yml'].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ]
  await Promise.all([writeFile(samples, openmetrics), writeFile(settings, config)])
  await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', samples, data])
  // The port is free when asked for, but somebody may take it before Prometheus does.
  for (let attempt = 1; ; attempt++) {
    try {
      const { url, end, signal } = await run(data, settings)
      const reload = async (changed: string) => {
        await writeFile(settings, changed)
        signal('SIGHUP')
      }
      return { url, reload, stop: () => end().then(() => rm(folder, { recursive: true, force: true })) }
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

const run = async (data: string, settings: string) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${settings}`,
      `--storage.tsdb.path=${data}`,
      // The samples may be of any date.
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.on('data', (text) => {
    log += text
  })
  const gone = once(child, 'exit')
  const end = async () => {
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(patience)
  }
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended at once:\n${log}`)
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined)
    await ready?.body?.cancel()
    if (ready?.ok) return { url, end, signal: (name: NodeJS.Signals) => void child.kill(name) }
    await sleep(50)
  }
  await end()
  throw new Error(`Prometheus was not ready within 30 s:\n${log}`)
}
