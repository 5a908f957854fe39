/** The types that the report's scripts share: the results they read, and what `h` takes. */

type Finding = import('../../src/model/finding.ts').Finding
type Severity = import('../../src/model/finding.ts').Severity
type FindingsResult = import('../../src/model/finding.ts').FindingsResult
type RuleDescription = import('../../src/model/finding.ts').RuleDescription
type Coverage = import('../../src/model/coverage.ts').Coverage
type Inventory = import('../../src/model/inventory.ts').Inventory
type ClusterInventory = import('../../src/model/inventory.ts').ClusterInventory

type BySeverity = Readonly<Record<Severity, number>>
type FilterKey = 'severity' | 'family' | 'cluster' | 'owner' | 'state' | 'check'
type SortKey = 'worst' | 'cluster' | 'object' | 'owner' | 'check'
type GroupKey = 'check' | 'cluster' | 'owner' | 'none'

type Child = string | number | Node | null | readonly Child[]
type Props = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>
