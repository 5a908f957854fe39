/** The types that the report's scripts share: the results they read, and what `h` takes. */

type Finding = import('../../src/model/finding.ts').Finding
type Severity = import('../../src/model/finding.ts').Severity
type FindingsResult = import('../../src/model/finding.ts').FindingsResult
type RuleDescription = import('../../src/model/finding.ts').RuleDescription
type Coverage = import('../../src/model/coverage.ts').Coverage
type Inventory = import('../../src/model/inventory.ts').Inventory
type ClusterInventory = import('../../src/model/inventory.ts').ClusterInventory

type ReachData = import('../../src/outputs/html-reach.ts').ReachData
type ReachState = import('../../src/outputs/html-reach.ts').ReachDataState

type DeclaredPicture = import('../../src/model/declared-picture.ts').DeclaredPicture
type PictureNamespace = import('../../src/model/declared-picture.ts').PictureNamespace
type PictureNodes = import('../../src/model/declared-picture.ts').PictureNodes
type PicturePool = import('../../src/model/declared-picture.ts').PicturePool
type PictureWay = import('../../src/model/declared-picture.ts').PictureWay
type WayState = import('../../src/model/declared-picture.ts').WayState

type ExitsMap = import('../../src/model/exits-map.ts').ExitsMap
type MapScene = import('../../src/model/exits-map.ts').MapScene
type MapLink = import('../../src/model/exits-map.ts').MapLink
type MapExit = import('../../src/model/exits-map.ts').MapExit
type LinkState = import('../../src/model/exits-map.ts').LinkState

/** `packed` is null where the file holds no regions of it. */
interface ReachWorkload {
  readonly id: string
  readonly variant: string | null
  readonly cluster: string
  readonly namespace: string
  readonly packed: import('../../src/outputs/html-reach.ts').ReachDataWorkload | null
}

interface ReachRegion {
  readonly to: import('../../src/outputs/html-reach.ts').ReachDataTarget
  readonly traffic: ReachData['traffics'][number]
  /** Place in the table of states. */
  readonly state: number
  /** `10.244.1.9 -> 1.1.1.1:443/TCP` */
  readonly packet: string | null
}

/** One hop of a way. `says`: what it is, beside or instead of an id. */
interface ChainStep {
  readonly word: string
  readonly id: string
  /** Where its packets come from. */
  readonly note: string | null
  readonly mark: 'told' | 'open' | 'stop' | 'exit'
  readonly says: string | null
  readonly addresses: readonly string[]
  readonly reasons: NonNullable<ReachData>['because'][number][]
  readonly unknowns: NonNullable<ReachData>['unknowns'][number][]
}

/** How a list shows its items: the group of each, the heading of a group, the row with its button. */
interface ListView<T> {
  readonly keyOf: (item: T) => string
  readonly titleOf: (item: T) => Child
  readonly rowOf: (item: T) => HTMLElement
}

/** One picture of the Declared: who stands left, in one line or two, with the ways of each. */
interface DeclaredScene {
  readonly title: string
  readonly name: string
  /** What the table calls who stands left. */
  readonly column: string
  readonly groups: readonly DeclaredSide[]
  /** What is to be known beside the picture. */
  readonly notes: readonly string[]
}

interface DeclaredSide {
  readonly words: readonly string[]
  readonly title: string
  readonly cell: () => Child
  readonly ways: readonly PictureWay[]
}

type BySeverity = Readonly<Record<Severity, number>>
type FilterKey = 'severity' | 'family' | 'cluster' | 'owner' | 'state' | 'check'
type SortKey = 'worst' | 'cluster' | 'object' | 'owner' | 'check'
type GroupKey = 'check' | 'cluster' | 'owner' | 'none'

type Child = string | number | Node | null | readonly Child[]
type Props = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>
