import { z } from 'zod'
import {
  code,
  defineIncidentCommand,
  firstWord,
  type IncidentContext,
  type Phrase,
  person,
  Refusal,
  say,
  strong,
  time,
  toYou,
} from '../src/conversation/command.ts'
import { checkFirstStep, firstStepsOf, openFirstSteps } from '../src/incident/first-steps.ts'

export default defineIncidentCommand({
  summary: 'List what to do first, and tick what is done',
  usage: 'step [done|undo] [number]',
  examples: ['step', 'step done 2', 'step undo 2'],
  aliases: ['steps', 'checklist'],
  parse(text) {
    const [first, rest] = firstWord(text)
    const word = first.toLowerCase()
    if (word === 'done' || word === 'undo') return { verb: word, which: rest }
    return { verb: text ? 'done' : 'list', which: text }
  },
  input: z.object({ verb: z.enum(['list', 'done', 'undo']), which: z.string() }),
  async run({ verb, which }, context) {
    const { act, change, incident, vocabulary } = context
    const steps = firstStepsOf(incident, vocabulary.firstSteps)
    if (steps.length === 0)
      throw new Refusal(`No first steps are set up for ${incident.id}. Add \`firstSteps\` to muster.yaml.`)
    if (verb === 'list' || which === '') return toYou(say`${strong('What to do first')}`, ...steps.map(lineOf(context)))
    // A number as listed here, or the text as the button on the summary has it.
    const step = /^\d+$/.test(which) ? steps[Number(which) - 1] : steps.find((one) => one === which)
    if (step === undefined)
      throw new Refusal(`${incident.id} has no first step ${which}. \`/incident step\` lists them with their numbers.`)
    const done = verb === 'done'
    const { incident: after, events } = await change((now) => checkFirstStep(now, { step, done }, act))
    if (events.length === 0)
      return done ? say`Somebody has done that already: ${step}` : say`That step is open: ${step}`
    const [next] = openFirstSteps(after, vocabulary.firstSteps)
    return [...say`${done ? 'Done' : 'Reopened'}: ${step}.`, ...(done && next ? say` Next: ${next}` : [])]
  },
})

const lineOf =
  ({ incident }: IncidentContext) =>
  (step: string, i: number): Phrase[] => {
    const done = incident.firstSteps?.find((one) => one.step === step)
    return [
      ...say`${code(String(i + 1))} ${done ? ':white_check_mark:' : ':white_large_square:'} ${step}`,
      ...(done ? say` \u00b7 ${person(done.by)} ${time(done.at)}` : []),
    ]
  }
