import type { Methods } from '../core.ts'
import { refuse } from '../refusal.ts'

export const authMethods: Methods = {
  'api.test': (args) => (typeof args.error === 'string' ? refuse(args.error, { args }) : { args }),

  'auth.test': (_args, { workspace: { team, app, people } }) => ({
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    team_id: team.id,
    user: people.get(app.botUser)!.name,
    user_id: app.botUser,
    bot_id: app.botId,
    is_enterprise_install: false,
  }),

  'apps.connections.open': (_args, { openSocket }) => ({ url: openSocket() }),
}
