import { actionSentence } from './action-words.ts'
import { channelSentence } from './channel.ts'
import { changeInWords, inBothClocks } from './chart-words.ts'
import { clusterPhrases } from './cluster-fact.ts'
import { EFFECT_VERBS } from './effect-verbs.ts'
import type { EvidencePhase, IncidentEvent, SnapshotRef } from './event.ts'
import { handoverSentence } from './handover.ts'
import { IDS, type Labels } from './labels.ts'
import { machineSummarySentence } from './machine-summary.ts'
import { capital, formatDuration, shorten } from './measure.ts'
import { MILESTONE_NAMES } from './milestones.ts'
import { code, isPerson, link, type Phrase, person, say, strong, time, typed } from './phrase.ts'
import { rankingSentence } from './ranking-words.ts'
import { postmortemSentence } from './review-words.ts'
import { ruleSentence } from './rules.ts'
import { similarSentence } from './similar.ts'
import { FROM_TRIAGE, type Status } from './status.ts'
import { updateSentence } from './update.ts'

/** An event as text for readers; undefined for internal ones. `labels` maps ids to names. */
export const sentenceOf = (event: IncidentEvent, labels: Labels = IDS): Phrase[] | undefined => {
  const who = person(event.by)
  switch (event.type) {
    case 'declared':
      if (event.imported)
        return say`Imported from ${person(event.imported.from)}: ${strong(event.title)} (${labels.severity(event.severity)})`
      return event.alert
        ? say`Alert from ${person(event.alert.source)} opened the incident: ${strong(event.title)} (${labels.severity(event.severity)})`
        : say`${who} declared ${event.drill ? 'a drill' : 'the incident'}: ${strong(event.title)} (${labels.severity(event.severity)})`
    case 'alert_joined':
      // The request and the page itself are already on the timeline.
      return event.page ? undefined : say`Alert joined: ${strong(event.alert.title)} (${event.reason})`
    case 'alert_resolved':
      return event.page ? undefined : say`Alert resolved: ${event.title}`
    case 'alert_left':
      return event.page ? undefined : say`Alert moved to ${event.to}: ${event.title}`
    case 'alert_activity':
      return say`${capital(event.text)}`
    case 'channel_opened':
      return say`Channel #${event.name} opened`
    case 'people_invited':
      return event.people.length > 0 ? say`Brought in ${listOf(event.people.map((id) => [person(id)]))}` : undefined
    case 'responder_found':
      return event.responder
        ? say`${person(event.responder)} is ${event.why}`
        : say`${event.name} is ${event.why}, but was not found in Slack`
    case 'role_assigned':
      return event.by === event.responder
        ? say`${who} took the role ${strong(labels.role(event.role))}`
        : say`${who} made ${person(event.responder)} ${strong(labels.role(event.role))}`
    case 'role_released':
      return say`${person(event.responder)} is no longer ${strong(labels.role(event.role))}`
    case 'status_changed':
      if (event.text === FROM_TRIAGE) return say`${who} declared it from triage`
      return [
        ...(event.into && event.status !== 'merged'
          ? say`${who} took back the merge into ${event.into}`
          : say`${who} ${STATUS_VERBS[event.status]}${event.into ? ` ${event.into}` : ''}`),
        ...(event.text ? say`: ${wordsBy(event, event.text)}` : []),
      ]
    case 'severity_changed':
      return [
        ...say`${who} set the severity to ${strong(labels.severity(event.severity))}`,
        ...(event.reason ? say`: ${wordsBy(event, event.reason)}` : []),
      ]
    case 'title_changed':
      return say`${who} changed the title to ${strong(event.title)}`
    case 'service_changed':
      return say`${who} set the service to ${strong(labels.service(event.service))}`
    case 'impact_described':
      return say`Impact, by ${who}: ${wordsBy(event, event.text)}`
    case 'noted':
      return [
        ...say`${who}${assistantOf(event)}: ${wordsBy(event, event.text)}`,
        ...(event.parent ? parentPhrases(event.parent) : []),
        ...(event.pictures ? say` (picture: ${event.pictures.map(({ title }) => title).join(', ')})` : []),
        ...(event.link ? say` (${link(event.link, 'message')})` : []),
      ]
    case 'update_posted':
      return updateSentence(event)
    case 'milestone_set':
      return event.estimate
        ? say`Estimate: ${MILESTONE_NAMES[event.milestone].toLowerCase()} at ${time(event.time)} (${event.source})`
        : [
            ...say`${who} corrected: ${MILESTONE_NAMES[event.milestone].toLowerCase()} at ${time(event.time)}`,
            ...(event.reason ? say`: ${wordsBy(event, event.reason)}` : []),
          ]
    case 'action_added':
    case 'action_done':
    case 'action_edited':
    case 'action_state_changed':
    case 'action_removed':
    case 'action_snoozed':
      return actionSentence(event)
    case 'first_step_checked':
      return say`${who} ${event.done ? 'completed' : 'reopened'} a first step: ${event.step}`
    case 'member_joined':
      return event.by === event.member ? say`${who} joined the channel` : say`${who} brought in ${person(event.member)}`
    case 'member_left':
      return say`${person(event.member)} left the channel`
    case 'change_seen':
      return [
        ...say`Change: ${event.change.title}`,
        ...(event.change.service ? say` (${labels.service(event.change.service)})` : []),
        ...(event.change.by ? say` by ${event.change.by}` : []),
      ]
    case 'evidence_collected': {
      const worthTelling = event.snapshots.filter(
        ({ standing, again }) => standing === undefined && !(again && ROUTINE.has(event.phase)),
      )
      return worthTelling.length > 0
        ? say`Evidence: ${listOf(
            worthTelling.map((snapshot) => snapshotPhrases(snapshot)),
            '; ',
          )}`
        : undefined
    }
    case 'cluster_seen':
      return clusterPhrases(event.fact, labels)
    case 'postmortem_drafted':
      return say`Postmortem draft ${event.version} written`
    case 'postmortem_edited':
    case 'postmortem_reviewed':
    case 'postmortem_exported':
      return postmortemSentence(event)
    case 'effect_failed':
      return say`Muster could not ${EFFECT_VERBS[event.effect.type]}: ${event.reason}`
    case 'effect_delayed':
      return say`Muster could not ${EFFECT_VERBS[event.effect.type]} yet and keeps trying: ${event.reason}`
    case 'retried':
      return say`${who} retried the failed steps`
    case 'page_requested':
      return [
        ...say`${who} pages ${event.responder ? [person(event.responder)] : (event.name ?? `who is on call for ${labels.service(event.service ?? '')}`)}`,
        ...(event.text ? say`: ${wordsBy(event, event.text)}` : []),
      ]
    case 'paged':
      return [...say`Paged ${event.name}`, ...(event.link ? say` (${link(event.link, 'page')})` : [])]
    case 'page_answered':
      return say`${event.name ?? 'Somebody'} ${event.answer} the page`
    case 'page_unanswered':
      return event.next && event.escalateAt
        ? say`Nobody has answered the page; at ${time(event.escalateAt)} Muster pages ${typed(event.next)}`
        : say`Nobody has answered the page, and there is nobody left to escalate it to: call somebody by hand`
    case 'page_escalated':
      return say`Page escalated to ${typed(event.to)}`
    case 'page_escalation_stopped':
      return say`${who} stopped the escalation of the page`
    case 'page_ended':
      return say`Page ended: ${event.reason}`
    case 'pages_received':
      return event.pages.length > 0
        ? say`Pages of ${event.from} go on here: ${event.pages.map(({ name }) => name).join(', ')}`
        : undefined
    case 'made_private':
      return [...say`${who} made the incident private`, ...(event.text ? say`: ${wordsBy(event, event.text)}` : [])]
    case 'summary_requested':
      return say`${who} asked for a summary by a language model`
    case 'summary_written':
      return machineSummarySentence(event)
    case 'access_requested':
      return say`${who} asks to be let into this private incident`
    case 'rule_applied':
      return ruleSentence(event.rule, event.actions)
    case 'access_granted':
      return say`${who} let ${person(event.responder)} in`
    case 'command_unclaimed':
      return say`Nobody has taken command for ${formatDuration(event.at - event.since)}, and everybody who can be paged for it was: call somebody by hand`
    case 'channel_renamed':
    case 'channel_rename_refused':
    case 'archive_planned':
    case 'archive_postponed':
    case 'archive_due':
    case 'channel_archived':
    case 'archive_refused':
      return channelSentence(event, [who])
    case 'handover_offered':
    case 'handover_answered':
    case 'handover_unanswered':
      return handoverSentence(event, labels)
    case 'owner_unreachable':
      return say`${person(event.owner)} cannot be reached in Slack any more and owns action ${event.items.length === 1 ? 'item' : 'items'} ${event.items.join(', ')}. ${code(`/incident action take ${event.items[0]}`)} makes it yours; ${code(`/incident action edit ${event.items[0]} @somebody`)} gives it to somebody else`
    case 'actions_reminded':
    case 'actions_digested':
    case 'channel_left':
    case 'update_snoozed':
    case 'mitigation_snoozed':
    case 'subscribed':
    case 'unsubscribed':
    case 'reminded':
    case 'step_delayed':
    case 'step_refused':
    case 'message_posted':
    case 'message_marked':
    case 'message_unmarked':
    case 'channel_lost':
    case 'step_done':
    case 'time_corrected':
    case 'entry_edited':
    case 'entry_removed':
    case 'entry_restored':
    case 'alert_detailed':
    case 'changes_searched':
    case 'evidence_requested':
    case 'postmortem_requested':
    case 'postmortem_export_requested':
    case 'suspects_requested':
    case 'webhooks_queued':
    case 'topology_requested':
    case 'joined_late':
    case 'annotation_written':
      return undefined
    case 'topology_drawn':
      return event.problem === undefined ? undefined : say`Who calls whom could not be drawn. ${event.problem}`
    case 'cause_named':
      return [
        ...say`${who} named the cause: ${strong(event.service)}`,
        ...(event.why ? say`: ${typed(event.why)}` : []),
      ]
    case 'suspects_ranked':
      return rankingSentence(event)
    case 'similar_found':
      return similarSentence(event)
    default:
      return event satisfies never
  }
}

