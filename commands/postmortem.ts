import { z } from 'zod'
import { causeField, causeTyped } from '../src/conversation/cause-field.ts'
import {
  code,
  defineIncidentCommand,
  firstWord,
  type IncidentContext,
  link,
  Mention,
  optionalText,
  type Phrase,
  person,
  Refusal,
  say,
  strong,
  time,
  toYou,
  typed,
  words,
} from '../src/conversation/command.ts'
import { editsOf, postmortemForm } from '../src/conversation/postmortem-form.ts'
import { nameCause } from '../src/incident/decide.ts'
import type { RecordedEvent } from '../src/incident/event.ts'
import { shorten } from '../src/incident/measure.ts'
import { SECTION_NAMES } from '../src/incident/postmortem-event.ts'
import { editPostmortem } from '../src/incident/prose.ts'
import {
  approvePostmortem,
  publishPostmortem,
  refuseUnlessOver,
  reopenPostmortem,
  requestExport,
  requestPostmortem,
  requestReview,
} from '../src/incident/review.ts'
import { peopleList, postmortemSentence } from '../src/incident/review-words.ts'

const HINT =
  'type just `postmortem` to edit it, or `postmortem links`, `review @who`, `approve`, `publish`, `canvas`, `push`, `draft` or `history`'
const HISTORY = 20
const WORDS: Record<string, string> = { refresh: 'links', link: 'links', retract: 'draft', log: 'history' }

const Input = z.union(
  [
    z.object({
      step: z.enum(['links', 'approve', 'publish', 'draft', 'history', 'canvas', 'push']),
      text: optionalText,
    }),
    z.object({ step: z.literal('review'), reviewers: z.array(z.string()), text: optionalText }),
    // From the form of a review, and from that of the prose: a text for each section.
    z.object({ memory: z.literal('review'), reviewers: z.array(z.string()), text: optionalText }),
    z.looseObject({ memory: z.string() }),
  ],
  HINT,
)

export default defineIncidentCommand({
  summary: 'Edit the postmortem, have it reviewed, publish it',
  usage: 'postmortem [links|review @who ...|approve|publish|canvas|push|draft|history]',
  examples: ['postmortem', 'postmortem links', 'postmortem review @dana @lee', 'postmortem publish'],
  // A document that leaves Slack can be reserved apart from its words.
  permission: (typed) => (/^(links?|refresh|canvas|push)\b/i.test(typed.trim()) ? 'export' : 'edit'),
  aliases: ['pm', 'retro', 'draft'],
  opensForm: /^review$/i,
  parse(text) {
    const [first, rest] = firstWord(text)
    const step = WORDS[first.toLowerCase()] ?? first.toLowerCase()
    if (step !== 'review') return { step, text: rest }
    const mentions = words(rest).filter((word) => Mention.safeParse(word).success)
    const reviewers = mentions.map((word) => Mention.parse(word))
    const said = words(rest).filter((word) => !mentions.includes(word))
    return { step, reviewers, text: said.join(' ') }
  },
  input: Input,
  async form({ incident, sections }, typed) {
    refuseUnlessOver(incident)
    if (typed)
      return {
        title: 'Request a review',
        submit: 'Request',
        given: { memory: 'review' },
        fields: [
          { name: 'reviewers', label: 'Who is to review it?', kind: 'people' },
          { name: 'text', label: 'What should they look at?', kind: 'text', optional: true },
        ],
      }
    const { title, submit, fields, given } = postmortemForm(incident.id, (await sections(incident.id)) ?? [])
    const shown = { causeShown: incident.cause?.service ?? '' }
    return { title, submit, fields: [causeField(incident), ...fields], given: { ...given, ...shown } }
  },
  async run(input, context) {
    const { act, change, incident } = context
    const text = typeof input.text === 'string' && input.text.trim() ? input.text.trim() : undefined
    if ('reviewers' in input && Array.isArray(input.reviewers)) {
      const reviewers = input.reviewers as string[]
      const { events } = await change((now) => requestReview(now, { reviewers, text }, act))
      return events.length > 0
        ? say`Requested. ${peopleList(reviewers)} ${reviewers.length === 1 ? 'gets' : 'get'} a direct message with the link.`
        : say`${peopleList(reviewers)} ${reviewers.length === 1 ? 'has' : 'have'} been asked already.`
    }
    if (!('step' in input)) return saved(input as { memory: string }, context)
    switch (input.step) {
      case 'approve': {
        const { events } = await change((now) => approvePostmortem(now, { text }, act))
        return events.length > 0 ? say`Approved. Thank you.` : say`You have approved it already.`
      }
      case 'publish': {
        const { events, incident: now } = await change((state) => publishPostmortem(state, { text }, act))
        const silent = now.review?.reviewers.filter((one) => !now.review?.approved.includes(one)) ?? []
        if (events.length === 0) return say`It is published already.`
        return silent.length > 0
          ? say`Published. ${peopleList(silent)} had not approved it yet.`
          : say`Published. ${code('/incident postmortem')} still edits it, and ${code('/incident postmortem draft')} takes it back.`
      }
      case 'draft': {
        const { events } = await change((now) => reopenPostmortem(now, { text }, act))
        return events.length > 0 ? say`The postmortem is a draft again.` : say`It is a draft already.`
      }
      case 'canvas':
        await change((now) => requestExport(now, { to: 'canvas' }, act))
        return say`I am writing the postmortem into a canvas of this channel. From then on it follows every edit here; edits in the canvas itself are overwritten.`
      case 'push': {
        const { postmortemsInGit } = context
        if (!postmortemsInGit)
          throw new Refusal(
            'No Git repository is set for postmortems: whoever runs Muster names one in `postmortems:` of muster.yaml. `/incident postmortem links` gives the files.',
          )
        if (incident.private && !postmortemsInGit.private)
          throw new Refusal(`${incident.id} is private, and private postmortems do not go to Git here.`)
        await change((now) => requestExport(now, { to: 'git' }, act))
        return say`I am pushing the postmortem to its Git repository. It is pushed again when it is published, and with every edit after that.`
      }
      case 'history':
        return history(incident.id, await context.events({ types: ['postmortem_edited', 'postmortem_reviewed'] }))
      default:
        return links(context)
    }
  },
})

