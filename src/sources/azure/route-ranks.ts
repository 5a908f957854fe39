/**
 * Of routes of one prefix. What the platform answers at itself no route takes away; a block that a service has goes after the same
 * block that somebody wrote. Source: “Virtual network traffic routing”, How Azure selects a route, Exact match.
 */
export const RANKS = { platform: -1, user: 0, tagged: 0.5, propagated: 1, system: 2 } as const