/** A reply says little without the message it replies to. */
const parentPhrases = ({ text, author }: { text: string; author?: string | undefined }): Phrase[] =>
  say` (in reply to ${author ? [person(author), { text: ': ' }] : []}\u201c${typed(shorten(text, 200))}\u201d)`

/** A person's text keeps its mentions; from a source the same characters would ping somebody. */
const wordsBy = ({ by }: IncidentEvent, text: string): Phrase[] => (isPerson(by) ? typed(text) : [{ text }])

/** ` (claude-code, for @dana)`: which program wrote a note, and for whom. */
const assistantOf = ({ assistant }: Extract<IncidentEvent, { type: 'noted' }>): Phrase[] => {
  const { client, for: whom } = assistant ?? {}
  if (!client && !whom) return []
  return say` (${client ?? ''}${client && whom ? ', ' : ''}${whom ? say`for ${person(whom)}` : []})`
}

/** Automatic refreshes mention only what is new. */
const ROUTINE = new Set<EvidencePhase>(['joined', 'severity', 'scheduled'])

const STATUS_VERBS: Record<Status, string> = {
  triage: 'held it for triage',
  investigating: 'set the status to investigating',
  identified: 'identified the cause',
  mitigated: 'mitigated it',
  resolved: 'resolved the incident',
  closed: 'closed the incident',
  cancelled: 'cancelled the incident',
  merged: 'merged it into',
}

