import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian names the program `prometheus-alertmanager`, everybody else `alertmanager`. */
const program = () =>
  ['prometheus-alertmanager', 'alertmanager'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Whether Alertmanager can be run here (Debian: `apt-get install prometheus-alertmanager`). */
export const alertmanagerInstalled = (): boolean => program() !== undefined

/** Starts Alertmanager with this configuration (YAML). `stop` ends the process and removes its files. */
export const startAlertmanager = async (config: string): Promise<{ address: string; stop(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-alertmanager-'))
  await writeFile(join(folder, 'alertmanager.yml'), config)
  const child = spawn(
    program() ?? 'alertmanager',
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folder}`,
      '--web.listen-address=127.0.0.1:0',
      // Alone: no gossip, no second port.
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const gone = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    const patience = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(patience)
    await rm(folder, { recursive: true, force: true })
  }
  // It picks a free port and tells which.
  const address = await new Promise<string>((resolve, reject) => {
    let log = ''
    child.stderr.on('data', (text) => {
      log += text
      const [, address] = /Listening on"? address=(\S+)/.exec(log) ?? []
      if (address) resolve(address)
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`Alertmanager ended at once:\n${log}`)))
  })
  return { address, stop }
}
