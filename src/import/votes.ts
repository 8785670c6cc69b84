import { byText } from '../lib/compare.ts'

/** What evidence says: one answer, none, or several that weigh the same. */
export type Verdict =
  | { readonly state: 'one'; readonly value: string }
  | { readonly state: 'none' }
  | { readonly state: 'several'; readonly values: readonly string[] }

/** How often each value was named. */
export class Votes {
  readonly #counts = new Map<string, number>()

  add(value: string, weight = 1): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + weight)
  }

  count(value: string): number {
    return this.#counts.get(value) ?? 0
  }

  /** The values with the most votes, sorted. */
  leaders(): readonly string[] {
    const most = Math.max(0, ...this.#counts.values())
    return [...this.#counts].flatMap(([value, count]) => (count === most ? [value] : [])).sort(byText)
  }

  verdict(): Verdict {
    const [value, ...others] = this.leaders()
    if (value === undefined) return { state: 'none' }
    return others.length === 0 ? { state: 'one', value } : { state: 'several', values: [value, ...others] }
  }
}