/** Saves the submitted form of the prose, and the service at fault where this person changed it. */
const saved = async (
  { memory, cause, causeShown, ...values }: { memory: string; [field: string]: unknown },
  { act, change, vocabulary }: IncidentContext,
) => {
  const typedCause = causeTyped(cause, vocabulary.catalogue)
  const { incident, events } = await change((now) => [
    ...(typedCause === undefined || typedCause === causeShown ? [] : nameCause(now, { service: typedCause }, act)),
    ...editPostmortem(now, { edits: editsOf(memory, values) }, act),
  ])
  const edits = events.flatMap((event) => (event.type === 'postmortem_edited' ? event.edits : []))
  const named = events.flatMap((event) => (event.type === 'cause_named' ? ['the service at fault'] : []))
  if (events.length === 0) return say`Nothing has changed, so nothing is recorded.`
  const names = (list: typeof edits) => list.map(({ section }) => SECTION_NAMES[section])
  const all = [...named, ...names(edits)].join(', ')
  const merged = edits.filter((edit) => edit.merged)
  if (merged.length === 0) return say`Saved: ${all}. The document shows it from now on.`
  return {
    ...toYou(
      say`Saved: ${all}.`,
      say`Somebody else changed ${strong(names(merged).join(', '))} while you were writing. Nothing is lost: their text comes first, and what you added follows it.`,
      ...merged.map(({ section, text }) => say`${strong(SECTION_NAMES[section])}: ${typed(shorten(text, 1_000))}`),
    ),
    next: [{ label: 'Look at both', command: `postmortem ${incident.id}` }],
  }
}

/** Writes the draft again, and where it is. */
const links = async ({ act, change, documents }: IncidentContext): Promise<Phrase[]> => {
  const { incident } = await change((now) => requestPostmortem(now, {}, act))
  const pages = documents(incident.id)
  return pages
    ? say`The current draft: ${link(pages.html, 'page')}, ${link(pages.pdf, 'PDF')}, ${link(pages.markdown, 'Markdown')}, ${link(pages.json, 'JSON')}. It is also posted in the channel.`
    : say`The draft is being written and will be posted here. ${code(`muster export ${incident.id}`)} saves it to a file.`
}

/** Who changed what, and when, the newest first. */
const history = (id: string, events: readonly RecordedEvent[]) => {
  const lines = events.flatMap((event): Phrase[][] => {
    if (event.type === 'postmortem_reviewed') return [say`${time(event.at)} ${postmortemSentence(event)}`]
    if (event.type !== 'postmortem_edited') return []
    return event.edits.map(
      ({ section, text }) =>
        say`${time(event.at)} ${person(event.by)} \u00b7 ${strong(SECTION_NAMES[section])}: ${text ? typed(shorten(text, 400)) : 'left to Muster again'}`,
    )
  })
  if (lines.length === 0)
    return say`Nobody has edited the postmortem of ${id}. ${code('/incident postmortem')} opens it in a form.`
  return toYou(say`${strong(`History of the postmortem of ${id}`)}, newest first`, ...lines.reverse().slice(0, HISTORY))
}
