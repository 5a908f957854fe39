/** Text from a server, a plugin or a kubeconfig, for a message: one line, no control characters, not long. */
export const oneLine = (text: string, longest = 240): string => {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean
}
