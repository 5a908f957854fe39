import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * Pods as an API server gives them, of about 3.8 KB compact each: what their size is made of (status, conditions,
 * volumes, tolerations, managed fields) is there, so that a reader is measured on what it will meet.
 */
export const pod = (n: number): object => {
  const namespace = `team-${n % 40}`
  const app = `app-${n % 400}`
  const hash = ((n % 400) * 2654435761).toString(16).slice(0, 10)
  const name = `${app}-${hash}-${n.toString(36).padStart(5, '0')}`
  const time = '2026-10-01T08:00:00Z'
  const condition = (type: string) => ({ lastProbeTime: null, lastTransitionTime: time, status: 'True', type })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'kubectl.kubernetes.io/restartedAt': time,
      },
      creationTimestamp: time,
      generateName: `${app}-${hash}-`,
      labels: {
        'app.kubernetes.io/name': app,
        'app.kubernetes.io/part-of': namespace,
        owner: namespace,
        'pod-template-hash': hash,
      },
      managedFields: [
        {
          apiVersion: 'v1',
          fieldsType: 'FieldsV1',
          manager: 'kube-controller-manager',
          operation: 'Update',
          time,
          fieldsV1: {
            'f:metadata': {
              'f:generateName': {},
              'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {}, 'f:owner': {}, 'f:pod-template-hash': {} },
              'f:ownerReferences': { '.': {}, [`k:{"uid":"${hash}"}`]: {} },
            },
            'f:spec': {
              'f:containers': {
                'k:{"name":"main"}': {
                  '.': {},
                  'f:image': {},
                  'f:imagePullPolicy': {},
                  'f:name': {},
                  'f:ports': {},
                  'f:resources': {},
                },
              },
              'f:dnsPolicy': {},
              'f:restartPolicy': {},
              'f:schedulerName': {},
            },
          },
        },
      ],
      name,
      namespace,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          blockOwnerDeletion: true,
          controller: true,
          kind: 'ReplicaSet',
          name: `${app}-${hash}`,
          uid: `${hash}-0000-4000-8000-000000000000`,
        },
      ],
      resourceVersion: String(100000 + n),
      uid: `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
    },
    spec: {
      containers: [
        {
          env: [
            { name: 'LOG_LEVEL', value: 'info' },
            { name: 'DATABASE_HOST', value: 'db.data.svc.cluster.local' },
            { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
          ],
          image: `registry.example.com/${namespace}/${app}:1.${n % 9}.0`,
          imagePullPolicy: 'IfNotPresent',
          livenessProbe: {
            failureThreshold: 3,
            httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
            periodSeconds: 10,
            successThreshold: 1,
            timeoutSeconds: 1,
          },
          name: 'main',
          ports: [
            { containerPort: 8080, name: 'http', protocol: 'TCP' },
            { containerPort: 9090, name: 'metrics', protocol: 'TCP' },
          ],
          resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [
            { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'kube-api-access', readOnly: true },
            { mountPath: '/tmp', name: 'tmp' },
          ],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      nodeName: `node-${n % 200}.example.internal`,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      serviceAccount: app,
      serviceAccountName: app,
      terminationGracePeriodSeconds: 30,
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
      ],
      volumes: [
        { emptyDir: {}, name: 'tmp' },
        {
          name: 'kube-api-access',
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
              {
                downwardAPI: {
                  items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
                },
              },
            ],
          },
        },
      ],
    },
    status: {
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        condition,
      ),
      containerStatuses: [
        {
          containerID: `containerd://${'ab'.repeat(32)}`,
          image: `registry.example.com/${namespace}/${app}:1.${n % 9}.0`,
          imageID: `registry.example.com/${namespace}/${app}@sha256:${'cd'.repeat(32)}`,
          lastState: {},
          name: 'main',
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: time } },
        },
      ],
      hostIP: `10.1.${n % 200}.10`,
      hostIPs: [{ ip: `10.1.${n % 200}.10` }],
      phase: 'Running',
      podIP: `10.${16 + ((n >> 16) & 15)}.${(n >> 8) & 255}.${n & 255}`,
      podIPs: [{ ip: `10.${16 + ((n >> 16) & 15)}.${(n >> 8) & 255}.${n & 255}` }],
      qosClass: 'Burstable',
      startTime: time,
    },
  }
}

/** Writes a `List` of pods of at least `bytes`; gives how many. */
export const writePodList = (path: string, bytes: number, indent: number): number => {
  const fd = openSync(path, 'w')
  let written = writeSync(
    fd,
    indent > 0 ? '{\n    "apiVersion": "v1",\n    "items": [\n' : '{"apiVersion":"v1","items":[',
  )
  let n = 0
  while (written < bytes) {
    const text = JSON.stringify(pod(n), null, indent)
    written += writeSync(fd, `${n === 0 ? '' : ','}${indent > 0 ? text.replace(/^/gm, '        ') : text}`)
    n++
  }
  writeSync(fd, indent > 0 ? '\n    ],\n    "kind": "List"\n}\n' : '],"kind":"List"}')
  closeSync(fd)
  return n
}
