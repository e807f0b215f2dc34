import { parentPort } from 'node:worker_threads'
import type { Drawing } from '../../src/charts/worker.ts'

/** Titles that make the thread misbehave, each in a way a drawing could; `quick` is answered without drawing. */
const misbehave = (event: Event) => {
  const { title } = (event as MessageEvent).data.snapshot as Drawing['snapshot']
  if (title === 'exit') process.exit(1)
  if (title === 'hang') for (;;);
  if (title === 'flood') for (const hoard: number[][] = []; ; ) hoard.push(new Array(100_000).fill(1.5))
  if (title !== 'throw' && title !== 'quick') return
  // The real program, where it listens too, is not to answer as well.
  event.stopImmediatePropagation()
  if (title === 'throw') throw new Error('boom')
  parentPort?.postMessage({ picture: '<svg></svg>' })
}

parentPort?.addEventListener('message', misbehave)
