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
 * What the fake Slack takes from an app manifest (version 2): which commands and shortcuts people can use, what the
 * token may do and which events are sent. Members that change nothing here are let through unread; what Slack would
 * refuse to install is refused.
 */
export const Manifest = Shape.superRefine((manifest, context) => {
  const scopes = manifest.oauth_config.scopes.bot
  const lacking = (scope: string, why: string): void =>
    context.addIssue({
      code: 'custom',
      path: ['oauth_config', 'scopes', 'bot'],
      message: `${scope} is needed for ${why}`,
    })
  if (manifest.features.slash_commands.length > 0 && !scopes.includes('commands')) lacking('commands', 'slash commands')
  for (const event of manifest.settings.event_subscriptions?.bot_events ?? []) {
    const needed = eventScopes[event] ?? []
    if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope))) lacking(needed.join(' or '), event)
  }
})
export type Manifest = z.infer<typeof Manifest>
