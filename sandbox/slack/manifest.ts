import { z } from 'zod'
import { eventScopes } from './scopes.ts'

const Shape = z.looseObject({
  display_information: z.looseObject({ name: z.string().max(35) }),
  features: z.looseObject({
    app_home: z.looseObject({ home_tab_enabled: z.boolean().optional() }).optional(),
    bot_user: z.looseObject({ display_name: z.string().max(80) }),
    slash_commands: z
      .array(
        z.looseObject({
          command: z.string().regex(/^\//).max(32),
          description: z.string().max(2000),
          usage_hint: z.string().max(1000).optional(),
          should_escape: z.boolean().optional(),
        }),
      )
      .max(50)
      .default([]),
    shortcuts: z
      .array(
        z.looseObject({
          name: z.string().max(24),
          type: z.enum(['global', 'message']),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10)
      .default([]),
  }),
  oauth_config: z.looseObject({ scopes: z.looseObject({ bot: z.array(z.string()) }) }),
  settings: z.looseObject({
    event_subscriptions: z.looseObject({ bot_events: z.array(z.string()).max(100).default([]) }).optional(),
    interactivity: z.looseObject({ is_enabled: z.boolean() }).optional(),
    socket_mode_enabled: z.boolean().optional(),
  }),
})

/**
 * The parts of an app manifest (version 2) that the fake Slack uses: commands, shortcuts, scopes and events. Other
 * members are ignored. Rejects what Slack would refuse to install.
 */
export const Manifest = Shape.superRefine((manifest, context) => {
  const scopes = manifest.oauth_config.scopes.bot
  const missing = (scope: string, why: string): void =>
    context.addIssue({
      code: 'custom',
      path: ['oauth_config', 'scopes', 'bot'],
      message: `${scope} is needed for ${why}`,
    })
  if (manifest.features.slash_commands.length > 0 && !scopes.includes('commands')) missing('commands', 'slash commands')
  for (const event of manifest.settings.event_subscriptions?.bot_events ?? []) {
    const needed = eventScopes[event] ?? []
    if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) missing(needed.join(' or '), event)
  }
})
export type Manifest = z.infer<typeof Manifest>
