import type { NetworkInterface, Subnet } from '../../model/fabric.ts'

/** Where packets begin: at an interface, or at anything in a subnet. */
export type Start =
  | { readonly kind: 'interface'; readonly of: NetworkInterface }
  /** `onlyRoutes`: no filter is asked, as where replies are followed. */
  | { readonly kind: 'subnet'; readonly of: Subnet; readonly onlyRoutes?: true }
