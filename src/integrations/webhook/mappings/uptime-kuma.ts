import type { Mapping } from '../mapping.ts'

/** Uptime Kuma. A heartbeat's status is 0 for down, 1 for up, 2 for pending, 3 for maintenance; a test carries none. */
export const uptimeKuma: Mapping = {
  alerts: `
    $exists(heartbeat.status) ? (
      $down := heartbeat.status = 0;
      heartbeat.status > 1 ? [] : {
        "key": $string(monitor.id) & ":" & heartbeat.time,
        "fingerprint": "monitor:" & $string(monitor.id),
        "group": "monitor:" & $string(monitor.id),
        "state": $down ? "firing" : "resolved",
        "title": monitor.name & ($down ? " is down" : " is up"),
        "description": heartbeat.msg,
        "rule": monitor.name,
        "service": monitor.tags[name = "service"].value,
        "severity": "critical",
        "labels": { "monitor": monitor.name, "type": monitor.type, "hostname": monitor.hostname },
        "startsAt": $down ? heartbeat.time,
        "endsAt": $not($down) ? heartbeat.time,
        "url": monitor.url
      }
    ) : $exists(msg) ? []`,
}
