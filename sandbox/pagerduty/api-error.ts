/** An error response of the REST API: `{"error":{"message","code","errors"}}`. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: number
  readonly errors: string[]

  constructor(status: number, code: number, message: string, errors: string[] = []) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }
}

export const notFound = () => new ApiError(404, 2100, 'Not Found')

export const invalid = (...errors: string[]) => new ApiError(400, 2001, 'Invalid Input Provided', errors)
