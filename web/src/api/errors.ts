import type { components } from './schema'

export type Problem = components['schemas']['Error']

/** A refusal of the server: a closed code, a stable key that the words translate, and details. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(status: number, problem: Problem) {
    super(problem.key)
    this.status = status
    this.problem = problem
  }
  get code(): string {
    return this.problem.code
  }
  get key(): string {
    return this.problem.key
  }
  /** The failure itself and all that failed together with it. */
  get all(): Problem[] {
    return [this.problem, ...(this.problem.others ?? [])]
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'key' in value
}

/** Whatever came back in place of an answer, as a refusal with a key of ours. */
export function refusalOf(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(status, body)
  return new ApiError(status, { code: status >= 500 ? 'unavailable' : 'internal', key: 'client.no_answer' })
}

export function isRefusal(error: unknown, key: string): boolean {
  return error instanceof ApiError && error.key === key
}
