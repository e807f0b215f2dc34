import type { Story } from './story.ts'

/** The story without people: nobody types in Slack or answers a page. */
export const withoutPeople = (story: Story): Story => ({
  ...story,
  steps: story.steps.filter(({ act }) => act.kind !== 'person' && act.kind !== 'pagerduty'),
})
