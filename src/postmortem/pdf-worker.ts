import { parentPort, workerData } from 'node:worker_threads'
import { layOut, type PdfJob } from './pdf-layout.ts'

parentPort?.postMessage(await layOut(workerData as PdfJob))
