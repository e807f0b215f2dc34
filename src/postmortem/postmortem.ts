import { messageOf } from '../incident/errors.ts'
import type { RecordedEvent } from '../incident/event.ts'
import type { Drawable } from '../incident/evidence.ts'
import type { Labels } from '../incident/labels.ts'
import type { ProseSection } from '../incident/prose.ts'
import type { Store } from '../store/store.ts'
import { callTable } from './call-graph.ts'
import { peopleIn, readConversation } from './conversation.ts'
import { materialOf, postmortemData } from './data.ts'
import type { PostmortemData } from './document.ts'
import { pictureFile } from './evidence.ts'
import { heldAtOf } from './harm.ts'
import type { Picture } from './html.ts'
import { postmortemJson } from './json.ts'
import type { Material } from './material.ts'
import { namesOf } from './names.ts'
import type { PostmortemJson } from './schema.ts'
import { editableSections } from './sections.ts'
import { markdownOf } from './text.ts'

export type { PostmortemData } from './document.ts'
export type { Picture } from './html.ts'
export type { PostmortemJson } from './schema.ts'

export type PostmortemOptions = {
  /** Where operators keep their own `postmortem.md`; a folder without one, or none at all, means Muster's. */
  templatesFolder?: string | undefined
  store: Pick<Store, 'read' | 'events' | 'snapshot' | 'messages' | 'retention'>
  /** The name of a person; may fail or be slow, then the id appears in the document. */
  nameOf(slackUserId: string): Promise<string>
  /** Draws a chart. */
  /** Drawn with the times of the zone, and UTC beside them as in the text. */
  chartPng(snapshot: Drawable, zone: string): Promise<Buffer>
  /** The zone shown beside UTC, `Europe/Kyiv`. */
  timezone: string
  /** The names of services, severities and roles; their ids when not given. */
  labels?: Partial<Labels> | undefined
}

/** The text of a postmortem. */
export type Draft = {
  markdown: string
  /** Set when the operator's template could not be used and Muster's was: one sentence with file and line. */
  warning?: string
  /** The start of the impact derived from a graph, until somebody records it. */
  estimate?: { at: number; source: string }
  /** When the harm ended for good, epoch ms, where a graph shows that the mitigation did not hold. */
  heldAt?: number
}

/** The pictures a postmortem's Markdown refers to, and a sentence for each that could not be drawn. */
export type Pictures = { pictures: Picture[]; problems: string[] }

/** Writes postmortems from the log. Every answer is undefined when there is no such incident. */
export type Postmortems = {
  /** What a template sees. */
  data(id: string): Promise<PostmortemData | undefined>
  /**
   * The Markdown. When the operator's template is broken, the built-in one is used, and
   * `warning` and a line at the top of the document say so.
   * @throws TemplateError when the built-in one is broken too.
   */
  draft(id: string): Promise<Draft | undefined>
  markdown(id: string): Promise<string | undefined>
  /** One page with everything inside. */
  html(id: string): Promise<string | undefined>
  json(id: string): Promise<PostmortemJson | undefined>
  /** A4 pages with everything inside. */
  pdf(id: string): Promise<Buffer | undefined>
  /** The body of a Confluence page, in its storage format. */
  confluence(id: string): Promise<string | undefined>
  /** Markdown as Slack's canvases take it. */
  canvas(id: string): Promise<string | undefined>
  /** What people can write in it; people are named by `names`. */
  sections(id: string, names: PostmortemOptions['nameOf']): Promise<ProseSection[] | undefined>
  /** What lies beside the Markdown under the names it uses. */
  files(id: string): Promise<Pictures | undefined>
}

const TEMPLATE = 'postmortem.md'

/** The document libraries are loaded with the first document: hours after the start, and nobody waits for it. */
const templates = () => import('./template.ts')
const pages = () => import('./html.ts')
const pdfs = () => import('./pdf.ts')
const confluence = () => import('./confluence.ts')
const canvases = () => import('./canvas.ts')

