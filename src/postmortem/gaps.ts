import { MILESTONE_NAMES } from '../incident/milestones.ts'
import { code } from '../incident/phrase.ts'
import type { Gap, PostmortemData } from './document.ts'
import { Sentence } from './text.ts'

/** What to type for a section, printed where something is missing. */
export const ANSWERS = {
  authors: '/incident assign commander @who',
  impact: '/incident impact who was harmed, and how',
  root_causes: '/incident note root cause: ...',
  trigger: '/incident note trigger: ...',
  resolution: '/incident note resolution: ...',
  detection: '/incident time impact_started 02:57 how you know',
  actions: '/incident action [preventative] what must be done @who',
  well: '/incident note went well: ...',
  wrong: '/incident note went wrong: ...',
  lucky: '/incident note lucky: ...',
} as const

/** Something to type, as the document shows it. */
export const typing = (text: string): Sentence => new Sentence([code(text)])

/** Everything that only people can supply and nobody has yet, in the order of the document. */
export const gapsOf = (data: PostmortemData): Gap[] => {
  const { impact, root_causes, trigger, resolution, detection, actions, lessons, numbers } = data
  const open = actions.filter(({ done }) => !done)
  const unowned = open.filter(({ owner }) => owner === null)
  const all: [section: string, what: string | null, question: string, answer: string][] = [
    ['Authors', data.authors.length > 0 ? null : 'nobody held a role', 'Who led the response?', ANSWERS.authors],
    ['Impact', impact.unknown, 'Who was harmed, and how?', ANSWERS.impact],
    ['Root Causes', root_causes.unknown, 'What was the root cause?', ANSWERS.root_causes],
    ['Trigger', trigger.unknown, 'What triggered it?', ANSWERS.trigger],
    ['Resolution', resolution.unknown, 'What ended it?', ANSWERS.resolution],
    ['Detection', detection.unknown, 'When did it really begin?', ANSWERS.detection],
    [
      'Action Items',
      actions.length > 0 ? null : 'nobody recorded an action item',
      'What must be done so that it does not happen again?',
      ANSWERS.actions,
    ],
    [
      'Action Items',
      unowned.length > 0 ? `${unowned.length} of ${actions.length} without an owner` : null,
      `Who owns action ${unowned.length === 1 ? 'item' : 'items'} ${unowned.map(({ id }) => id).join(', ')}?`,
      `/incident action edit ${unowned[0]?.id ?? 1} @who`,
    ],
    ['Lessons Learned', lessons.well.unknown, 'What went well?', ANSWERS.well],
    ['Lessons Learned', lessons.wrong.unknown, 'What went wrong?', ANSWERS.wrong],
    ['Lessons Learned', lessons.lucky.unknown, 'Where did luck help?', ANSWERS.lucky],
    ...missingTimes(numbers),
  ]
  return all.flatMap(([section, what, question, answer]) =>
    what === null ? [] : [{ section, what, question, answer: typing(answer) }],
  )
}

type Question = [section: string, what: string, question: string, answer: string]

/** One question for each milestone that a span lacks; the start of the impact is a question of Detection. */
const missingTimes = (numbers: PostmortemData['numbers']): Question[] => {
  const missing = new Set(numbers.flatMap((figure) => figure.missing))
  missing.delete('impact_started')
  return [
    ...[...missing].map((milestone): Question => {
      const name = MILESTONE_NAMES[milestone]
      return ['Numbers', `nobody recorded "${name}"`, `${name}: when?`, `/incident time ${milestone} 03:18`]
    }),
    ...numbers
      .filter(({ disordered }) => disordered)
      .map(({ unknown }): Question => ['Numbers', unknown ?? '', 'Which of the two times is right?', '/incident time']),
  ]
}
