import type { Mapping } from './mapping.ts'
import { cloudwatch } from './mappings/cloudwatch.ts'
import { datadog } from './mappings/datadog.ts'
import { opsgenie } from './mappings/opsgenie.ts'
import { plain } from './mappings/plain.ts'
import { sentry } from './mappings/sentry.ts'
import { uptimeKuma } from './mappings/uptime-kuma.ts'

/** The mappings that come with Muster, by the name in `/webhooks/alerts/<name>`. */
export const shippedMappings: Readonly<Record<string, Mapping>> = {
  plain,
  cloudwatch,
  datadog,
  opsgenie,
  sentry,
  'uptime-kuma': uptimeKuma,
}
