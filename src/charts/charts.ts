import { Worker } from 'node:worker_threads'
import { TryLater } from '../incident/errors.ts'
import type { Drawable } from '../incident/evidence.ts'
import type { ChartOptions } from './draw.ts'
import type { Drawing, Drawn } from './worker.ts'

export type { ChartOptions } from './draw.ts'

/** Renders charts and call graphs as images, outside the thread that handles webhooks and clicks. */
export type Charts = {
  /**
   * The picture as a PNG; a chart of 1600 by 900 pixels by default, a call graph as large as it needs. @throws `TryLater` when too many charts are queued, and an
   * Error that says why when this one could not be drawn; the next one is not affected.
   */
  png(snapshot: Drawable, options?: ChartOptions): Promise<Buffer>
  /** The chart as SVG text, in Inter where the page has it. @throws like `png`. */
  svg(snapshot: Drawable, options?: ChartOptions): Promise<string>
  /** Ends the thread; queued charts are rejected. */
  close(): Promise<void>
}

export type ChartsOptions = {
  /** Time limit for one chart, in ms, including the start of the thread. */
  timeoutMs?: number
  /** How many charts may be queued. */
  queueLimit?: number
  /** The thread's entry point. */
  worker?: URL
}

type Job = {
  drawing: Drawing
  resolve(picture: string | Uint8Array): void
  reject(error: Error): void
}

/**
 * One worker thread renders the charts in order. It is started by the first chart, and again after it crashed or had to
 * be terminated: a rendering over its time limit cannot be interrupted any other way. An idle thread does not keep the
 * process alive.
 */
export const createCharts = ({
  timeoutMs = 10_000,
  queueLimit = 50,
  worker: program = new URL('./worker.ts', import.meta.url),
}: ChartsOptions = {}): Charts => {
  const waiting: Job[] = []
  let thread: Worker | undefined
  let closed = false
  /** Ends the current job; undefined while the thread is idle. */
  let settle: ((outcome: Drawn) => void) | undefined

  const start = (): Worker => {
    // The memory limit turns a runaway drawing into the death of this thread instead of the whole process.
    const started = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: 256 } })
    const ended = (reason: string) => {
      if (thread !== started) return
      thread = undefined
      settle?.({ error: reason })
    }
    started.on('message', (drawn: Drawn) => thread === started && settle?.(drawn))
    started.on('error', (error) => ended(`the drawing thread failed: ${error.message}`))
    started.on('exit', () => ended('the drawing thread ended'))
    return started
  }

  const stop = async () => {
    const stopped = thread
    thread = undefined
    await stopped?.terminate()
  }

  const next = () => {
    if (settle) return
    const job = waiting.shift()
    if (!job) return
    thread ??= start()
    thread.ref()
    const timer = setTimeout(() => {
      settle?.({ error: `it took longer than ${timeoutMs / 1000} s` })
      void stop()
    }, timeoutMs)
    settle = (outcome) => {
      clearTimeout(timer)
      settle = undefined
      thread?.unref()
      if ('picture' in outcome) job.resolve(outcome.picture)
      else job.reject(new Error(`The chart "${job.drawing.snapshot.title}" could not be drawn: ${outcome.error}.`))
      queueMicrotask(next)
    }
    thread.postMessage(job.drawing)
  }

  const enqueue = (drawing: Drawing) =>
    new Promise<string | Uint8Array>((resolve, reject) => {
      if (closed) return reject(new Error('The chart was not drawn: Muster is shutting down.'))
      if (waiting.length >= queueLimit) return reject(new TryLater(`${queueLimit} charts are queued already.`, 5_000))
      waiting.push({ drawing, resolve, reject })
      next()
    })

  return {
    png: async (snapshot, options = {}) => {
      const bytes = await enqueue({ format: 'png', snapshot, options })
      return typeof bytes === 'string'
        ? Buffer.from(bytes)
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    svg: async (snapshot, options = {}) => String(await enqueue({ format: 'svg', snapshot, options })),
    async close() {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(new Error('The chart was not drawn: Muster is shutting down.'))
      settle?.({ error: 'Muster is shutting down' })
      await stop()
    },
  }
}
