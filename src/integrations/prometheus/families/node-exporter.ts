import { type Family, percentOf, rateOf, type Scope, sumOf } from './family.ts'

const cpu = 'node_cpu_seconds_total'
const available = 'node_memory_MemAvailable_bytes'
const total = 'node_memory_MemTotal_bytes'
const free = 'node_filesystem_avail_bytes'
const size = 'node_filesystem_size_bytes'
const drops = 'node_network_receive_drop_total'
const REAL_DISKS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nsfs"'

/** The machines below everything: https://github.com/prometheus/node_exporter */
export const nodeExporter: Family = {
  name: 'node_exporter',
  kind: 'store',
  sign: total,
  labels: ['service', 'node', 'nodename', 'instance', 'job'],
  signals: [
    {
      title: 'CPU in use',
      kind: 'cpu',
      unit: '%',
      needs: [cpu],
      query: ({ by, in: selector, range }: Scope) =>
        `100 * (1 - avg by (${by}) (rate(${cpu}${selector('mode="idle"')}[${range}])))`,
    },
    {
      title: 'Memory in use',
      kind: 'memory',
      unit: '%',
      needs: [available, total],
      query: (scope) => `100 * (1 - ${sumOf(available)(scope)} / ${sumOf(total)(scope)})`,
    },
    {
      title: 'Fullest disk',
      kind: 'saturation',
      unit: '%',
      needs: [free, size],
      query: ({ by, in: selector }: Scope) =>
        `100 * max by (${by}) (1 - ${free}${selector(REAL_DISKS)} / ${size}${selector(REAL_DISKS)})`,
    },
    { title: 'Dropped packets', kind: 'saturation', unit: '/s', needs: [drops], query: rateOf(drops) },
    {
      title: 'Time waiting for disks',
      kind: 'saturation',
      unit: '%',
      needs: [cpu],
      query: percentOf(rateOf(cpu, 'mode="iowait"'), rateOf(cpu)),
    },
  ],
}
