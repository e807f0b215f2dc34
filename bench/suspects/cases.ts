import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseFile, inputOf, readCase } from '../../src/suspects/case-file.ts'
import type { RankingInput } from '../../src/suspects/input.ts'

/** The environment variable that names the folder of recorded cases, which are other people's data and not in this repository. */
export const CASES_FOLDER = 'MUSTER_SUSPECT_CASES'

/** Where to get such data. */
export const whereCasesComeFrom =
  `Set ${CASES_FOLDER} to a folder of case files (format: src/suspects/case-file.ts). Public data they can be made of: ` +
  'PetShop (amazon-science/petshop-root-cause-analysis, CC-BY-4.0), Nezha (IntelligentDDS/Nezha, MIT), RCAEval (phamquiluan/RCAEval).'

/** Every case of a folder, in the order of their names; a file that cannot be read is an error, as figures must not depend on it. */
export const readCases = (folder: string): CaseFile[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const read = readCase(readFileSync(join(folder, name), 'utf8'))
      if (typeof read === 'string') throw new Error(`${join(folder, name)}: ${read}`)
      return read
    })

/** The same incident with the alert that many seconds later, in whole steps: what was the fault's start is now before the onset. */
export const late = (file: CaseFile, seconds: number): RankingInput => {
  const input = inputOf(file)
  const steps = Math.ceil(seconds / file.stepSeconds)
  return { ...input, alert: { ...input.alert, since: input.alert.since + steps * file.stepSeconds * 1000 } }
}

/** Points of test window of a quiet window. */
const QUIET_POINTS = 5
/** Nezha's faults follow each other within the hour, so the past of one case holds others: its windows are not quiet. */
const EVENTFUL_PAST = /^nezha/i

/** Windows of nothing but baseline, at places of the second half of it, as if an alert had fired there. */
export const quietWindows = (file: CaseFile): RankingInput[] => {
  if (EVENTFUL_PAST.test(file.source ?? file.id)) return []
  const input = inputOf(file)
  return [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1].map((share) => {
    const onsetIndex = Math.floor(share * (file.onsetIndex - QUIET_POINTS))
    const since = onsetIndex * file.stepSeconds * 1000
    const now = since + (QUIET_POINTS - 1) * file.stepSeconds * 1000
    return { ...input, alert: { ...input.alert, since }, now, edgeGaps: [] }
  })
}
