import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Loaded into a process by `--import`: on SIGUSR2 it writes its longest event-loop delay since the last time, and resets. */
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
process.on('SIGUSR2', () => {
  process.stderr.write(`GAP ${(delay.max / 1e6).toFixed(1)}\n`)
  delay.reset()
})
