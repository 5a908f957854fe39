import { takeInventory } from '../app/inventory.ts'
import { renderInventoryTable } from '../outputs/inventory-table.ts'
import { renderJson } from '../outputs/json.ts'
import { renderYaml } from '../outputs/yaml.ts'
import { exitCode } from './exit-code.ts'
import { readFlags } from './flags.ts'
import type { Io } from './io.ts'
import { complain, present, tableOptions } from './present.ts'
import { estateFor } from './sources.ts'

const OUTPUTS = ['table', 'wide', 'json', 'yaml']

/** `postern inventory`: what stands at the edge, before anybody judges it. */
export const inventoryVerb = async (argv: readonly string[], io: Io): Promise<number> => {
  const flags = readFlags(argv, OUTPUTS, io.env, io.clock)
  const { estate } = await estateFor(flags, io)
  const inventory = takeInventory(estate, { namespaces: flags.namespaces, labels: flags.selector })
  complain(flags, io, inventory.diagnostics, inventory.coverage)
  const chunks =
    flags.output === 'json'
      ? renderJson(inventory)
      : flags.output === 'yaml'
        ? renderYaml(inventory)
        : renderInventoryTable(inventory, { ...tableOptions(flags, io), wide: flags.output === 'wide' })
  await present(flags, io, chunks)
  return exitCode(inventory.diagnostics, inventory.coverage, false, flags.strict)
}
