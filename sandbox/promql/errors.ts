/** Prometheus: an invalid query is `bad_data` (400), a failed evaluation `execution` (422). */
export class PromqlError extends Error {
  override name = 'PromqlError'
  readonly type: 'bad_data' | 'execution'

  constructor(type: PromqlError['type'], message: string) {
    super(message)
    this.type = type
  }
}

/** The query is invalid or uses unsupported PromQL. */
export const badData = (message: string) => new PromqlError('bad_data', message)
