import * as http from 'node:http'
import * as https from 'node:https'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Json } from '../../../model/json.ts'
import { oneLine } from './one-line.ts'
import type { Connection, Failure, Reply } from './reply.ts'

/**
 * One API server through the official client: it reads the kubeconfig's certificates, tokens, exec plugins and proxy;
 * the bytes are fetched here, because its typed calls rename and drop fields that its version does not know.
 * Redirects are not followed: a token goes to the server that the kubeconfig names and nowhere else.
 */
export const connect = (config: KubeConfig): Connection => {
  const cluster = config.getCurrentCluster()
  const server = (cluster?.server ?? '').replace(/\/+$/, '')
  const secure = server.startsWith('https:')
  // The client's own agent opens a connection for each request; only a proxy needs it.
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS })
    : new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS })
  const get = async (path: string, timeoutMilliseconds: number): Promise<Reply> => {
    const options: https.RequestOptions = {}
    let url: URL
    try {
      url = new URL(server + path)
      await config.applyToHTTPSOptions(options)
    } catch (error) {
      return failed('login', error)
    }
    const request: https.RequestOptions = {
      ...options,
      agent: cluster?.proxyUrl === undefined ? agent : options.agent,
      method: 'GET',
      timeout: timeoutMilliseconds,
      headers: { ...options.headers, Accept: 'application/json', 'Accept-Encoding': 'gzip', 'User-Agent': 'postern' },
    }
    return send(url, request, secure)
  }
  return { server, get, close: () => agent.destroy() }
}

const MOST_SOCKETS = 8
/** A page of 500 objects of the largest size that etcd takes (1.5 MB) stays under it; so does what V8 can hold as text. */
const MOST_BYTES = 500_000_000

const unzip = promisify(gunzip)

const send = async (url: URL, options: https.RequestOptions, secure: boolean): Promise<Reply> => {
  try {
    const { response, bytes } = await fetchBytes(url, options, secure)
    const zipped = response.headers['content-encoding'] === 'gzip'
    const text = (zipped ? await unzip(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString('utf8')
    const after = response.headers['retry-after']
    return {
      kind: 'reply',
      status: response.statusCode ?? 0,
      // A date would need a clock to be read: then the usual pause holds.
      retryAfterSeconds: after !== undefined && /^\d{1,6}$/.test(after) ? Number(after) : null,
      body: parsed(text),
    }
  } catch (error) {
    return failed(reasonOf(error), error)
  }
}

const fetchBytes = (
  url: URL,
  options: https.RequestOptions,
  secure: boolean,
): Promise<{ readonly response: http.IncomingMessage; readonly bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const request = (secure ? https.request : http.request)(url, options, response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MOST_BYTES) request.destroy(trouble('POSTERN_LARGE', 'the answer is larger than 500 MB'))
        else chunks.push(chunk)
      })
      response.on('end', () => resolve({ response, bytes: Buffer.concat(chunks) }))
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(trouble('ETIMEDOUT', 'no answer in time')))
    request.on('error', reject)
    request.end()
  })

const trouble = (code: string, message: string): Error => Object.assign(new Error(message), { code })

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Source: Node's error codes; those of TLS are OpenSSL's X.509 verification results. */
const reasonOf = (error: unknown): Failure['reason'] => {
  const code = codeOf(error)
  if (/^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls'
  if (/^(?:HPE_|Z_|ERR_|POSTERN_)/.test(code)) return 'protocol'
  return code === 'ETIMEDOUT' ? 'timeout' : 'network'
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

const failed = (reason: Failure['reason'], error: unknown): Failure => {
  // Several addresses of one name are tried in turn and fail together.
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error
  const message = first instanceof Error ? first.message : String(first)
  return {
    kind: 'failed',
    reason: reason === 'network' ? reasonOf(first) : reason,
    message: oneLine(message) || codeOf(first),
  }
}
