import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../sandbox/free-port.ts'

const PROGRAM = fileURLToPath(new URL('service.ts', import.meta.url))
/** Requests of customers a second. */
const CUSTOMERS = 12

/**
 * A shop of three processes, `storefront` -> `orders` -> MariaDB and `storefront` -> `catalogue`, with customers. `targets`
 * are where their metrics are, by service; `leak` lets `orders` keep its connections.
 */
export const startShop = async ({ database }: { database: number }) => {
  const names = ['storefront', 'orders', 'catalogue'] as const
  const ports = await Promise.all(names.map(() => freePort()))
  const url = (index: number) => `http://127.0.0.1:${ports[index]}/`
  const settings = [
    { port: ports[0], calls: { orders: url(1), catalogue: url(2) } },
    { port: ports[1], calls: {}, database },
    { port: ports[2], calls: {} },
  ]
  const children: ChildProcess[] = settings.map((one) =>
    spawn(process.execPath, ['--no-warnings', PROGRAM, JSON.stringify(one)], { stdio: 'ignore' }),
  )
  const customers = setInterval(() => {
    void fetch(url(0)).then(
      (answer) => answer.body?.cancel(),
      () => {},
    )
  }, 1000 / CUSTOMERS)
  return {
    targets: Object.fromEntries(names.map((name, i) => [name, `127.0.0.1:${ports[i]}`])),
    leak: async (): Promise<void> => {
      await fetch(`${url(1)}leak`, { method: 'POST' })
    },
    stop: async (): Promise<void> => {
      clearInterval(customers)
      for (const child of children) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
    },
  }
}
