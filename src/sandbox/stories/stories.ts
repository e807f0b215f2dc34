import type { Service } from '../../incident/service.ts'
import { connectionCollapse } from './connection-collapse/story.ts'
import type { Story } from './story.ts'

/** Every story the sandbox can tell. */
export const stories: readonly Story[] = [connectionCollapse]

/** One catalogue for all of them: a service that several stories know is told once. */
export const storyServices = (): Service[] => [
  ...new Map(stories.flatMap(({ services }) => services).map((service) => [service.id, service])).values(),
]
