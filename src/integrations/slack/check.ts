import type { Block } from './block.ts'
import { refusedWith, type Slack } from './client.ts'

/** At most this many pages of channels are searched for a name. */
const MOST_PAGES = 20

/** Checks of a Slack workspace before there is an incident; each throws a sentence when something is wrong. */
export const slackChecks = (slack: Slack) => {
  /** The name of somebody by id or e-mail address; undefined when Slack knows no active account. */
  const activeName = async (who: string): Promise<string | undefined> => {
    const [method, which] = who.includes('@') ? ['users.lookupByEmail', { email: who }] : ['users.info', { user: who }]
    try {
      const { user } = await slack.call<{ user: { name: string; real_name?: string; deleted?: boolean } }>(
        method as string,
        which as Record<string, string>,
      )
      return user.deleted ? undefined : user.real_name || user.name
    } catch (error) {
      if (refusedWith(error, 'users_not_found', 'user_not_found', 'user_not_visible')) return undefined
      throw error
    }
  }

  return {
    /** The token's identity, and whether it has the manifest's scopes. */
    async token(wanted: readonly string[]): Promise<string> {
      const { team, user, response_metadata } = await slack.call<{
        team: string
        user: string
        response_metadata?: { scopes?: string[] }
      }>('auth.test')
      // Slack returns a token's scopes in a header, which a proxy may drop.
      const granted = response_metadata?.scopes
      if (!granted) return `${user} in ${team}`
      const missing = wanted.filter((scope) => !granted.includes(scope))
      if (missing.length > 0)
        throw new Error(
          `${user} in ${team} lacks ${missing.join(', ')}; put manifest.yml into the app's settings and install it again`,
        )
      return `${user} in ${team}, with all ${wanted.length} scopes of manifest.yml`
    },

    /** Whether the workspace knows Slack's newest blocks; without them Muster uses older ones. */
    async newBlocks(): Promise<string> {
      try {
        await slack.call('blocks.validate', { blocks: JSON.stringify(SAMPLES) })
        return 'charts and checklists are shown as such'
      } catch (error) {
        if (refusedWith(error, 'invalid_blocks')) return 'not in this workspace yet; Muster uses classic ones'
        // The method is newer than the blocks: without it only a real message tells, and posting falls back by itself.
        if (refusedWith(error, 'unknown_method'))
          return 'cannot be checked in this workspace; Muster tries them and falls back to classic ones'
        throw error
      }
    },

    /**
     * Who is notified when a system fails for minutes.
     * @param channel where that is posted when nobody is named; empty for nowhere.
     */
    async admins(admins: readonly string[], channel: string): Promise<string> {
      if (admins.length === 0 && channel) return `nobody is named, so an outage of minutes is posted in ${channel}`
      if (admins.length === 0)
        throw new Error(
          'nobody is notified when a system fails for minutes; name yourself under `admins:` in muster.yaml',
        )
      const found = await Promise.all(admins.map((one) => activeName(one).then((name) => ({ one, name }))))
      const unknown = found.filter(({ name }) => name === undefined).map(({ one }) => one)
      if (unknown.length > 0)
        throw new Error(`Slack has no active account for ${unknown.join(', ')}; correct \`admins:\` in muster.yaml`)
      return `${found.map(({ name }) => name).join(', ')}: notified when a system fails for minutes`
    },

    /** That a channel named in the settings is there. */
    async channel(named: string): Promise<string> {
      const name = named.replace(/^#/, '')
      if (/^[CG][A-Z0-9]{6,}$/.test(named)) {
        const { channel } = await slack.call<{ channel: { name: string } }>('conversations.info', { channel: named })
        return `#${channel.name}`
      }
      let cursor = ''
      for (let page = 0; page < MOST_PAGES; page++) {
        const { channels, response_metadata } = await slack.call<{
          channels: { id: string; name: string }[]
          response_metadata?: { next_cursor?: string }
        }>('conversations.list', {
          types: 'public_channel',
          exclude_archived: true,
          limit: 1000,
          ...(cursor ? { cursor } : {}),
        })
        if (channels.some((channel) => channel.name === name)) return `#${name}`
        cursor = response_metadata?.next_cursor ?? ''
        if (!cursor) throw new Error(`there is no channel #${name}; make it, or name another one in muster.yaml`)
      }
      return `#${name} was not among the first channels; give its id in muster.yaml to have it checked`
    },
  }
}

/** One of each new block that Muster uses. */
const SAMPLES: Block[] = [
  {
    type: 'data_visualization',
    title: 'Sample',
    chart: {
      type: 'line',
      series: [
        {
          name: 'a',
          data: [
            { label: '1', value: 1 },
            { label: '2', value: 2 },
          ],
        },
      ],
      axis_config: { categories: ['1', '2'], x_label: 'UTC' },
    },
  },
  { type: 'plan', title: 'Sample', tasks: [{ type: 'task_card', task_id: 'a', title: 'Sample', status: 'complete' }] },
]
