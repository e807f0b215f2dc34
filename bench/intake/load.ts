import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'
const NO_ANSWER_MS = 30_000

/** How a run of requests went. */
export type Run = { seconds: number /** HTTP status -> how many */; answers: Record<number, number> }

/**
 * Sends every request once over kept-alive connections, each with one request under way. Written on bare sockets, so that
 * on a machine of few cores the load costs little beside what it measures.
 */
export const send = async (port: number, requests: readonly Buffer[], connections: number): Promise<Run> => {
  const answers: Run['answers'] = {}
  let next = 0
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const begun = performance.now()
  await Promise.all(
    sockets.map(async (socket) => {
      const answer = answersOf(socket)
      while (next < requests.length) {
        socket.write(requests[next++] as Buffer)
        const status = await answer()
        answers[status] = (answers[status] ?? 0) + 1
      }
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  for (const socket of sockets) socket.destroy()
  return { seconds, answers }
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.off('error', reject)))
    socket.once('error', reject).setNoDelay(true)
  })

/** Waits for the next whole answer; both servers say its length. */
const answersOf = (socket: Socket) => {
  let read = ''
  let waiting: { resolve(status: number): void; reject(error: Error): void } | undefined
  const fail = (error: Error) => waiting?.reject(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection.')))
  socket.setTimeout(NO_ANSWER_MS, () => fail(new Error('The server does not answer.')))
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    read += chunk
    const end = read.indexOf(HEAD_END)
    if (end < 0) return
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(read)?.[1] ?? 0)
    if (read.length < end + HEAD_END.length + length) return
    const status = Number(read.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
    read = ''
    waiting?.resolve(status)
  })
  return () =>
    new Promise<number>((resolve, reject) => {
      waiting = { resolve, reject }
    })
}
