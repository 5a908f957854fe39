/**
 * A file as a relative URI reference that decodes to exactly the text that other outputs print. Every segment is
 * percent-encoded, the colon too: `live:CONTEXT` would otherwise read as a scheme, which viewers refuse.
 * Source: RFC 3986, section 4.2.
 */
export const fileUri = (file: string): string =>
  file
    .toWellFormed()
    .split('/')
    .map(segment =>
      encodeURIComponent(segment).replace(
        /[!'()*]/g,
        character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/')
