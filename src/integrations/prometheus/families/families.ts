import { rds, sqs } from './cloudwatch.ts'
import { elasticsearch } from './elasticsearch.ts'
import type { Family } from './family.ts'
import { httpServerFamilies } from './http-server.ts'
import { ingressNginx } from './ingress-nginx.ts'
import { istio } from './istio.ts'
import { kafka } from './kafka.ts'
import { containers, deployments } from './kubernetes.ts'
import { linkerd } from './linkerd.ts'
import { mysql } from './mysql.ts'
import { nodeExporter } from './node-exporter.ts'
import { hikariCp, jvm, nodeProcess } from './pools.ts'
import { postgresql } from './postgresql.ts'
import { rabbitmq } from './rabbitmq.ts'
import { redis } from './redis.ts'
import { spanMetricsFamilies } from './span-metrics.ts'

/** Every family Muster recognizes. Of those that count requests, the first that covers a service is used for it. */
export const families: readonly Family[] = [
  ...httpServerFamilies,
  istio,
  linkerd,
  ...spanMetricsFamilies,
  ingressNginx,
  hikariCp,
  jvm,
  nodeProcess,
  containers,
  deployments,
  mysql,
  postgresql,
  redis,
  rabbitmq,
  kafka,
  elasticsearch,
  rds,
  sqs,
  nodeExporter,
]
