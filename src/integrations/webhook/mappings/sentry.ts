import type { Mapping } from '../mapping.ts'

/**
 * Sentry by an internal integration: metric alerts, issue alerts, and issues that somebody resolves. Sentry signs with the
 * integration's client secret, which is therefore one of the webhook's tokens.
 */
export const sentry: Mapping = {
  signatureHeader: 'Sentry-Hook-Signature',
  alerts: `
    $exists(data.metric_alert) ? {
      "key": "metric:" & $string(data.metric_alert.id),
      "fingerprint": $exists(data.metric_alert.alert_rule.id) ? "rule:" & $string(data.metric_alert.alert_rule.id),
      "group": "rule:" & $string(data.metric_alert.alert_rule.id),
      "state": action = "resolved" ? "resolved" : "firing",
      "title": data.description_title,
      "description": data.description_text,
      "rule": data.metric_alert.alert_rule.name,
      "service": data.metric_alert.projects[0],
      "severity": action != "resolved" ? action,
      "startsAt": data.metric_alert.date_started,
      "endsAt": data.metric_alert.date_closed,
      "url": data.web_url
    } : $exists(data.event) ? {
      "key": "issue:" & $string(data.event.issue_id) & ":" & data.event.event_id,
      "fingerprint": "issue:" & $string(data.event.issue_id),
      "group": "issue:" & $string(data.event.issue_id),
      "state": "firing",
      "title": data.event.title,
      "description": data.event.culprit,
      "rule": data.triggered_rule,
      "service": data.event.project_slug ? data.event.project_slug : data.event.project_name,
      "severity": data.event.level,
      "labels": $merge(data.event.tags ~> $map(function($tag) {{ $string($tag[0]): $string($tag[1]) }})),
      "startsAt": data.event.datetime,
      "url": data.event.web_url
    } : $exists(data.issue) ? (
      action in ["resolved", "archived", "ignored"] ? {
        "fingerprint": "issue:" & $string(data.issue.id),
        "group": "issue:" & $string(data.issue.id),
        "state": "resolved",
        "title": data.issue.title,
        "service": data.issue.project.slug,
        "severity": data.issue.level,
        "url": data.issue.web_url ? data.issue.web_url : data.issue.permalink
      } : []
    ) : $exists(installation) ? []`,
}