/**
 * `P90 latency: 997 ms -> 4.4 min at 03:08 -> 999 ms`, or what was missing.
 * @param zone whose clock says when the worst was, with UTC beside it
 */
export const snapshotPhrases = (snapshot: SnapshotRef, zone = 'UTC'): Phrase[] => {
  const { kind, title, now, restless, ordinary, unit = '' } = snapshot
  if (kind === 'missing') return missingPhrases(title, snapshot.reason ?? 'no answer')
  if (snapshot.worst) return say`${title}: ${quoteOf(snapshot.worst, zone)}`
  if (typeof now !== 'number') return say`${title}`
  const remark = ordinary ? ', as usual' : restless ? ' (no calm hour seen before it)' : ''
  return say`${title}: ${changeInWords({ ...snapshot, unit }, zone)}${remark}`
}

/** A source that did not respond at all is already named in the reason. */
const missingPhrases = (title: string, reason: string): Phrase[] =>
  say`${reason.toLowerCase().startsWith(title.toLowerCase()) ? capital(reason) : `${title}: ${reason}`}`

/** `"slow query: SELECT ..." 38 times since 03:04 UTC, new` */
const quoteOf = ({ text, count, first, isNew }: NonNullable<SnapshotRef['worst']>, zone: string): string => {
  const since = `since ${inBothClocks(first, zone)}`
  return `\u201c${text}\u201d ${count === 1 ? `once, at ${since.slice('since '.length)}` : `${count} times ${since}`}${isNew ? ', new' : ''}`
}

const listOf = (items: Phrase[][], separator = ', '): Phrase[] =>
  items.flatMap((item, i) => (i === 0 ? item : [{ text: separator }, ...item]))
