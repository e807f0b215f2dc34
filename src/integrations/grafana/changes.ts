import { z } from 'zod'
import type { Change, ChangeFeed } from '../../incident/change.ts'
import { Permanent, TryLater } from '../../incident/errors.ts'
import { instant, keyOf, List, present, Text } from '../../incident/outside.ts'

type Options = {
  /** Grafana's own address, with the path it is served under. */
  url: string
  /** A service account token; the role Viewer is enough. */
  token?: string | undefined
  /** Annotations with any of these tags are changes. */
  tags?: readonly string[]
  fetch?: typeof globalThis.fetch
}

const MOST = 500

/** Changes from Grafana's annotations: many deploy pipelines already write one, tagged `deploy`. */
export const grafanaChanges = ({ url, token, tags = ['deploy'], fetch = globalThis.fetch }: Options): ChangeFeed => ({
  name: 'grafana',
  async changes({ from, to, service }, signal) {
    const query = new URLSearchParams({ from: String(from), to: String(to), limit: String(MOST), matchAny: 'true' })
    for (const tag of tags) query.append('tags', tag)
    const response = await fetch(`${url.replace(/\/+$/, '')}/api/annotations?${query}`, {
      headers: { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      redirect: 'error',
      signal,
    })
    if (!response.ok) throw failureOf(response)
    const annotations = List(Annotation).parse(await response.json())
    return annotations.flatMap((annotation) => toChange(annotation, { tags, to, service }))
  },
})

const failureOf = ({ status, headers }: Response): Error => {
  const what = `Grafana answered ${status} to GET /api/annotations`
  if (status === 401 || status === 403) return new Permanent(`${what}. GRAFANA_TOKEN must be able to read annotations.`)
  if (status === 429) return new TryLater(what, (Number(headers.get('retry-after')) || 30) * 1000)
  return new Error(what)
}

const Annotation = z.object({
  id: Text,
  time: z.unknown().optional(),
  text: Text,
  tags: List(z.string()),
  login: Text,
  userName: Text,
  dashboardUID: Text,
})

type Asked = { tags: readonly string[]; to: number; service: string | undefined }

const toChange = (annotation: z.infer<typeof Annotation>, { tags, to, service }: Asked): Change[] => {
  const at = instant(annotation.time, to)
  if (at === undefined || !annotation.id) return []
  const tagged = (name: string) => {
    const tag = annotation.tags.find((tag) => tag.startsWith(`${name}:`) || tag.startsWith(`${name}=`))
    return tag?.slice(name.length + 1) || undefined
  }
  // A bare tag says what it is about only by being the name that was asked for, or the only one left.
  const bare = annotation.tags.filter((tag) => !tags.includes(tag) && !/[:=]/.test(tag))
  const named =
    bare.find((tag) => tag.toLowerCase() === service?.toLowerCase()) ?? (bare.length === 1 ? bare[0] : undefined)
  return [
    {
      key: keyOf('grafana', 'annotation', annotation.id),
      source: 'grafana',
      kind: tags.find((tag) => annotation.tags.includes(tag)) ?? 'deploy',
      title: annotation.text ? plain(annotation.text) : `A change tagged ${annotation.tags.join(', ')}`,
      at,
      ...present({
        service: tagged('service') ?? tagged('app') ?? named,
        environment: tagged('environment') ?? tagged('env'),
        revision: tagged('version') ?? tagged('revision') ?? tagged('sha'),
        by: annotation.login ?? annotation.userName,
        url: Text.parse(/https?:\/\/[^\s"'<>)]+/.exec(annotation.text ?? '')?.[0]),
      }),
    },
  ]
}

/** Annotation texts may be HTML; only the words are wanted. */
const plain = (text: string) =>
  text
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
