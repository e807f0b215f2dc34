import { type Family, rateOf, STORED, sumOf } from './family.ts'

const lag = 'kafka_consumergroup_lag'
const offsets = 'kafka_topic_partition_current_offset'
const underReplicated = 'kafka_topic_partition_under_replicated_partition'
const brokers = 'kafka_brokers'

/** Kafka: https://github.com/danielqsj/kafka_exporter */
export const kafka: Family = {
  name: 'Kafka',
  kind: 'store',
  sign: brokers,
  labels: STORED,
  hint: /kafka/i,
  signals: [
    { title: 'Consumer lag', kind: 'saturation', unit: 'messages', needs: [lag], query: sumOf(lag) },
    {
      title: 'Messages published',
      kind: 'traffic',
      worse: 'either',
      unit: '/s',
      needs: [offsets],
      query: rateOf(offsets),
    },
    {
      title: 'Under-replicated partitions',
      kind: 'saturation',
      unit: 'partitions',
      needs: [underReplicated],
      query: sumOf(underReplicated),
    },
    { title: 'Brokers', kind: 'other', worse: 'down', unit: 'brokers', needs: [brokers], query: sumOf(brokers) },
  ],
}
