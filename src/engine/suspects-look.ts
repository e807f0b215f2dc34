import { type CaseFile, inputOf } from '../suspects/case-file.ts'
import { caseOf } from '../suspects/freeze.ts'
import { rankSuspects } from '../suspects/rank.ts'
import type { Ranking } from '../suspects/result.ts'
import type { RankingReading, RankingRequest, RankingSource } from '../suspects/source.ts'

/** One reading with its ranking; `file` is what was ranked. */
export type SuspectLook = { reading: RankingReading; file: CaseFile; ranking: Ranking }

const HOUR = 3_600_000
/** Before slow-burning trouble: enough history to tell what is usual. */
const PAST_MS = 3 * HOUR
const FARTHEST_MS = 6 * HOUR

/**
 * Reads and ranks. Trouble that began long before the alert has become the usual of the last hour: where the ranking is
 * not sure, the alerting service's longer past is read, and a second look at where that began is taken when it is surer.
 * @param id of the case file
 */
export const lookForSuspects = async (
  source: RankingSource,
  request: RankingRequest,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<SuspectLook> => {
  const look = async (wanted: RankingRequest): Promise<SuspectLook> => {
    const reading = await source.read(wanted, signal)
    // The ranking input is exactly what is frozen, so the file always reproduces the result.
    const file = caseOf(reading.input, { id, source: source.name })
    return { reading, file, ranking: rankSuspects(inputOf(file)) }
  }
  const first = await look(request)
  if (first.ranking.label === 'likely' || first.ranking.read.series === 0) return first
  const since = await source.slowOnset(request, signal)
  if (since === undefined || since >= first.ranking.onset - 5 * 60_000) return first
  const lookbackMs = Math.min(FARTHEST_MS, request.now - since + PAST_MS)
  const second = await look({ ...request, since, lookbackMs })
  return confidence(second.ranking) > confidence(first.ranking) ? second : first
}

/** Labels first, then the lead of the first suspect. */
const confidence = ({ label, suspects }: Ranking): number => {
  const lead = (suspects[0]?.score ?? 0) - (suspects[1]?.score ?? 0)
  return (label === 'likely' ? 200 : label === 'possible' ? 100 : 0) + lead
}
