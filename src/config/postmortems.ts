import { z } from 'zod'

/** Any URL that `git push` accepts, without a password in it: the token comes from POSTMORTEM_GIT_TOKEN. */
const repository = z
  .string()
  .max(1000)
  .refine(
    (text) => /^(https?:\/\/|ssh:\/\/|file:\/\/|\/|[\w.-]+@[\w.-]+:)/.test(text) && !/\/\/[^/@]*:[^/@]*@/.test(text),
    {
      error: 'expected the address of a Git repository without a password in it, like https://git.example.com/docs.git',
    },
  )

/** `postmortems:` in muster.yaml: where published ones are kept. See docs/postmortems.md. */
export const PostmortemSettings = z.strictObject({
  /** A folder in a Git repository, pushed to when a postmortem is published and when it is edited after that. */
  git: z
    .strictObject({
      repository,
      branch: z
        .string()
        .regex(/^(?!-)[\w./-]{1,200}$/, 'expected the name of a branch')
        .default('main'),
      folder: z
        .string()
        .regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/, 'expected a folder in the repository, like docs/postmortems')
        .default('postmortems'),
      formats: z
        .array(z.enum(['md', 'html', 'json', 'pdf', 'confluence']))
        .min(1)
        .default(['md']),
      /** Private incidents, too. */
      private: z.boolean().default(false),
      /** The author of the commits. */
      author: z
        .strictObject({ name: z.string().min(1), email: z.email() })
        .default({ name: 'Muster', email: 'muster@localhost.invalid' }),
    })
    .optional(),
})
export type PostmortemSettings = z.infer<typeof PostmortemSettings>
