import type { Change, ChangeFeed } from '../../incident/change.ts'
import { instant, keyOf, present, Text } from '../../incident/outside.ts'
import type { ChangeEvent } from './change-events.ts'
import type { PagerDuty } from './client.ts'

type Options = {
  pagerduty: Pick<PagerDuty, 'changeEvents'>
  /** PagerDuty's id of one of our services; without one, changes of the whole account. */
  serviceIdOf?: (service: string) => string | undefined
}

/** Changes reported to PagerDuty by its integrations: CI, feature flags, GitHub. */
export const pagerdutyChanges = ({ pagerduty, serviceIdOf = () => undefined }: Options): ChangeFeed => ({
  name: 'pagerduty',
  async changes({ from, to, service }, signal) {
    const id = service === undefined ? undefined : serviceIdOf(service)
    const events = await pagerduty.changeEvents({ from, to, service: id }, signal)
    return events.flatMap((event) => toChange(event, to))
  },
})

/** A change without a readable time cannot be placed before or after anything, and is left out. */
const toChange = (event: ChangeEvent, to: number): Change[] => {
  const at = instant(event.timestamp, to)
  if (at === undefined) return []
  const details = event.custom_details ?? {}
  const detail = (...names: string[]) => names.map((name) => Text.parse(details[name])).find(Boolean)
  return [
    {
      key: keyOf('pagerduty', 'change', event.id),
      source: 'pagerduty',
      kind: 'deploy',
      title: event.summary ?? 'A change reported to PagerDuty',
      at,
      ...present({
        service: event.services[0]?.id ?? event.services[0]?.summary,
        revision: detail('revision', 'sha', 'commit', 'version', 'image'),
        by: detail('user', 'author', 'by', 'deployed_by') ?? event.source,
        environment: detail('environment', 'env'),
        url: event.links.find(({ href }) => href)?.href,
      }),
    },
  ]
}
