import { z } from 'zod'
import { operation } from '#core'
import { appManifest } from './manifest.ts'
import { ownAppId, readOwnApp } from './ownApp.ts'
import type { SlackSettings } from './settings.ts'

/** The address is the installation's where it has one; a company that tries it on a laptop gives its own. */
export const manifestOperation = (settings: SlackSettings) =>
  operation({
    name: 'slack.apps.manifest',
    summary:
      'Make the manifest from which Slack creates the app: with the id of the company’s own app for that app, else for a new one',
    effect: 'read',
    input: z.object({
      app: ownAppId.optional(),
      name: z.string().trim().min(1).max(35).default('TekUp').meta({ kind: 'text' }),
      address: z
        .url({ protocol: /^https?$/ })
        .max(200)
        .optional(),
      socketMode: z.boolean().optional(),
    }),
    output: z.object({
      manifest: z.record(z.string(), z.unknown()),
      /** Slack's own page, filled in. */
      createUrl: z.string(),
    }),
    async run({ app, name, address, socketMode }, { query }) {
      const own = app === undefined ? undefined : await readOwnApp(query, app)
      const manifest = appManifest({
        name,
        address: new URL(settings.PUBLIC_URL ?? address ?? 'http://localhost:3000').origin,
        appId: own?.appId,
        socketMode: socketMode ?? (own ? own.hasAppToken : settings.SLACK_APP_TOKEN !== undefined),
      })
      const createUrl = new URL('https://api.slack.com/apps?new_app=1')
      createUrl.searchParams.set('manifest_json', JSON.stringify(manifest))
      return { manifest, createUrl: createUrl.href }
    },
  })
