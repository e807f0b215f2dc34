import type { Mapping } from '../mapping.ts'

/**
 * Amazon CloudWatch alarms through SNS. A message says when the alarm entered this state, not when the previous one
 * began: firing and resolution are therefore matched by the alarm's ARN. An alarm without data is ignored.
 */
export const cloudwatch: Mapping = {
  envelope: 'sns',
  alerts: `
    $exists(NewStateValue) ? (
      NewStateValue = "INSUFFICIENT_DATA" ? [] : (
        $arn := AlarmArn ? AlarmArn : AWSAccountId & ":" & AlarmName;
        $region := $split($arn, ":")[3];
        $dimensions := Trigger.Dimensions ~> $map(function($dimension) {{ $dimension.name: $dimension.value }});
        {
          "key": $arn & ":" & StateChangeTime,
          "fingerprint": $arn,
          "state": NewStateValue = "OK" ? "resolved" : "firing",
          "title": AlarmName,
          "description": $join([AlarmDescription, NewStateReason], "\\n\\n"),
          "rule": AlarmName,
          "value": $match(NewStateReason, /datapoints? \\[(-?[0-9.E]+)/)[0].groups[0],
          "threshold": $exists(Trigger.Threshold) ? $string(Trigger.Threshold),
          "service": Trigger.Dimensions[name = "ServiceName"].value,
          "labels": $merge([
            $dimensions,
            {
              "namespace": Trigger.Namespace,
              "metric": Trigger.MetricName,
              "aws_account": AWSAccountId,
              "region": $region
            }
          ]),
          "startsAt": NewStateValue = "ALARM" ? StateChangeTime,
          "endsAt": NewStateValue = "OK" ? StateChangeTime,
          "url": $region ? "https://" & $region & ".console.aws.amazon.com/cloudwatch/home?region=" & $region
            & "#alarmsV2:alarm/" & $encodeUrlComponent(AlarmName)
        }
      )
    )`,
}
