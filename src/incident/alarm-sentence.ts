import { formatDuration, wordsOf } from './measure.ts'
import { formatValue } from './unit.ts'

/** What an alarm measures, as CloudWatch names it. */
type Alarm = {
  title?: string | undefined
  labels: Record<string, string>
  value?: string | undefined
  threshold?: string | undefined
}

/** A sentence for a well-known metric: what is measured of what, and how its value is formatted. */
type Known = { sentence: string; value(value: number): string; limit: string }

/** With seconds as long as a minute more or less matters. */
const seconds = (value: number) => (value >= 180 ? formatDuration(value * 1000) : `${Math.round(value)} s`)
const percent = (value: number) => formatValue(value, '%')
const count = (value: number) => formatValue(value)
const millis = (value: number) => formatValue(value, 'ms')

/** By namespace and metric, for the AWS metrics that commonly page. */
const KNOWN: Record<string, Known> = {
  'AWS/SQS ApproximateAgeOfOldestMessage': {
    sentence: 'The oldest message in {of} has waited for {value}',
    value: seconds,
    limit: 'alarm from',
  },
  'AWS/SQS ApproximateNumberOfMessagesVisible': {
    sentence: '{value} messages wait in {of}',
    value: count,
    limit: 'alarm from',
  },
  'AWS/RDS CPUUtilization': { sentence: 'CPU of {of} is at {value}', value: percent, limit: 'alarm from' },
  'AWS/RDS DatabaseConnections': { sentence: '{value} connections to {of}', value: count, limit: 'alarm from' },
  'AWS/ECS CPUUtilization': { sentence: 'CPU of {of} is at {value}', value: percent, limit: 'alarm from' },
  'AWS/ECS MemoryUtilization': { sentence: 'Memory of {of} is at {value}', value: percent, limit: 'alarm from' },
  'AWS/EC2 CPUUtilization': { sentence: 'CPU of {of} is at {value}', value: percent, limit: 'alarm from' },
  'AWS/ApplicationELB TargetResponseTime': {
    sentence: '{of} takes {value} to answer',
    value: (value) => formatValue(value, 's'),
    limit: 'alarm from',
  },
  'AWS/ApplicationELB HTTPCode_Target_5XX_Count': {
    sentence: '{of} failed {value} requests',
    value: count,
    limit: 'alarm from',
  },
  'AWS/Lambda Errors': { sentence: '{of} failed {value} times', value: count, limit: 'alarm from' },
  'AWS/Lambda Duration': { sentence: '{of} takes {value}', value: millis, limit: 'alarm from' },
}

/** Labels that say what the alarm is about; the others say where. */
const PLACES = new Set(['namespace', 'metric', 'aws_account', 'region'])

/**
 * A readable title for an alarm with a machine-made name: `The oldest message in order-events has waited for 64 s
 * (alarm from 60 s)`. Undefined unless it is a CloudWatch alarm with a value.
 */
export const alarmSentence = ({ labels, value, threshold }: Alarm): string | undefined => {
  const { namespace, metric } = labels
  const measured = Number(value)
  if (!namespace?.startsWith('AWS/') || !metric || value === undefined || !Number.isFinite(measured)) return undefined
  const of = Object.entries(labels).find(([name]) => !PLACES.has(name))?.[1] ?? namespace
  const known = KNOWN[`${namespace} ${metric}`]
  const written = known?.value ?? count
  const sentence = known?.sentence ?? `${wordsOf(metric)} of {of} is {value}`
  const limit = Number(threshold)
  const from =
    threshold !== undefined && Number.isFinite(limit) ? ` (${known?.limit ?? 'alarm at'} ${written(limit)})` : ''
  return sentence.replace('{of}', () => of).replace('{value}', () => written(measured)) + from
}
