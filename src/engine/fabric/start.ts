import type { ManagedWorkload, NetworkInterface, Subnet } from '../../model/fabric.ts'

/** Where packets begin: at an interface, at anything in a subnet, or at what runs without a machine of its own. */
export type Start =
  | { readonly kind: 'interface'; readonly of: NetworkInterface }
  | { readonly kind: 'managed'; readonly of: ManagedWorkload }
  /** `onlyRoutes`: no filter is asked, as where replies are followed. */
  | { readonly kind: 'subnet'; readonly of: Subnet; readonly onlyRoutes?: true }
