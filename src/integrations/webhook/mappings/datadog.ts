import type { Mapping } from '../mapping.ts'

/**
 * Datadog monitors, with the payload of docs/sources/webhook.md set in Datadog's webhook. `$ALERT_CYCLE_KEY` names one
 * occurrence, from its trigger to its recovery; a variable without a value arrives as `null` or as its own name.
 */
export const datadog: Mapping = {
  alerts: `
    $exists(transition) ? (
      $value := function($text) { $text in ["", "null"] or $contains($text, "$") ? "" : $text };
      $occurrence := $value(cycle) ? $value(cycle) : $value(aggregate);
      $resolved := transition = "Recovered";
      $labels := $split(tags ? tags : "", ",")
        ~> $filter(function($tag) { $contains($tag, ":") })
        ~> $map(function($tag) {{ $trim($substringBefore($tag, ":")): $trim($substringAfter($tag, ":")) }});
      {
        "key": $occurrence,
        "fingerprint": $value(monitor) ? monitor & ":" & $value(scope),
        "group": monitor,
        "state": $resolved ? "resolved" : "firing",
        "title": title,
        "description": $join([text, query], "\\n\\n"),
        "rule": $replace(title, /^\\[[^\\]]*\\]\\s*/, ""),
        "labels": $merge([$labels, { "monitor": monitor, "scope": scope }]),
        "severity": $contains(transition, "Warn") ? "warning" : (type = "error" ? "error" : type),
        "priority": priority,
        "startsAt": $not($resolved) ? date,
        "endsAt": $resolved ? date,
        "url": url,
        "imageUrl": snapshot,
        "notes": $contains(transition, "No Data") ? ["The monitor has no data: nothing is measured, good or bad."] : []
      }
    )`,
}
