/**
 * Zones in which a provider lets anybody make a name: a bucket, a function, a page, a repository. Whoever admits the
 * zone admits them all; a name below, such as one bucket, is somebody's own.
 * Source: the vendors' documentation of customer-named hosts, as of mid 2026.
 */
const ZONES: readonly string[] = [
  's3.amazonaws.com',
  'execute-api.amazonaws.com',
  'lambda-url.on.aws',
  'cloudfront.net',
  'blob.core.windows.net',
  'file.core.windows.net',
  'azurewebsites.net',
  'azureedge.net',
  'azurefd.net',
  'trafficmanager.net',
  'storage.googleapis.com',
  'appspot.com',
  'run.app',
  'web.app',
  'firebaseapp.com',
  'firebaseio.com',
  'cloudfunctions.net',
  'workers.dev',
  'pages.dev',
  'r2.dev',
  'r2.cloudflarestorage.com',
  'trycloudflare.com',
  'herokuapp.com',
  'vercel.app',
  'netlify.app',
  'fly.dev',
  'onrender.com',
  'github.com',
  'api.github.com',
  'github.io',
  'githubusercontent.com',
  'gitlab.com',
  'gitlab.io',
  'bitbucket.org',
  'pastebin.com',
  'dropbox.com',
  'dropboxusercontent.com',
  'drive.google.com',
  'discord.com',
  'telegram.org',
  'ngrok.io',
  'ngrok.app',
  'ngrok-free.app',
  'fastly.net',
  'akamaized.net',
  'backblazeb2.com',
  'digitaloceanspaces.com',
]
/** AWS writes the region into the zone: `s3.eu-west-1.amazonaws.com`, `s3-eu-west-1.amazonaws.com`. */
const REGIONAL =
  /^(s3[.-][a-z]{2}(-[a-z]+)+-\d|execute-api\.[a-z]{2}(-[a-z]+)+-\d|[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/

/** Is every name below this zone admitted, and may anybody make one there? Given without the leading dot or star. */
export const isSharedZone = (zone: string): boolean => {
  const name = zone.toLowerCase().replace(/\.$/, '')
  return REGIONAL.test(name) || ZONES.some(shared => shared === name || shared.endsWith(`.${name}`))
}
