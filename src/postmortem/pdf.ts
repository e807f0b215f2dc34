import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { PdfJob } from './pdf-layout.ts'

/** A document of a few hundred pages takes some seconds. */
const LONGEST_MS = 60_000
/** The Chinese font alone takes 60 MB while it is read. */
const MEMORY_MB = 512

/**
 * A document as a PDF of A4 pages. It is laid out in a worker thread: that takes a second or more, and webhooks must
 * not wait for it. The same log gives the same bytes.
 * @throws an Error when it takes too long or too much memory; nothing else is affected.
 */
export const pdfDocument = async (job: PdfJob): Promise<Buffer> => {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
  try {
    const [bytes] = (await once(worker, 'message', { signal: AbortSignal.timeout(LONGEST_MS) })) as [Uint8Array]
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } finally {
    await worker.terminate()
  }
}
