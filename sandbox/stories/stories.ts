import type { Service } from '../../src/incident/service.ts'
import { cacheDegradation } from './cache-degradation/story.ts'
import { connectionCollapse } from './connection-collapse/story.ts'
import { indexMigration } from './index-migration/story.ts'
import { interceptorLoop } from './interceptor-loop/story.ts'
import { quiveringQueue } from './quivering-queue/story.ts'
import { stampede } from './stampede/story.ts'
import type { Story } from './story.ts'

/** Every story of the sandbox. */
export const stories: readonly Story[] = [
  connectionCollapse,
  quiveringQueue,
  cacheDegradation,
  indexMigration,
  stampede,
  interceptorLoop,
]

/** The services of all stories as one catalogue, without duplicates. */
export const storyServices = (): Service[] => [
  ...new Map(stories.flatMap(({ services }) => services).map((service) => [service.id, service])).values(),
]
