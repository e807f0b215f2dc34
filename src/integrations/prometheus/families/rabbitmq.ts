import { type Family, maxOf, rateOf, sumOf } from './family.ts'

const published = 'rabbitmq_global_messages_received_total'
const delivered = 'rabbitmq_global_messages_delivered_total'
const connections = 'rabbitmq_connections'
const ready = 'rabbitmq_queue_messages_ready'
const unacked = 'rabbitmq_queue_messages_unacked'
const consumers = 'rabbitmq_consumers'
const memory = 'rabbitmq_process_resident_memory_bytes'
const memoryLimit = 'rabbitmq_resident_memory_limit_bytes'
const files = 'rabbitmq_process_open_fds'
const alarm = 'rabbitmq_alarms_memory_used_watermark'

/** RabbitMQ's own plugin: https://www.rabbitmq.com/docs/prometheus */
export const rabbitmq: Family = {
  name: 'RabbitMQ',
  kind: 'store',
  sign: connections,
  labels: ['service', 'rabbitmq_cluster', 'app', 'cluster', 'instance', 'job'],
  hint: /rabbit|amqp|queue|broker/i,
  signals: [
    {
      title: 'Messages published',
      kind: 'traffic',
      worse: 'either',
      unit: '/s',
      needs: [published],
      query: rateOf(published),
    },
    {
      title: 'Messages delivered',
      kind: 'traffic',
      worse: 'either',
      unit: '/s',
      needs: [delivered],
      query: rateOf(delivered),
    },
    { title: 'Messages waiting', kind: 'saturation', unit: 'messages', needs: [ready], query: sumOf(ready) },
    { title: 'Messages unacknowledged', kind: 'saturation', unit: 'messages', needs: [unacked], query: sumOf(unacked) },
    { title: 'Connections', kind: 'saturation', unit: 'connections', needs: [connections], query: sumOf(connections) },
    {
      title: 'Consumers',
      kind: 'other',
      worse: 'down',
      unit: 'consumers',
      needs: [consumers],
      query: sumOf(consumers),
    },
    {
      title: 'Memory of a node',
      kind: 'memory',
      unit: 'bytes',
      needs: [memory],
      query: maxOf(memory),
      limit: { needs: [memoryLimit], query: maxOf(memoryLimit) },
    },
    {
      title: 'Open files',
      kind: 'saturation',
      unit: 'files',
      needs: [files],
      query: maxOf(files),
      limit: { needs: ['rabbitmq_process_max_fds'], query: maxOf('rabbitmq_process_max_fds') },
    },
    {
      title: 'Publishers blocked for want of memory',
      kind: 'saturation',
      unit: '',
      needs: [alarm],
      query: maxOf(alarm),
    },
  ],
}
