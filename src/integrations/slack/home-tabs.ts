import type { Vocabulary } from '../../incident/vocabulary.ts'
import type { AppLog } from './bolt-logger.ts'
import type { Slack } from './client.ts'
import { homeOf } from './home.ts'
import type { Host } from './host.ts'

export type HomeTabsOptions = {
  slack: Slack
  host: Pick<Host, 'home'>
  words: Vocabulary
  log: AppLog
}

/**
 * Slack does not report when somebody leaves the tab: after this long without opening it they are assumed to have left.
 */
const WATCHED_MS = 30 * 60_000
/** So many tabs are kept up to date; who opened theirs longest ago goes first. */
const MOST_WATCHED = 50
/** Changes within this time share one refresh; the more tabs there are, the longer. Slack: about 100 a minute. */
const GATHER_MS = 2_000
const GATHER_MS_PER_TAB = 1_000
/** Other replicas' changes, updates that become overdue, and the end of a pause are shown after this long. */
const REFRESH_EVERY_MS = 60_000

/** Keeps open Home tabs up to date with as few calls as possible: only changes are published. */
export const createHomeTabs = ({ slack, host, words, log }: HomeTabsOptions) => {
  /** person -> when they opened it, by a clock that only moves forward, and what it shows */
  const watched = new Map<string, { openedAt: number; shown: string }>()
  let waiting: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const publish = async (person: string): Promise<void> => {
    const view = homeOf(await host.home(person), person, words)
    const shown = JSON.stringify(view)
    const tab = watched.get(person)
    if (!tab || tab.shown === shown) return
    await slack.call('views.publish', { user_id: person, view })
    tab.shown = shown
  }

  /** One after the other: a refresh must not crowd out what people wait for. */
  const refresh = async (): Promise<void> => {
    for (const [person, { openedAt }] of [...watched]) {
      if (performance.now() - openedAt > WATCHED_MS) watched.delete(person)
      else
        await publish(person).catch((error: unknown) =>
          log.warn('a Home tab could not be refreshed', { person, error }),
        )
    }
  }

  const changed = (): void => {
    if (watched.size === 0 || waiting) return
    waiting = setTimeout(
      () => {
        waiting = undefined
        // The running one may have read before the change.
        running = (running ?? Promise.resolve()).then(refresh)
      },
      Math.max(GATHER_MS, watched.size * GATHER_MS_PER_TAB),
    )
    waiting.unref()
  }

  const timer = setInterval(changed, REFRESH_EVERY_MS)
  timer.unref()

  return {
    /** Somebody opened theirs: it is published even when it shows that already, as another client may have none. */
    opened: async (person: string): Promise<void> => {
      watched.delete(person)
      watched.set(person, { openedAt: performance.now(), shown: '' })
      const [oldest] = watched.keys()
      if (watched.size > MOST_WATCHED && oldest !== undefined) watched.delete(oldest)
      await publish(person)
    },

    /** An event was recorded: open Home tabs are refreshed soon. */
    changed,

    stop: async (): Promise<void> => {
      clearInterval(timer)
      clearTimeout(waiting)
      watched.clear()
      await running
    },
  }
}

export type HomeTabs = ReturnType<typeof createHomeTabs>
