/** How many rules fire, the same ones for every service. */
const RULES = 25

/**
 * The bodies of a storm as Alertmanager posts them, an alert each: a data centre goes down, and every rule of every
 * service fires, the services in turn. Each is a group of its own, so that nothing is known to belong together.
 */
export const stormDeliveries = ({ alerts, services }: { alerts: number; services: number }): string[] =>
  Array.from({ length: alerts }, (_, i) => {
    const labels = {
      // No rule is that of three services, or all would be one platform fault and no storm.
      alertname: `Rule${Math.floor(i / services) % RULES}OfService${i % services}`,
      service: `service-${i % services}`,
      instance: `10.0.${i % 250}.${Math.floor(i / 250)}:9100`,
      severity: 'critical',
    }
    return JSON.stringify({
      version: '4',
      groupKey: `{}:{alertname="${labels.alertname}", instance="${labels.instance}"}`,
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'muster',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://alertmanager.example',
      alerts: [
        {
          status: 'firing',
          labels,
          annotations: { summary: `${labels.alertname} on ${labels.instance}` },
          startsAt: new Date().toISOString(),
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://prometheus.example/graph',
          fingerprint: i.toString(16).padStart(16, '0'),
        },
      ],
    })
  })