export const createPostmortems = (options: PostmortemOptions): Postmortems => {
  const { store, timezone, chartPng } = options
  const itself = (id: string) => id
  const labels: Labels = { service: itself, severity: itself, role: itself, ...options.labels }

  type Loaded = { material: Material; events: RecordedEvent[]; nameOf(actor: string): string; data: PostmortemData }
  const load = async (id: string, names = options.nameOf): Promise<Loaded | undefined> => {
    const incident = await store.read(id)
    if (!incident) return undefined
    const events = await store.events(id)
    const conversation = await readConversation(store, id, events)
    const nameOf = await namesOf(events, names, peopleIn(conversation))
    const { snapshot: readSnapshot } = store
    const removal = await store.retention.evidenceRemoved(id)
    const material = await materialOf(incident, events, { timezone, labels, readSnapshot, conversation, removal })
    return { material, events, nameOf, data: postmortemData(material, events, nameOf) }
  }

  const write = async (data: PostmortemData): Promise<Draft> => {
    const { fillTemplate, SHIPPED_TEMPLATES, TemplateError } = await templates()
    const folder = options.templatesFolder ?? SHIPPED_TEMPLATES
    try {
      return { markdown: fillTemplate(folder, TEMPLATE, data) }
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      const markdown = fillTemplate(SHIPPED_TEMPLATES, TEMPLATE, data)
      if (error.absent) return { markdown }
      const warning = `${error.message} Muster's own was used instead.`
      return { markdown: `> ${markdownOf(warning)}\n\n${markdown}`, warning }
    }
  }

  const draw = async (data: PostmortemData): Promise<Pictures> => {
    const pictures: Picture[] = []
    const problems: string[] = []
    for (const { hash, file } of data.evidence.flatMap(({ charts }) => charts)) {
      const snapshot = await store.snapshot(hash)
      try {
        if (snapshot?.kind === 'chart' || snapshot?.kind === 'call_graph')
          pictures.push({
            path: file,
            mediaType: 'image/png',
            bytes: await chartPng(snapshot, timezone),
            ...(snapshot.kind === 'call_graph' ? { table: callTable(snapshot, timezone) } : {}),
          })
        else if (snapshot?.kind === 'image' && pictureFile(hash, snapshot))
          pictures.push({ path: file, mediaType: snapshot.mediaType, bytes: Buffer.from(snapshot.base64, 'base64') })
      } catch (error) {
        problems.push(`${file} is missing: ${messageOf(error)}`)
      }
    }
    return { pictures, problems }
  }

  return {
    data: async (id) => (await load(id))?.data,

    async draft(id) {
      const loaded = await load(id)
      if (!loaded) return undefined
      const start = loaded.material.milestones.impact_started
      const heldAt = heldAtOf(loaded.material.harm)
      return {
        ...(await write(loaded.data)),
        ...(start?.estimate ? { estimate: start } : {}),
        ...(heldAt === undefined ? {} : { heldAt }),
      }
    },

    async markdown(id) {
      const loaded = await load(id)
      return loaded && (await write(loaded.data)).markdown
    },

    async html(id) {
      const loaded = await load(id)
      if (!loaded) return undefined
      const { pictures } = await draw(loaded.data)
      const { htmlPage } = await pages()
      return htmlPage((await write(loaded.data)).markdown, { title: titleOf(loaded.data), pictures })
    },

    async json(id) {
      const loaded = await load(id)
      if (!loaded) return undefined
      const { material, events, data, nameOf } = loaded
      return postmortemJson(material, events, data, nameOf)
    },

    async pdf(id) {
      const loaded = await load(id)
      if (!loaded) return undefined
      const { pictures } = await draw(loaded.data)
      const { pdfDocument } = await pdfs()
      const { markdown } = await write(loaded.data)
      return pdfDocument({ markdown, title: titleOf(loaded.data), pictures, writtenAt: loaded.material.latest })
    },

    async confluence(id) {
      const loaded = await load(id)
      return loaded && (await confluence()).confluencePage((await write(loaded.data)).markdown)
    },

    async canvas(id) {
      const loaded = await load(id)
      return loaded && (await canvases()).canvasMarkdown((await write(loaded.data)).markdown)
    },

    async sections(id, names) {
      const loaded = await load(id, names)
      return loaded && editableSections(loaded.material, loaded.nameOf)
    },

    async files(id) {
      const loaded = await load(id)
      return loaded && draw(loaded.data)
    },
  }
}

const titleOf = ({ incident }: PostmortemData): string => `Postmortem ${incident.id}: ${incident.title}`
