import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../sandbox/free-port.ts'
import { answered, end, installed, start } from './process.ts'

const RABBITMQ = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/** Debian: `redis-server prometheus-redis-exporter prometheus-node-exporter rabbitmq-server prometheus-postgres-exporter`. */
export const exportersInstalled = (): boolean =>
  installed(
    ...[
      'epmd',
      'redis-server',
      'prometheus-redis-exporter',
      'prometheus-node-exporter',
      'prometheus-postgres-exporter',
    ],
    RABBITMQ,
  )

export type Exporters = {
  /** Where each serves its metrics, by the job it is scraped as: `127.0.0.1:9121`. */
  addresses: Record<string, string>
  stop(): Promise<void>
}

/** A Redis and a RabbitMQ of the test's own, and the exporters of both, of this machine and of a PostgreSQL. */
export const startExporters = async (postgresUrl: string): Promise<Exporters> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-exporters-'))
  const [redis, redisExporter, node, postgres, amqp, rabbitmq, distribution, epmd] = await Promise.all(
    Array.from({ length: 8 }, freePort),
  )
  const broker = join(folder, 'rabbitmq')
  await writeFile(`${broker}.plugins`, '[rabbitmq_prometheus].')
  await writeFile(
    `${broker}.conf`,
    [
      `listeners.tcp.local = 127.0.0.1:${amqp}`,
      ...['prometheus.tcp.ip = 127.0.0.1', `prometheus.tcp.port = ${rabbitmq}`, ''],
    ].join('\n'),
  )
  const children = [
    // Erlang's name server: one that the broker starts itself would outlive it.
    start('epmd', ['-port', String(epmd), '-address', '127.0.0.1']),
    start('redis-server', ['--port', String(redis), '--bind', '127.0.0.1', '--save', '', '--dir', folder]),
    start('prometheus-redis-exporter', [
      `-redis.addr=redis://127.0.0.1:${redis}`,
      `-web.listen-address=127.0.0.1:${redisExporter}`,
    ]),
    start('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${node}`]),
    start('prometheus-postgres-exporter', [`--web.listen-address=127.0.0.1:${postgres}`], {
      DATA_SOURCE_NAME: `${postgresUrl}?sslmode=disable`,
    }),
    start(RABBITMQ, [], {
      HOME: folder,
      RABBITMQ_NODENAME: `muster-${amqp}@localhost`,
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: `${broker}.plugins`,
      RABBITMQ_CONFIG_FILE: `${broker}.conf`,
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_PORT: String(epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    }),
  ]
  const addresses = {
    'redis-exporter': `127.0.0.1:${redisExporter}`,
    node: `127.0.0.1:${node}`,
    'postgres-exporter': `127.0.0.1:${postgres}`,
    rabbitmq: `127.0.0.1:${rabbitmq}`,
  }
  await Promise.all(Object.values(addresses).map((address) => answered(`http://${address}/metrics`)))
  const stopReading = readFromRedis(redis as number)
  return {
    addresses,
    stop: async () => {
      stopReading()
      await Promise.all(children.map(end))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A hit and a miss every 100 ms: without reads there is no ratio of hits. */
const readFromRedis = (port: number): (() => void) => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.write('SET a 1\r\n')
  const timer = setInterval(() => socket.write('GET a\r\nGET b\r\n'), 100)
  return () => {
    clearInterval(timer)
    socket.destroy()
  }
}
