import { declaredNodesIn, meetingForNodes, nodeOpeningsIn } from '../findings/declared-nodes.ts'
import type { PicturePool, PictureWay } from '../model/declared-picture.ts'
import { compareText } from '../model/order.ts'
import { traffics } from '../sets/traffic.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { declaredWay, NOBODYS, type Scene, undeclaredWays, worstFirst } from './declared-picture-ways.ts'

/** Pools of nodes with what is declared for them; none where no intent speaks of the cluster's nodes. */
export const poolsIn = (scene: Scene): readonly PicturePool[] => {
  const { estate, view, today } = scene
  const openings = nodeOpeningsIn(view)
  return declaredNodesIn(estate, view, today).map((group): PicturePool => {
    const { pool, nodes, hold, declared } = group
    const isFree = hold === 'nothing'
    const ways = declared.declarations.map(one =>
      declaredWay(one, isFree ? 'unheld' : meetingForNodes(view, group, one, estate.intents)),
    )
    return {
      pool,
      nodes: nodes.map(({ ref }) => ref.name).sort(compareText),
      hold,
      ways: worstFirst([...(isFree ? [EVERYWHERE] : []), ...undeclaredWays(scene, openings(group)), ...ways]),
    }
  })
}

/** Filters of the cloud may still stop it: they are outside the cluster. */
const EVERYWHERE: PictureWay = {
  ...NOBODYS,
  state: 'unheld',
  place: 'everywhere that the network leads',
  traffic: trafficElements(traffics.full),
  severity: null,
}
