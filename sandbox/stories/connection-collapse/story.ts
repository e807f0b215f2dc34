import { shopServices } from '../robot-shop.ts'
import { days } from '../signals.ts'
import type { Story } from '../story.ts'
import { logs } from './logs.ts'
import { steps } from './steps.ts'
import { world } from './world.ts'

/** The page is about Shipping; the cause is the connection limit of a database that is not declared as a service. */
export const connectionCollapse: Story = {
  id: 'connection-collapse',
  title: 'Connection collapse',
  description: 'Saturday, 3 a.m., and Shipping is slow: its database has run out of connections.',
  opensOn: 'Saturday',
  opensAt: '03:00',
  timezone: 'UTC',
  services: shopServices,
  world,
  logs,
  changes: [
    {
      atMs: -days(2),
      service: 'catalogue',
      kind: 'deploy',
      title: 'Deploy catalogue 2.8.1',
      revision: '2.8.1',
      by: 'mei',
      outcome: 'succeeded',
    },
    {
      atMs: -days(7),
      service: 'mysql',
      kind: 'config',
      title: 'Atlantis: apply storage autoscaling for shop-mysql',
      by: 'dana.ruiz',
      outcome: 'succeeded',
    },
  ],
  people: ['olena', 'priya', 'mei', 'dana.ruiz', 'sam', 'jonas'],
  steps,
}
