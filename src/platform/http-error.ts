export type HttpErrorKind = 'timeout' | 'aborted' | 'unreachable' | 'cut_off' | 'too_large' | 'redirect' | 'not_json'

/** No usable response. `message` is one sentence that names the system and fits a checklist. */
export class HttpError extends Error {
  override name = 'HttpError'
  readonly kind: HttpErrorKind

  constructor(kind: HttpErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
