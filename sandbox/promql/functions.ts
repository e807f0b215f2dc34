import { badData } from './errors.ts'
import { histogramQuantile } from './histogram.ts'
import { type Labels, withoutName } from './labels.ts'
import type { Element, Value } from './values.ts'

/** Evaluation context of a function. */
type Moment = { at: number }

type InstantFunction = (args: Value[], moment: Moment) => Value

const vector = (elements: Element[]): Value => ({ type: 'vector', elements })

const elementsOf = (value: Value | undefined, name: string): Element[] => {
  if (value?.type !== 'vector')
    throw badData(`parse error: expected type instant vector in call to function ${JSON.stringify(name)}`)
  return value.elements
}

const scalarOf = (value: Value | undefined, name: string): number => {
  if (value?.type !== 'scalar')
    throw badData(`parse error: expected type scalar in call to function ${JSON.stringify(name)}`)
  return value.value
}

const stringOf = (value: Value | undefined): string => {
  if (value?.type !== 'string') throw badData('parse error: expected type string in call to function "label_replace"')
  return value.value
}

const mapped =
  (name: string, change: (value: number, ...parameters: number[]) => number): InstantFunction =>
  ([first, ...rest]) =>
    vector(
      elementsOf(first, name).map(({ labels, value }) => ({
        labels: withoutName(labels),
        value: change(value, ...rest.map((each) => scalarOf(each, name))),
      })),
    )

const sorted =
  (name: string, direction: 1 | -1): InstantFunction =>
  ([first]) =>
    vector([...elementsOf(first, name)].sort((a, b) => direction * (a.value - b.value)))

const replaceLabel: InstantFunction = ([first, target, replacement, source, pattern]) => {
  const expression = new RegExp(`^(?:${stringOf(pattern)})$`, 's')
  return vector(
    elementsOf(first, 'label_replace').map(({ labels, value }) => {
      const text = labels[stringOf(source)] ?? ''
      if (!expression.test(text)) return { labels, value }
      // Prometheus also writes `${1}` for `$1`.
      const to = text.replace(expression, stringOf(replacement).replace(/\$\{(\w+)\}/g, '$$$1'))
      const { [stringOf(target)]: _old, ...others }: Labels = labels
      return { labels: to ? { ...others, [stringOf(target)]: to } : others, value }
    }),
  )
}

/** Functions of instant vectors, scalars and strings. */
export const instantFunctions: Record<string, InstantFunction> = {
  abs: mapped('abs', Math.abs),
  ceil: mapped('ceil', Math.ceil),
  floor: mapped('floor', Math.floor),
  sqrt: mapped('sqrt', Math.sqrt),
  ln: mapped('ln', Math.log),
  exp: mapped('exp', Math.exp),
  round: mapped('round', (value, nearest = 1) => Math.round(value / nearest) * nearest),
  clamp: mapped('clamp', (value, low = 0, high = 0) => Math.min(high, Math.max(low, value))),
  clamp_min: mapped('clamp_min', (value, low = 0) => Math.max(low, value)),
  clamp_max: mapped('clamp_max', (value, high = 0) => Math.min(high, value)),
  sort: sorted('sort', 1),
  sort_desc: sorted('sort_desc', -1),
  vector: ([first]) => vector([{ labels: {}, value: scalarOf(first, 'vector') }]),
  scalar: ([first]) => {
    const elements = elementsOf(first, 'scalar')
    return { type: 'scalar', value: elements.length === 1 ? (elements[0]?.value ?? Number.NaN) : Number.NaN }
  },
  time: (_args, { at }) => ({ type: 'scalar', value: at / 1000 }),
  absent: ([first]) => vector(elementsOf(first, 'absent').length ? [] : [{ labels: {}, value: 1 }]),
  histogram_quantile: ([q, buckets]) =>
    vector(histogramQuantile(scalarOf(q, 'histogram_quantile'), elementsOf(buckets, 'histogram_quantile'))),
  label_replace: replaceLabel,
}
