import type { Phrase } from './phrase.ts'

/** Who typed, clicked or submitted something, and where. */
export type Speaker = {
  person: string
  channel: string
  /** The same for a repeated delivery, so that it is recorded once. */
  once: string
}

/** One input of a form. */
export type Field = {
  name: string
  label: string
  kind: 'line' | 'text' | 'choice' | 'person' | 'people' | 'date' | 'switch'
  hint?: string
  placeholder?: string
  optional?: boolean
  initial?: string
  /** For `choice`. */
  options?: { value: string; label: string; description?: string }[]
}

/** Inputs for what one line of text cannot hold. Each front end renders them in its own way: a modal in Slack. */
export type Form = {
  title: string
  submit: string
  fields: Field[]
  /**
   * Hidden members of the input, such as which item is edited. They are returned with the submission; together at most
   * 2,500 characters.
   */
  given?: Record<string, unknown>
}

/** A small line chart: at most 20 categories, each unique, and one value of every series for each. */
export type LineChart = {
  title: string
  unit: string
  categories: string[]
  series: { name: string; values: number[] }[]
}

/** A line with a menu of at most five entries. */
export type Row = { line: Phrase[]; menu: { label: string; command: string }[] }

/** What a person gets back. */
export type Reply = {
  lines: Phrase[][]
  /** `you`: only the person who typed the command sees it. */
  to: 'you' | 'channel'
  /** Buttons for likely next actions: a sub-command with its input. */
  next?: { label: string; command: string }[]
  /** Lines below the reply, each with a menu of actions: sub-commands with their input. */
  rows?: Row[]
  /** Drawn beside the lines where supported; the lines alone are sufficient. */
  chart?: LineChart
}

/** The result of a sub-command or a form. */
export type Answer =
  | { kind: 'reply'; reply: Reply }
  /** The command needs more input. */
  | {
      kind: 'form'
      command: string
      form: Form
      /** The same in one line, for where a form cannot be shown: `declare [sev1..sev4] <what is broken>`. */
      usage: string
      /** The incident it is about. */
      incident?: string
    }
  /** Some inputs of the form are not valid: field name -> what to do. */
  | { kind: 'errors'; errors: Record<string, string> }
