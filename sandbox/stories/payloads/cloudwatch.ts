import type { SnsMessage } from '../../sns.ts'
import type { StepAction } from '../story.ts'
import { hexOf } from './fingerprint.ts'

const region = 'eu-central-1'
const account = '123456789012'

/**
 * A CloudWatch alarm state change as an unsigned SNS notification; the alarm is a JSON string in `Message`.
 */
export const cloudwatchBody = (act: Extract<StepAction, { kind: 'cloudwatch' }>, at: number): SnsMessage => {
  const { alarm, description, namespace, metric, dimensions, threshold, state, reason } = act
  const hex = hexOf(`${alarm}/${state}/${at}`)
  const topic = `arn:aws:sns:${region}:${account}:alarms`
  const message = {
    AlarmName: alarm,
    AlarmDescription: description,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: '2026-01-12T09:00:00.000+0000',
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: new Date(at).toISOString().replace('Z', '+0000'),
    Region: 'EU (Frankfurt)',
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`,
    OldStateValue: state === 'ALARM' ? 'OK' : 'ALARM',
    OKActions: [topic],
    AlarmActions: [topic],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: metric,
      Namespace: namespace,
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: threshold,
      TreatMissingData: 'notBreaching',
      EvaluateLowSampleCountPercentile: '',
    },
  }
  return {
    Type: 'Notification',
    MessageId: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-'),
    TopicArn: topic,
    Subject: `${state}: "${alarm}" in EU (Frankfurt)`,
    Message: JSON.stringify(message),
    Timestamp: new Date(at).toISOString(),
    UnsubscribeURL: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe`,
  }
}
