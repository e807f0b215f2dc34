import { createCharts } from '../charts/charts.ts'
import type { Config } from '../config/config.ts'
import { labelsOf } from '../incident/labels.ts'
import { exportAll, exportIncident } from '../postmortem/export-cli.ts'
import type { ExportFormat } from '../postmortem/formats.ts'
import { createPostmortems } from '../postmortem/postmortem.ts'
import { connect, openStoreToRead } from '../store/store.ts'
import { knownNames } from './known-names.ts'

export type ExportRequest = {
  format: ExportFormat
  out?: string | undefined
  write(body: string | Buffer): void
} & ({ id: string } | { all: true /** Epoch ms. */; since?: number | undefined })

/** Writes postmortems from the database alone, with or without a running Muster. */
export const exportFromStore = async ({ env, file, catalogue }: Config, request: ExportRequest): Promise<string[]> => {
  const store = await openStoreToRead(env.DATABASE_URL, Date.now)
  const charts = createCharts({})
  try {
    const postmortems = createPostmortems({
      store,
      nameOf: knownNames(store),
      chartPng: (snapshot, zone) => charts.png(snapshot, { zone }),
      templatesFolder: file.templates,
      timezone: file.timezone,
      labels: labelsOf({ ...file, catalogue }),
    })
    const { format, out } = request
    return 'id' in request
      ? await exportIncident({ ...request, postmortems })
      : await exportAll({ postmortems, store, format, folder: out ?? '.', since: request.since })
  } finally {
    await charts.close()
    await store.close()
  }
}

/** A consistent copy of the SQLite file. @throws for PostgreSQL, which has its own tools. */
export const backup = async ({ env }: Config, file: string): Promise<void> => {
  const connection = await connect(env.DATABASE_URL)
  try {
    await connection.backup(file)
  } finally {
    await connection.db.destroy()
  }
}
