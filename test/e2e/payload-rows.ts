/** A payload of `test/fixtures`, and what it leads to. */
export type Row = { file: string /** Posted before. */; after?: string[]; outcome: string[] }

export const ROWS: Row[] = [
  {
    file: 'alertmanager/webhook_firing_v0.31',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_firing_v0.32plus',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 2 of 2 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
      'Alert joined: *checkout 5xx above 5%* (same Alertmanager group)',
    ],
  },
  {
    file: 'alertmanager/webhook_firing_v0.34plus',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_no_common',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'alertmanager/webhook_partial_resolved',
    after: ['alertmanager/webhook_firing_v0.32plus'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 2 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'alertmanager/webhook_repeat',
    after: ['alertmanager/webhook_firing_v0.31'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing'],
  },
  {
    file: 'alertmanager/webhook_resolved',
    after: ['alertmanager/webhook_firing_v0.32plus'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 2 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'alertmanager/webhook_truncated',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Alertmanager opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  { file: 'github/argocd_notification.self_defined', outcome: ['202'] },
  { file: 'github/deployment.created', outcome: ['202', 'kept: Deploying checkout main@f95f852 to production'] },
  {
    file: 'github/deployment.created',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'kept: Deploying checkout main@f95f852 to production',
      'Change: Deploying checkout main@f95f852 to production (checkout) by alice',
    ],
  },
  {
    file: 'github/deployment_status.failure',
    outcome: ['202', 'kept: Failed to deploy checkout main@f95f852 to production'],
  },
  { file: 'github/deployment_status.success', outcome: ['202', 'kept: Deployed checkout main@f95f852 to production'] },
  {
    file: 'github/deployment_status.success',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'kept: Deployed checkout main@f95f852 to production',
      'Change: Deployed checkout main@f95f852 to production (checkout) by alice',
    ],
  },
  { file: 'github/ping', outcome: ['202'] },
  {
    file: 'grafana/alert_webhook_firing',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from Grafana opened the incident: *checkout 5xx above 5%* (sev2)',
    ],
  },
  {
    file: 'grafana/alert_webhook_nodata',
    outcome: [
      '202',
      'INC-1 triage sev2 undefined: 1 of 1 firing',
      'Alert from Grafana opened the incident: *No data: High 5xx* (sev2)',
    ],
  },
  {
    file: 'grafana/alert_webhook_resolved',
    after: ['grafana/alert_webhook_firing'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 0 of 1 firing', 'Alert resolved: checkout 5xx above 5%'],
  },
  {
    file: 'pagerduty/webhook_incident.acknowledged',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from PagerDuty opened the incident: *checkout: HighErrorRate* (sev2)',
      'Acknowledged by Alice Ng',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.acknowledged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Acknowledged by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.annotated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Noted by Alice Ng: Rolled back checkout to v412',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.conference_bridge.updated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Conference bridge updated by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.delegated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Delegated to Platform EP by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.escalated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Escalated to Bob Ito'],
  },
  {
    file: 'pagerduty/webhook_incident.priority_updated',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev1 checkout: 1 of 1 firing', 'Priority set to P1 by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reassigned',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Reassigned to Bob Ito by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reopened',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Reopened by Alice Ng'],
  },
  {
    file: 'pagerduty/webhook_incident.reopened',
    after: ['pagerduty/webhook_incident.triggered', 'pagerduty/webhook_incident.resolved'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert joined: *checkout: HighErrorRate* (reopened at its source)',
      'Reopened by Alice Ng',
    ],
  },
  { file: 'pagerduty/webhook_incident.resolved', outcome: ['202'] },
  {
    file: 'pagerduty/webhook_incident.resolved',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 0 of 1 firing', 'Alert resolved: checkout: HighErrorRate'],
  },
  {
    file: 'pagerduty/webhook_incident.resolved.merged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 0 of 1 firing',
      'Merged into payments: HighErrorRate by Alice Ng',
      'Alert resolved: checkout: HighErrorRate',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.responder.added',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Bob Ito was called to help by Alice Ng: Please help with checkout',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.responder.replied',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'Bob Ito joined'],
  },
  {
    file: 'pagerduty/webhook_incident.status_update_published',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Update published by Alice Ng: Rollback in progress, error rate falling',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.triggered',
    outcome: [
      '202',
      'INC-1 investigating sev2 checkout: 1 of 1 firing',
      'Alert from PagerDuty opened the incident: *checkout: HighErrorRate* (sev2)',
    ],
  },
  {
    file: 'pagerduty/webhook_incident.triggered',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing'],
  },
  {
    file: 'pagerduty/webhook_incident.unacknowledged',
    after: ['pagerduty/webhook_incident.triggered'],
    outcome: ['202', 'INC-1 investigating sev2 checkout: 1 of 1 firing', 'No longer acknowledged: it timed out'],
  },
  { file: 'pagerduty/webhook_pagey.ping', outcome: ['202'] },
  { file: 'pagerduty/webhook_service.updated', outcome: ['202'] },
]

/** Half a minute after the payloads' alerts began. */
