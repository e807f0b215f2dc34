import { hours, minutes, type Signal } from './signals.ts'
import { stories } from './stories.ts'
import type { Edge, LogLine, Meter, Workload, World } from './world.ts'

/** Story time in which nothing has gone wrong yet in any story: long before its first step. */
const CALM = { from: minutes(-300), length: minutes(120) }

/** A signal that stays in the calm time of its story for ever: to its end and back again, so that it never jumps. */
const calm =
  (signal: Signal): Signal =>
  (ms) => {
    const phase = ((ms % (2 * CALM.length)) + 2 * CALM.length) % (2 * CALM.length)
    return signal(CALM.from + (phase < CALM.length ? phase : 2 * CALM.length - phase))
  }

/** Every member that is a signal made calm; the others stay. */
const calmed = <Described extends object>(described: Described): Described =>
  Object.fromEntries(
    Object.entries(described).map(([name, value]) => [
      name,
      typeof value === 'function' ? calm(value as Signal) : value,
    ]),
  ) as Described

const once = <One>(all: readonly One[], nameOf: (one: One) => string): One[] => [
  ...new Map(all.toReversed().map((one) => [nameOf(one), one])).values(),
]

const worlds = stories.map(({ world }) => world)

/** All services of all stories on a night on which nothing happens: what there is to see when no story is played. */
export const quietWorld: World = {
  workloads: once(
    worlds.flatMap(({ workloads }) => workloads),
    ({ service, namespace = '' }: Workload) => `${namespace}/${service}`,
  ).map(({ images: _images, ...workload }) => calmed(workload)),
  edges: once(
    worlds.flatMap(({ edges }) => edges),
    ({ client, server, clientNamespace = '', serverNamespace = '' }: Edge) =>
      `${clientNamespace}/${client}>${serverNamespace}/${server}`,
  ).map(calmed),
  meters: once(
    worlds.flatMap(({ meters }) => meters),
    ({ name, labels }: Meter) => `${name}${JSON.stringify(Object.entries(labels).sort())}`,
  ).map(calmed),
  rules: [],
}

/** What every service logs when nothing happens. */
export const quietLogs: LogLine[] = quietWorld.workloads.map(({ service }, i) => ({
  service,
  level: 'info',
  text: 'request completed status=200',
  atMs: -hours(6) + i * 700,
  untilMs: Number.POSITIVE_INFINITY,
  everyMs: 15_000,
}))
