/** One resource that a plan changes. */
export interface PlannedChange {
  /** As the plan names it: `module.vpc.aws_route.public[0]`. */
  readonly address: string
  /** `create`, `update`, `delete`, `forget`; a replacement is two of them, in the order in which they happen. */
  readonly actions: readonly string[]
  readonly file: string
}
