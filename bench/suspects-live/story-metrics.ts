import { exposition } from '../../sandbox/prometheus/exposition.ts'
import type { World } from '../../sandbox/stories/world.ts'

const SCRAPE_SECONDS = 15

/**
 * A story's data between two instants (epoch ms) as OpenMetrics text, for a real Prometheus; with the `up` that every
 * scrape leaves. The story began at `anchor`.
 */
export const storyOpenMetrics = (
  world: World,
  { anchor, from, to }: { anchor: number; from: number; to: number },
): string => {
  const lines: string[] = []
  const series = exposition(world, { anchor, now: () => to })
  for (const [name, group] of Map.groupBy(series, ({ labels }) => labels.__name__ ?? '')) {
    lines.push(`# TYPE ${name} gauge`)
    for (const { labels, samples } of group) {
      const written = Object.entries(labels).flatMap(([label, value]) =>
        label === '__name__' ? [] : `${label}=${JSON.stringify(value)}`,
      )
      const head = `${name}{${written.join(',')}}`
      for (const [at, value] of samples(from, to)) lines.push(`${head} ${value} ${(at / 1000).toFixed(3)}`)
    }
  }
  if (!lines.includes('# TYPE up gauge')) {
    lines.push('# TYPE up gauge')
    for (let at = from; at <= to; at += SCRAPE_SECONDS * 1000) lines.push(`up{job="story"} 1 ${(at / 1000).toFixed(3)}`)
  }
  return `${lines.join('\n')}\n# EOF\n`
}
