import { z } from 'zod'
import type { Change, ChangeFeed } from '../../incident/change.ts'
import { instant, keyOf, List, present, Text } from '../../incident/outside.ts'
import { createHttpClient } from '../../platform/http-client.ts'
import { expectOk } from '../../platform/http-status.ts'

type Options = {
  /** Grafana's own address, with the path it is served under. */
  url: string
  /** A service account token; the role Viewer is enough. */
  token?: string | undefined
  /** Annotations with any of these tags are changes. */
  tags?: readonly string[]
  /** Time limit of the request, ms. */
  timeoutMs?: number
  fetch?: typeof globalThis.fetch | undefined
}

const MOST = 500
/** 500 annotations with long texts are some 200 KiB. */
const MOST_BYTES = 2 * 1024 * 1024

/** Changes from Grafana's annotations: many deploy pipelines write one, tagged `deploy`. */
export const grafanaChanges = ({ url, token, tags = ['deploy'], timeoutMs = 10_000, fetch }: Options): ChangeFeed => {
  const http = createHttpClient({ name: 'Grafana', url, token, timeoutMs, maxBytes: MOST_BYTES, fetch })
  return {
    name: 'grafana',
    async changes({ from, to, service }, signal) {
      const query = { from, to, limit: MOST, matchAny: 'true', tags }
      const response = expectOk(await http.request('/api/annotations', { query, signal }), {
        name: 'Grafana',
        hint: 'GRAFANA_TOKEN must be able to read annotations.',
      })
      const annotations = List(Annotation).parse(response.json())
      return annotations.flatMap((annotation) => toChange(annotation, { tags, to, service }))
    },
  }
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

type Query = { tags: readonly string[]; to: number; service: string | undefined }

const toChange = (annotation: z.infer<typeof Annotation>, { tags, to, service }: Query): Change[] => {
  const at = instant(annotation.time, to)
  if (at === undefined || !annotation.id) return []
  const tagged = (name: string) => {
    const tag = annotation.tags.find((tag) => tag.startsWith(`${name}:`) || tag.startsWith(`${name}=`))
    return tag?.slice(name.length + 1) || undefined
  }
  // A bare tag names the service only when it is the requested one, or the only bare tag.
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

/** Annotation texts may be HTML; only the text is used. */
const plain = (text: string) =>
  text
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
