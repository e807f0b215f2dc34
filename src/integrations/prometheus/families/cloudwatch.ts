import { type Family, maxOf, sumOf } from './family.ts'

const rdsCpu = 'aws_rds_cpuutilization_average'
const rdsConnections = 'aws_rds_database_connections_average'
const age = 'aws_sqs_approximate_age_of_oldest_message_maximum'
const visible = 'aws_sqs_approximate_number_of_messages_visible_average'

/** Amazon RDS as YACE exports it: https://github.com/prometheus-community/yet-another-cloudwatch-exporter */
export const rds: Family = {
  name: 'Amazon RDS',
  kind: 'store',
  sign: rdsCpu,
  labels: ['service', 'dimension_DBClusterIdentifier', 'dbcluster_identifier', 'dimension_DBInstanceIdentifier'],
  hint: /rds|aurora|db$/i,
  signals: [
    { title: 'CPU of the database', kind: 'cpu', unit: '%', needs: [rdsCpu], query: maxOf(rdsCpu) },
    {
      title: 'Database connections',
      kind: 'saturation',
      worse: 'either',
      unit: 'connections',
      needs: [rdsConnections],
      query: maxOf(rdsConnections),
    },
  ],
}

/** Amazon SQS, likewise. */
export const sqs: Family = {
  name: 'Amazon SQS',
  kind: 'store',
  sign: age,
  labels: ['service', 'dimension_QueueName', 'queue_name'],
  hint: /sqs|queue/i,
  signals: [
    { title: 'Age of the oldest message', kind: 'saturation', unit: 's', needs: [age], query: maxOf(age) },
    { title: 'Messages waiting', kind: 'saturation', unit: 'messages', needs: [visible], query: sumOf(visible) },
  ],
}
