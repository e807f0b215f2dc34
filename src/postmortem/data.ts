import type { RecordedEvent } from '../incident/event.ts'
import type { Snapshot } from '../incident/evidence.ts'
import type { Incident } from '../incident/incident.ts'
import type { Labels } from '../incident/labels.ts'
import { isPerson, type Phrase } from '../incident/phrase.ts'
import type { PostmortemSection } from '../incident/postmortem-event.ts'
import { isActive } from '../incident/status.ts'
import type { EvidenceRemoval } from '../store/store.ts'
import { actionsOf } from './actions.ts'
import { alertItems } from './alerts.ts'
import { callGraphItem } from './call-graph.ts'
import { createClock } from './clock.ts'
import { type Conversation, conversationDays, NO_CONVERSATION } from './conversation.ts'
import type { Learned, PostmortemData, Written } from './document.ts'
import { evidenceOf } from './evidence.ts'
import { factsOf } from './facts.ts'
import { ANSWERS, gapsOf, typing } from './gaps.ts'
import { harmOf, withEstimate } from './harm.ts'
import type { Lessons } from './lessons.ts'
import type { Day } from './lines.ts'
import type { Material } from './material.ts'
import { figures, moments } from './numbers.ts'
import type { Section } from './prose.ts'
import { removedSentence } from './removed.ts'
import { authorsOf, reviewOf } from './review.ts'
import { asNews, sectionsOf, sinceEdit, writtenLines } from './sections.ts'
import { Sentence } from './text.ts'
import { curatedTimeline, wholeTimeline } from './timeline.ts'
import { wordingOf } from './wording.ts'

/** Puts the log into the parts of a postmortem; `nameOf` names a person by Slack user id, a source, or Muster. */
export const postmortemData = (
  material: Material,
  events: readonly RecordedEvent[],
  nameOf: (actor: string) => string,
): PostmortemData => {
  const { incident, clock, evidence, milestones, labels } = material
  const sentence = (phrases: Phrase[]): Sentence =>
    new Sentence(
      phrases.map((phrase) =>
        'person' in phrase
          ? { text: nameOf(phrase.person) }
          : 'time' in phrase
            ? { text: clock.say(phrase.time) }
            : phrase,
      ),
    )
  /** The text by people, with newer facts from the log; without either, the generated sentences. */
  const prosed = (
    section: PostmortemSection,
    facts: Phrase[][],
  ): { lines: Sentence[]; news: Phrase[][] } | undefined => {
    const prose = incident.prose?.[section]
    if (!prose) return undefined
    const news = new Set(
      sinceEdit(
        prose,
        facts.map((fact) => String(sentence(fact))),
      ),
    )
    return {
      lines: writtenLines(prose).map(sentence),
      news: facts.filter((fact) => news.has(String(sentence(fact)))),
    }
  }
  const beside = (section: PostmortemSection, facts: Phrase[][]): Sentence[] | undefined => {
    const prose = prosed(section, facts)
    return prose && [...prose.lines, ...prose.news.map((fact) => sentence(asNews(fact)))]
  }
  const written = (section: PostmortemSection, { known, unknown }: Section, answer: string): Written => {
    const prose = beside(section, known)
    return { known: prose ?? known.map(sentence), unknown: prose ? null : unknown, answer: typing(answer) }
  }
  const learned = (section: PostmortemSection, { recorded, prompts, unknown }: Lessons, answer: string): Learned => {
    const prose = prosed(section, [...recorded, ...prompts])
    return prose
      ? { recorded: prose.lines, prompts: prose.news.map(sentence), unknown: null, answer: typing(answer) }
      : { recorded: recorded.map(sentence), prompts: prompts.map(sentence), unknown, answer: typing(answer) }
  }
  const days = (all: Day[]): Day<Sentence>[] =>
    all.map((day) => ({ ...day, lines: day.lines.map((line) => ({ ...line, text: sentence(line.text) })) }))

  const begun = (milestones.impact_started ?? milestones.detected)?.at ?? incident.declaredAt
  const began = Math.min(begun, incident.declaredAt)
  const ended = milestones.resolved?.at
  const parts = sectionsOf(material)
  const curated = curatedTimeline(events, material)
  const whole = wholeTimeline(events, material)
  const conversation = conversationDays(material.conversation, clock)
  const data: PostmortemData = {
    incident: {
      id: incident.id,
      title: incident.title,
      service: incident.service ? labels.service(incident.service) : null,
      severity: labels.severity(incident.severity),
      status: incident.status,
      drill: incident.drill,
      private: incident.private,
      channel: incident.channel?.name ?? null,
      declared_by: nameOf(incident.declaredBy),
    },
    date: {
      weekday: clock.weekday(began),
      from: clock.day(began),
      from_time: clock.time(began),
      to: clock.day(ended ?? began),
      to_time: ended === undefined ? null : clock.time(ended),
      from_local: clock.local(began),
      to_local: ended === undefined ? null : clock.local(ended),
    },
    zone: clock.zone,
    zone_place: clock.zone.split('/').at(-1)?.replaceAll('_', ' ') ?? clock.zone,
    written_at: `${clock.day(material.latest)} ${clock.time(material.latest)} UTC`,
    authors: authorsOf(material, nameOf),
    ...reviewOf(material, nameOf),
    unknowns: [],
    wording: [],
    summary: beside('summary', parts.summary) ?? parts.summary.map(sentence),
    impact: written('impact', parts.impact, ANSWERS.impact),
    root_causes: written('root_causes', parts.root_causes, ANSWERS.root_causes),
    trigger: written('trigger', parts.trigger, ANSWERS.trigger),
    resolution: written('resolution', parts.resolution, ANSWERS.resolution),
    detection: written('detection', parts.detection, ANSWERS.detection),
    actions: actionsOf(incident.actions, nameOf),
    lessons: {
      well: learned('well', parts.lessons.well, ANSWERS.well),
      wrong: learned('wrong', parts.lessons.wrong, ANSWERS.wrong),
      lucky: learned('lucky', parts.lessons.lucky, ANSWERS.lucky),
    },
    milestones: moments(material).map((moment) => ({ ...moment, source: sentence(moment.source) })),
    numbers: figures(material),
    alerts: alertItems(incident, events, clock).map((alert) => ({ ...alert, links: alert.links.map(sentence) })),
    evidence: evidence.map(({ unit: _unit, reading: _reading, signal: _signal, service: _service, ...item }) => item),
    evidence_left_out: material.evidenceLeftOut,
    evidence_removed: material.evidenceRemoved,
    timeline: { days: days(curated.days), entries: curated.entries, folded: curated.folded },
    appendix: { days: days(whole.days), left_out: whole.leftOut },
    conversation: {
      days: days(conversation.days),
      messages: material.conversation.messages.length + material.conversation.earlier,
      left_out: conversation.leftOut + material.conversation.earlier,
    },
  }
  const people = new Set(events.flatMap(({ by }) => (isPerson(by) ? [nameOf(by)] : [])))
  return { ...data, unknowns: gapsOf(data), wording: wordingOf(data, [...people]) }
}

