/** How high the rows of a long list are and where each begins: measured ones as measured, the
 *  others as guessed. Sums lie in a Fenwick tree, so that one measure among 100,000 rows costs
 *  seventeen steps, not a hundred thousand. */
export class Heights {
  private sizes: Float64Array
  private sums: Float64Array
  private count = 0
  private readonly guess: number
  constructor(guess: number) {
    this.guess = guess
    this.sizes = new Float64Array(64)
    this.sums = new Float64Array(65)
  }
  get length(): number {
    return this.count
  }
  /** More rows at the end, or fewer; those that stay keep what was measured. */
  resize(count: number): void {
    if (count > this.sizes.length) {
      const grown = new Float64Array(Math.max(count, this.sizes.length * 2))
      grown.set(this.sizes.subarray(0, this.count))
      this.sizes = grown
    }
    for (let at = this.count; at < count; at += 1) this.sizes[at] = this.guess
    if (count === this.count) return
    this.count = count
    this.build()
  }
  /** Other rows than before: nothing is known of any. */
  forget(): void {
    this.sizes.fill(this.guess, 0, this.count)
    this.build()
  }
  private build(): void {
    this.sums = new Float64Array(this.count + 1)
    for (let at = 1; at <= this.count; at += 1) {
      this.sums[at]! += this.sizes[at - 1]!
      const above = at + (at & -at)
      if (above <= this.count) this.sums[above]! += this.sums[at]!
    }
  }
  /** By how much the row differs from what was thought. */
  measure(at: number, height: number): number {
    if (at < 0 || at >= this.count || height <= 0) return 0
    const change = height - this.sizes[at]!
    if (Math.abs(change) < 0.05) return 0
    this.sizes[at] = height
    for (let node = at + 1; node <= this.count; node += node & -node) this.sums[node]! += change
    return change
  }
  of(at: number): number {
    return this.sizes[at] ?? 0
  }
  /** Where row `at` begins; of `length`, where the list ends. */
  top(at: number): number {
    let sum = 0
    for (let node = Math.min(at, this.count); node > 0; node -= node & -node) sum += this.sums[node]!
    return sum
  }
  /** The row that lies at this depth; the first or last one beyond the ends. */
  at(depth: number): number {
    if (!this.count) return 0
    let node = 0
    let rest = depth
    for (let step = 2 ** Math.floor(Math.log2(this.count)); step > 0; step /= 2) {
      const next = node + step
      if (next <= this.count && this.sums[next]! <= rest) {
        node = next
        rest -= this.sums[next]!
      }
    }
    return Math.min(node, this.count - 1)
  }
}
