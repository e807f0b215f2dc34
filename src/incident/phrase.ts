/**
 * A sentence in parts, so that each output can escape and format it in its own way: a person is a mention in Slack and
 * a name in a document; external text is never markup.
 */
export type Phrase =
  | { text: string }
  | { strong: string }
  | { code: string }
  | { person: string }
  | { channel: string }
  | { link: string; label: string }
  /** An instant, epoch ms: shown in the reader's own zone where possible. */
  | { time: number }

type Part = string | number | Phrase | Phrase[] | undefined

/** Builds a sentence: say`${person(id)} took ${strong('commander')}`. */
export const say = (strings: TemplateStringsArray, ...parts: Part[]): Phrase[] =>
  strings.flatMap((text, i) => [...(text ? [{ text }] : []), ...phrasesOf(parts[i])])

export const strong = (text: string): Phrase => ({ strong: text })
export const code = (text: string): Phrase => ({ code: text })
export const time = (at: number): Phrase => ({ time: at })
/** A channel by its Slack id. */
export const channel = (id: string): Phrase => ({ channel: id })
export const link = (url: string, label: string): Phrase => ({ link: url, label })

const PERSON = /^[UW][A-Z0-9]{2,}$/

/** Whether this actor is a person in Slack, rather than Muster or a source. */
export const isPerson = (actor: string): boolean => PERSON.test(actor)

/** A person by Slack id; sources and Muster itself by their names. */
export const person = (actor: string): Phrase => (isPerson(actor) ? { person: actor } : { text: sourceName(actor) })

/** The display name of a source, or of Muster itself: `PagerDuty`. An operator-defined source keeps its name. */
export const sourceName = (source: string): string =>
  (Object.hasOwn(NAMES, source) ? NAMES[source] : undefined) ?? source

const NAMES: Record<string, string> = {
  muster: 'Muster',
  slack: 'Slack',
  assistant: 'An assistant',
  import: 'An import',
  pagerduty: 'PagerDuty',
  incidentio: 'incident.io',
  alertmanager: 'Alertmanager',
  prometheus: 'Prometheus',
  grafana: 'Grafana',
  loki: 'Loki',
  kubernetes: 'Kubernetes',
  github: 'GitHub',
  cloudwatch: 'CloudWatch',
  datadog: 'Datadog',
  sentry: 'Sentry',
  opsgenie: 'Opsgenie',
  'uptime-kuma': 'Uptime Kuma',
}

const MENTION = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g

/** Text typed by a person: mentions stay mentions. Never for external text, which could ping people with them. */
export const typed = (text: string): Phrase[] => {
  const phrases: Phrase[] = []
  let last = 0
  for (const match of text.matchAll(MENTION)) {
    if (match.index > last) phrases.push({ text: text.slice(last, match.index) })
    phrases.push({ person: match[1] as string })
    last = match.index + match[0].length
  }
  if (last < text.length) phrases.push({ text: text.slice(last) })
  return phrases
}

const phrasesOf = (part: Part): Phrase[] => {
  if (part === undefined) return []
  if (Array.isArray(part)) return part
  if (typeof part === 'object') return [part]
  return part === '' ? [] : [{ text: String(part) }]
}

/** The sentence as plain text; `nameOf` returns a person's name. */
export const plain = (phrases: readonly Phrase[], nameOf: (person: string) => string = (id) => `@${id}`): string =>
  phrases
    .map((phrase) => {
      if ('text' in phrase) return phrase.text
      if ('strong' in phrase) return phrase.strong
      if ('person' in phrase) return nameOf(phrase.person)
      if ('code' in phrase) return phrase.code
      if ('channel' in phrase) return `#${phrase.channel}`
      if ('time' in phrase) return `${new Date(phrase.time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
      return phrase.label === phrase.link ? phrase.link : `${phrase.label} (${phrase.link})`
    })
    .join('')
