import { createFakePrometheus } from '../../../sandbox/prometheus.ts'
import { minutes } from '../../../sandbox/stories/signals.ts'
import type { Story } from '../../../sandbox/stories/story.ts'

export const anchor = Date.UTC(2026, 10, 21, 3)

/** A fake Prometheus with a finished story, and helpers to query it. */
export const showing = async (story: Story) => {
  const prometheus = await createFakePrometheus({ now: () => anchor + minutes(120) })
  prometheus.show(story.world, anchor)
  /** Values by labels, at a minute of the story. */
  const ask = async (query: string, minute: number): Promise<Record<string, number>> => {
    const time = (anchor + minutes(minute)) / 1000
    const parameters = new URLSearchParams({ query, time: String(time) })
    const response = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body: parameters })
    const { data, error } = (await response.json()) as {
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] }
      error?: string
    }
    if (!data) throw new Error(`${query}: ${error}`)
    return Object.fromEntries(
      data.result.map(({ metric, value }) => [Object.values(metric).sort().join(' '), Number(value[1])]),
    )
  }
  return {
    prometheus,
    ask,
    /** The single value of a result. */
    one: async (query: string, minute: number) => {
      const values = Object.values(await ask(query, minute))
      if (values.length !== 1) throw new Error(`${query} has ${values.length} values at minute ${minute}`)
      return values[0] as number
    },
    /** The catalogue's query with that title. */
    graph: (service: string, title: string) => {
      const found = story.services.find(({ id }) => id === service)?.queries.find((each) => each.title === title)
      if (!found) throw new Error(`${service} has no graph ${title}`)
      return found.query
    },
  }
}
