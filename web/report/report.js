/** Puts the page together, in place of the plain summary; if anything fails before that, the summary stays and shows. */

const THEMES = ['system', 'light', 'dark']

/** Storage is the reader's; a browser that denies it to files only forgets the choice. */
const remembered = {
  get: () => {
    try {
      return localStorage.getItem('postern-theme')
    } catch {
      return null
    }
  },
  /** @param {string} theme */
  set: theme => {
    try {
      localStorage.setItem('postern-theme', theme)
    } catch {
      // Not remembered.
    }
  },
}

const startTheme = () => {
  const button = document.getElementById('theme')
  if (button === null) return
  /** @param {string} theme */
  const apply = theme => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    button.textContent = `Theme: ${theme}`
  }
  let theme = THEMES.find(item => item === remembered.get()) ?? 'system'
  apply(theme)
  button.hidden = false
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
    apply(theme)
    remembered.set(theme)
  })
}

const start = () => {
  startTheme()
  const findings = findingsView(id => (REACH_BY_ID.has(id.toWellFormed()) ? `#${reachFragment(id, null)}` : null))
  const reach = reachView(id => findings.showObject(id))
  const sections = [
    overview(findings.show),
    findings.element,
    reach?.element ?? null,
    exitsView(),
    declaredView(),
    inventoryView(),
    coverageView(),
  ].filter(item => item !== null)
  const nav = document.getElementById('sections')
  for (const item of sections)
    nav?.append(h('a', { href: `#${item.id}` }, item.id.charAt(0).toUpperCase() + item.id.slice(1)))
  nav?.removeAttribute('hidden')
  document.getElementById('main')?.replaceChildren(...sections)
  const follow = () => {
    const target = location.hash.slice(1)
    const workload = reachNamed(target)
    if (/^[0-9a-f]{32}$/.test(target)) findings.open(target)
    else if (workload !== null) reach?.open(workload)
    else if (target !== '') document.getElementById(decoded(target) ?? '')?.scrollIntoView()
  }
  window.addEventListener('hashchange', follow)
  // A link to the address that is there already changes nothing, and is still meant.
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link?.hash !== undefined && link.hash !== '' && link.hash === location.hash) follow()
  })
  if (location.hash !== '') follow()
}

start()
