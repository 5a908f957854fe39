import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { placeOf } from '../../inventory/address.ts'
import { type Check, hit, several } from '../check.ts'

const RESOLVER_MAPS = /^(coredns|coredns-custom|rke2-coredns-rke2-coredns|dns-default|node-local-dns)$/
/** `rewrite name [exact] FROM TO`. Source: coredns.io/plugins/rewrite. */
const REWRITE =
  /^[ \t]*rewrite[ \t]+(?:(?:stop|continue)[ \t]+)?name[ \t]+(?:(?:exact|suffix|prefix|substring)[ \t]+)?(\S+)[ \t]+(\S+)/gm
/** `hosts [FILE] { ADDRESS NAME… }`. Source: coredns.io/plugins/hosts. */
const HOSTS = /^[ \t]*hosts\b[^\n{]*\{([^}]*)\}/gm

export const resolverAnswers: Check = {
  id: 'PST-D009',
  title: 'Cluster resolver that answers public names itself',
  severity: 'high',
  why: 'The cluster’s resolver gives every pod an address that the name’s owner did not: callers, logs and policy by name all see the trusted name. It is a hostAlias for the whole cluster, in a file that few people read.',
  remedy: 'Remove the entry and let DNS answer.',
  references: ['https://coredns.io/plugins/hosts/', 'https://coredns.io/plugins/rewrite/'],
  *run({ cluster }) {
    for (const map of cluster.configMaps.values()) {
      if (!RESOLVER_MAPS.test(map.ref.name) || !isSystemNamespace(map.ref.namespace ?? '')) continue
      for (const [key, text] of map.data) {
        for (const { name, answer } of answersIn(text)) {
          yield hit(
            map,
            `every pod that asks for \`${name}\` is led to \`${answer}\``,
            `remove \`${name}\` from \`${key}\` of ConfigMap \`${map.ref.name}\` in ${several([map.ref.namespace ?? ''])}`,
            { at: ['data', key], key: `${name} ${answer}`, witness: `${name} = ${answer}` },
          )
        }
      }
    }
  },
}

const answersIn = (text: string): readonly { readonly name: string; readonly answer: string }[] => [
  ...[...text.matchAll(REWRITE)].flatMap(([, name = '', answer = '']) =>
    isPublicName(name) && isPublicName(answer) && !isBelow(answer, name) ? [{ name, answer }] : [],
  ),
  ...[...text.matchAll(HOSTS)].flatMap(([, block = '']) =>
    block.split('\n').flatMap(line => {
      const [answer = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
      return placeOf(answer) === 'public' ? names.filter(isPublicName).map(name => ({ name, answer })) : []
    }),
  ),
]

/** A name in the public DNS, as far as its ending tells; an address, a pattern or a word of the Corefile is none. */
const isPublicName = (name: string): boolean =>
  /^\.?([a-z0-9_-]+\.)+[a-z]{2,}\.?$/i.test(name) &&
  !/\.(local|internal|svc|cluster|arpa|test|localhost|lan|corp|home|intranet|localdomain)\.?$/i.test(name)

/** `rewrite name www.shop.example shop.example` stays in one owner’s hands. */
const isBelow = (one: string, other: string): boolean => {
  const owner = (name: string): string => name.replace(/\.$/, '').split('.').slice(-2).join('.').toLowerCase()
  return owner(one) === owner(other)
}
