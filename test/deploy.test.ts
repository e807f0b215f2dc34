import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { Env } from '../src/config/config.ts'

/** The files of `deploy/` are held against the program and the image that they start. */

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const dockerfile = read('Dockerfile')
const isSetting = (name: string) => name.replace(/_FILE$/, '') in Env.shape || name === 'NODE_ENV'

test('the example environment names only existing settings, and sets none', () => {
  const lines = read('deploy/muster.env.example')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) {
    const [name = '', value] = line.split('=')
    expect(isSetting(name), name).toBe(true)
    expect(value).toBe('')
  }
})

test("Compose mounts the image's volume, publishes its port, and sets only existing settings", () => {
  const { muster } = parse(read('deploy/compose.yaml')).services
  const volume = /^VOLUME (\S+)$/m.exec(dockerfile)?.[1]
  const port = /^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]
  expect(muster.volumes).toContain(`data:${volume}`)
  expect(muster.ports).toEqual([`127.0.0.1:${port}:${port}`])
  for (const name of Object.keys(muster.environment)) expect(isSetting(name), name).toBe(true)
  expect(muster.volumes.map((one: string) => one.split(':')[1])).toContain(muster.environment.MUSTER_CONFIG)
})

test("Kubernetes runs the image's command, probes served paths, and keeps the database on the volume", () => {
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml')).map((one) => {
    expect(one.errors).toEqual([])
    return one.toJS()
  })
  expect(documents.map(({ kind }) => kind)).toEqual(['PersistentVolumeClaim', 'Deployment', 'Service'])
  const [claim, deployment, service] = documents
  const pod = deployment.spec.template
  const [container] = pod.spec.containers
  const env = new Map<string, string>(container.env.map(({ name, value }: Record<string, string>) => [name, value]))
  for (const name of env.keys()) expect(isSetting(name), name).toBe(true)
  expect(Env.safeParse(Object.fromEntries(env)).success).toBe(true)
  expect(container.args).toEqual(JSON.parse(/^CMD (\["serve"\])$/m.exec(dockerfile)?.[1] ?? '[]'))
  expect(String(container.ports[0].containerPort)).toBe(env.get('PORT'))
  const routes = read('src/http/app.ts')
  for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
    expect(routes).toContain(`'${probe.httpGet.path}'`)
  const mounts: { name: string; mountPath: string }[] = container.volumeMounts
  const data = mounts.find(({ mountPath }) => env.get('DATABASE_URL')?.startsWith(`sqlite:${mountPath}/`))
  const config = mounts.find(({ mountPath }) => env.get('MUSTER_CONFIG')?.startsWith(`${mountPath}/`))
  const volumes: { name: string; persistentVolumeClaim?: { claimName: string }; configMap?: object }[] =
    pod.spec.volumes
  expect(volumes.find(({ name }) => name === data?.name)?.persistentVolumeClaim?.claimName).toBe(claim.metadata.name)
  expect(volumes.find(({ name }) => name === config?.name)?.configMap).toBeDefined()
  expect(deployment.spec.selector.matchLabels).toEqual(pod.metadata.labels)
  expect(service.spec.selector).toEqual(pod.metadata.labels)
  // SQLite is for one process.
  expect([deployment.spec.replicas, deployment.spec.strategy.type]).toEqual([1, 'Recreate'])
})

test('the systemd unit starts the program and sets only existing settings', () => {
  const unit = read('deploy/muster.service')
  expect(unit).toContain('ExecStart=/usr/bin/node bin/muster.js serve')
  const environment = /^Environment=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  expect(environment.length).toBeGreaterThan(1)
  for (const one of environment) expect(isSetting(one.split('=')[0] as string), one).toBe(true)
  expect(unit).toContain('StateDirectory=muster')
  expect(environment).toContain('DATABASE_URL=sqlite:/var/lib/muster/muster.db')
})

test("the image's heap limit leaves room for everything else in the Kubernetes container", () => {
  const heap = Number(/--max-old-space-size=(\d+)/.exec(dockerfile)?.[1])
  const deployment = parseAllDocuments(read('deploy/kubernetes.yaml'))
    .map((one) => one.toJS())
    .find(({ kind }) => kind === 'Deployment')
  const limit = Number.parseInt(deployment.spec.template.spec.containers[0].resources.limits.memory, 10)
  // Code, buffers, SQLite's cache and the thread that draws charts.
  expect(limit - heap).toBeGreaterThanOrEqual(200)
})

test('the image keeps every font that charts and PDFs are written in', () => {
  const used = ['src/charts/fonts.ts', 'src/postmortem/pdf-text.ts'].flatMap((path) =>
    [...read(path).matchAll(/(\w+\.ttf)'/g)].map(([, name]) => name as string),
  )
  const kept = [...dockerfile.matchAll(/! -name '(\w+\.ttf)'/g)].map(([, name]) => name as string)
  expect(used.length).toBeGreaterThan(3)
  expect([...new Set(used)].sort()).toEqual(kept.sort())
})
