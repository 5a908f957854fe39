import { type Check, hit, several } from '../check.ts'

/** Zones where anybody may publish content or receive data. Source: the vendors’ documentation of customer-named hosts. */
const SHARED =
  /^\.?(([a-z0-9-]+\.)*(amazonaws\.com|blob\.core\.windows\.net|windows\.net|googleapis\.com|github\.com|githubusercontent\.com|github\.io|gitlab\.com|bitbucket\.org|workers\.dev|pages\.dev|herokuapp\.com|vercel\.app|netlify\.app|run\.app|appspot\.com|azurewebsites\.net|cloudfront\.net|pastebin\.com|dropbox\.com|drive\.google\.com|discord\.com|telegram\.org|ngrok\.io|trycloudflare\.com|web\.app|firebaseio\.com))$/i

export const allowListShared: Check = {
  id: 'PST-M015',
  title: 'Allow list with zones where anybody may publish',
  severity: 'medium',
  why: 'The list reads like names of partners, and some of them are names that everybody may make: a bucket, a worker, a repository. Allowing the zone allows whoever rents a name in it.',
  remedy: 'Name the bucket, account or repository instead of the zone.',
  references: ['https://attack.mitre.org/techniques/T1567/'],
  *run({ cluster }) {
    for (const proxy of cluster.proxies) {
      const named = [...proxy.acls].filter(
        ([name, acl]) =>
          acl.type === 'dstdomain' && proxy.access.some(rule => rule.action === 'allow' && rule.acls.includes(name)),
      )
      const shared = named.flatMap(([, acl]) => acl.values.filter(value => value.startsWith('.') && SHARED.test(value)))
      if (shared.length === 0) continue
      yield hit(
        proxy,
        `${several(shared, 5)} ${shared.length === 1 ? 'is a zone' : 'are zones'} where anybody may publish`,
        `replace ${several(shared, 5)} in ConfigMap \`${proxy.ref.name}\` of \`${proxy.ref.namespace}\` by the names that are used`,
        {
          at: ['data', proxy.key],
          key: proxy.key,
          witness: shared.join(' '),
        },
      )
    }
  },
}
