import type { Mapping } from '../mapping.ts'

/** Opsgenie's outgoing webhook: alerts, and what people do to them. */
export const opsgenie: Mapping = {
  alerts: `
    $exists(alert.alertId) ? (
      $over := action in ["Close", "Delete"];
      $activity := $lookup({
        "Acknowledge": "acknowledged",
        "UnAcknowledge": "unacknowledged",
        "AddNote": "annotated",
        "AssignOwnership": "reassigned",
        "TakeOwnership": "reassigned",
        "AddRecipient": "responder_requested",
        "AddResponder": "responder_requested",
        "AddTeam": "responder_requested",
        "EscalateNext": "escalated",
        "UpdatePriority": "priority_changed"
      }, action);
      action = "Create" or $over ? {
        "key": alert.alertId,
        "fingerprint": alert.alias,
        "group": alert.alias,
        "state": $over ? "resolved" : "firing",
        "title": alert.message,
        "description": alert.description,
        "service": alert.details.service ? alert.details.service : alert.entity,
        "labels": $merge([alert.details, { "tags": $join(alert.tags, ","), "entity": alert.entity }]),
        "priority": alert.priority,
        "startsAt": alert.createdAt,
        "endsAt": $over ? alert.updatedAt,
        "url": "https://app.opsgenie.com/alert/detail/" & alert.alertId & "/details"
      } : $exists($activity) ? {
        "activity": $activity,
        "key": alert.alertId,
        "by": alert.username,
        "text": action = "AddNote" ? "noted by " & alert.username & ": " & alert.note
      } : []
    )`,
}
