import type { EffectContext } from '../../incident/effect-handler.ts'
import { Permanent } from '../../incident/errors.ts'
import type { Labels } from '../../incident/labels.ts'
import { shorten } from '../../incident/measure.ts'
import type { OutgoingEndpoint, OutgoingEventName } from '../../incident/outgoing-event.ts'
import type { Status } from '../../incident/status.ts'

/** The states that status pages know. */
export type PageStatus = 'investigating' | 'identified' | 'monitoring' | 'resolved'

/** One entry of a page, as it should read now. */
export type PageEntry = {
  title: string
  status: PageStatus
  text: string
  components: string[]
  /** ISO 8601. */
  startedAt: string
  /** When this was posted, ISO 8601. */
  saidAt: string
  /** `INC-42`, where the page stores our metadata. */
  incident: string
}

/** Operations of a vendor's page. `mayBeThere`: an earlier attempt may have succeeded, so check first. */
export type StatusPageClient = {
  create(entry: PageEntry, mayBeThere: boolean, signal: AbortSignal): Promise<string>
  update(id: string, entry: PageEntry, mayBeThere: boolean, signal: AbortSignal): Promise<void>
  /** Deleting something already deleted is not an error. */
  remove(id: string, signal: AbortSignal): Promise<void>
}

type Memory = {
  recall(key: string): Promise<{ value: string } | undefined>
  remember(key: string, value: string): Promise<void>
}

/** Status pages cut or refuse longer ones. Statuspage: a name has at most 255 characters. */
const LONGEST_TITLE = 255
const LONGEST_TEXT = 5_000

const PAGE_STATUS: Record<Status, PageStatus> = {
  triage: 'investigating',
  investigating: 'investigating',
  identified: 'identified',
  mitigated: 'monitoring',
  resolved: 'resolved',
  closed: 'resolved',
  cancelled: 'resolved',
  merged: 'resolved',
}

/** The default text for customers: nothing internal leaves the channel without being requested. */
const SENTENCES: Record<PageStatus, string> = {
  investigating: 'We are investigating this problem.',
  identified: 'The cause has been identified, and we are working on it.',
  monitoring: 'The problem should be over; we are watching it.',
  resolved: 'This problem has been resolved.',
}

const ENDS: Partial<Record<Status, string>> = {
  cancelled: 'This was reported by mistake: there is no problem.',
  merged: 'This is part of another problem, and continues there.',
}

/** Keeps one incident's entry on one public page in step. */
export const statusPageSender = ({
  name,
  endpoint,
  client,
  memory,
  labels,
}: {
  name: string
  endpoint: OutgoingEndpoint
  client: StatusPageClient
  memory: Memory
  labels: Labels
}) => {
  const entryOf = ({ incident, cause }: EffectContext, text: string | undefined): PageEntry => {
    const { id, title, severity, service, status, milestones, declaredAt } = incident
    const values: Record<string, string> = {
      id,
      title,
      severity: labels.severity(severity),
      service: service === undefined ? 'our service' : labels.service(service),
    }
    const pageStatus = PAGE_STATUS[status]
    return {
      title: shorten(
        endpoint.title.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole),
        LONGEST_TITLE,
      ),
      status: pageStatus,
      text: shorten(text ?? ENDS[status] ?? SENTENCES[pageStatus], LONGEST_TEXT),
      components: endpoint.components[service ?? ''] ?? [],
      startedAt: new Date(milestones.impact_started?.at ?? declaredAt).toISOString(),
      saidAt: new Date(cause.at).toISOString(),
      incident: id,
    }
  }

  // A second attempt looks for what the first one may have written.
  return async (event: OutgoingEventName, context: EffectContext): Promise<void> => {
    const { incident, cause, attempt, signal } = context
    const key = `outgoing:${name}:${incident.id}`
    const known = (await memory.recall(key))?.value
    const published = known === '' ? undefined : known
    const again = attempt > 1
    if (event === 'incident.withdrawn') {
      if (published) await client.remove(published, signal)
      await memory.remember(key, '')
      return
    }
    const publicText = cause.type === 'update_posted' ? cause.public : undefined
    if (published === undefined) {
      const wanted =
        endpoint.publish === 'opening' ? PAGE_STATUS[incident.status] !== 'resolved' : publicText !== undefined
      if (!wanted) return
      await memory.remember(
        key,
        await client.create(entryOf(context, publicText ?? incident.publicUpdate), again, signal),
      )
      return
    }
    if (publicText === undefined && !(cause.type === 'status_changed' && cause.status !== 'closed')) return
    await client.update(published, entryOf(context, publicText), again, signal)
  }
}

/** The id in the page's response. @throws Permanent when there is none. */
export const idIn = (answer: unknown, name: string): string => {
  const id = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) throw new Permanent(`${name} answered without an id.`)
  return id
}