export type MaterialOptions = {
  /** The configured time zone, `Europe/Kyiv`. */
  timezone: string
  labels: Labels
  readSnapshot(hash: string): Promise<Snapshot | undefined>
  /** What people wrote in its channel; nothing by default. */
  conversation?: Conversation
  /** When the retention deleted frozen evidence of it. */
  removal?: EvidenceRemoval | undefined
}

/** Reads the log and the frozen graphs once; every section is written from this. */
export const materialOf = async (
  incident: Incident,
  events: readonly RecordedEvent[],
  { timezone, labels, readSnapshot, conversation = NO_CONVERSATION, removal }: MaterialOptions,
): Promise<Material> => {
  // Not the start of the impact: an estimate of it would change what it is estimated from.
  const alertAt = Math.min(incident.alert?.startsAt ?? incident.declaredAt, incident.declaredAt)
  const facts = factsOf(events)
  const clock = createClock(timezone, alertAt)
  const over = !isActive(incident.status) || incident.status === 'mitigated'
  const { items, leftOut: evidenceLeftOut } = await evidenceOf(facts.looks, {
    clock,
    readSnapshot,
    alertAt,
    over,
  })
  const evidence = [...(await callGraphItem(incident.ranking?.graph, readSnapshot)), ...items]
  const evidenceRemoved = removedSentence(evidence, removal, clock)
  const harm = harmOf(incident, evidence)
  const milestones = withEstimate(incident.milestones, harm)
  const latest = events.reduce((last, { recordedAt }) => Math.max(last, recordedAt), 0)
  return {
    incident,
    latest,
    milestones,
    facts,
    clock,
    labels,
    evidence,
    evidenceLeftOut,
    evidenceRemoved,
    harm,
    conversation,
  }
}
