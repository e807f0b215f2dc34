import type { CallGraphNode } from '../incident/call-graph.ts'
import type { Suspect, SuspectSignal } from '../suspects/result.ts'
import { callText } from '../suspects/sentence.ts'
import { developmentText, unitBeside } from '../suspects/value-text.ts'

/** Kinds of trouble named of one service. */
const MOST_KINDS = 2

/** `alerting: slow, failing`, `because of mysql`; of a suspect `likely cause` and its strongest signal. */
export const wordsOf = (suspect: Suspect | undefined, state: CallGraphNode['state'], alerts: boolean): string[] => {
  const { signals = [], explainedBy } = suspect ?? {}
  const [strongest] = signals
  if (state === 'likely' || state === 'possible')
    return [
      `${alerts ? 'alerting, ' : ''}${state} cause`,
      ...(strongest ? [strongestOf(strongest, suspect?.service ?? '')] : []),
    ]
  const kinds = [...new Set(signals.map(inAWord))].slice(0, MOST_KINDS).join(', ')
  const first = [...(alerts ? ['alerting'] : []), ...(kinds ? [kinds] : [])].join(': ')
  return [...(first ? [first] : []), ...(explainedBy && kinds ? [`because of ${explainedBy.service}`] : [])]
}

/** `Open connections 41 → 648` */
const strongestOf = ({ metric, baseline, now, unit, edge }: SuspectSignal, service: string): string => {
  const where = edge ? ` ${callText(edge, service).replaceAll('`', '')}` : ''
  return `${metric}${where} ${developmentText(baseline, now, unitBeside(metric, unit))}`
}

const inAWord = ({ kind, direction, metric }: SuspectSignal): string => {
  switch (kind) {
    case 'latency':
      return 'slow'
    case 'errors':
      return 'failing'
    case 'traffic':
      return direction === 'up' ? 'more requests' : 'fewer requests'
    case 'network':
      return 'slow calls'
    case 'flood':
    case 'amplification':
      return 'calls far more often'
    case 'silence':
      return 'down'
    case 'cpu':
      return 'CPU'
    case 'memory':
      return 'memory'
    case 'saturation':
    case 'other':
      return metric
    default:
      return kind satisfies never
  }
}
