import type { Story } from './story.ts'

/** The story with nobody there: alerts, metrics, logs and changes as they come, and no person who types or answers a page. */
export const aloneIn = (story: Story): Story => ({
  ...story,
  steps: story.steps.filter(({ act }) => act.kind !== 'person' && act.kind !== 'pagerduty'),
})
