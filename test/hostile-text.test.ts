import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadEstate } from '../src/app/load.ts'
import { scan } from '../src/app/scan.ts'
import { tree } from './support/run.ts'

/**
 * Long runs of what the checks' expressions stop and start at. Time is not asserted: an expression that tries every
 * start with every end never comes back, and the runner's own limit says so.
 */
const RUNS = [
  '\n',
  '\r',
  ' ',
  '\t',
  '&',
  '|',
  ';',
  '$(',
  'ssh ',
  'curl ',
  'sh -c ',
  '/',
  'a/',
  '"',
  'url: ',
  'clients:\n',
  '[OUTPUT]\n',
  'exporters:\n',
  'acl a src ',
  '. {\n',
]

const LENGTH = 200_000

for (const piece of RUNS) {
  test(`a command and a setting of many ${JSON.stringify(piece)}`, () => {
    const long = piece.repeat(LENGTH / piece.length)
    const documents = [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'long', namespace: 'shop', annotations: { 'k8s.v1.cni.cncf.io/networks': long } },
        spec: {
          containers: [
            {
              name: 'c',
              image: `registry.example.com/${long}`,
              command: ['sh', '-c', long],
              args: [long],
              env: [
                { name: 'HTTPS_PROXY', value: long },
                { name: 'NO_PROXY', value: long },
              ],
            },
          ],
        },
      },
      ...['coredns', 'squid', 'istio', 'kube-proxy', 'prometheus'].map(name => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: name === 'istio' ? 'istio-system' : 'kube-system' },
        data: {
          Corefile: long,
          'squid.conf': long,
          'tinyproxy.conf': long,
          mesh: long,
          'config.conf': long,
          'prometheus.yml': long,
        },
      })),
    ]
    const root = tree({ 'long.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }) })
    const { findings } = scan(loadEstate([{ path: root, cluster: 'c' }]), { now: '2026-11-20', baseline: new Set() })
    assert.equal(findings.coverage.objects, documents.length)
  })
}
