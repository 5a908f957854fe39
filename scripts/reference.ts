import { dump } from 'js-yaml'
import { HELP, helpOf } from '../src/cli/help.ts'
import { CATALOGUE, PAGES } from '../src/findings/catalogue.ts'
import { FAMILIES, type Family } from '../src/model/finding.ts'
import { GLOSSARY } from '../src/model/glossary.ts'
import { knownKinds } from '../src/sources/kubernetes/kinds.ts'
import { RESOURCES } from '../src/sources/kubernetes/resources.ts'
import {
  customResourceDefinition,
  documentSchema,
  KIND_SCHEMAS,
  OWN_NAMESPACE,
} from '../src/sources/postern/schemas/kinds.ts'

/** The pages under docs/ that are made from the code; a test keeps them equal. `npm run docs` writes them. */
export const referencePages = (): Readonly<Record<string, string>> => ({
  'docs/reference/findings.md': findingsPage(),
  'docs/reference/verbs.md': verbsPage(),
  'docs/reference/kubernetes-kinds.md': kindsPage(),
  'docs/glossary.md': glossaryPage(),
  ...Object.fromEntries(
    KIND_SCHEMAS.map(schema => [
      `docs/reference/schemas/${kebab(schema.kind)}.v1alpha1.json`,
      `${JSON.stringify(documentSchema(schema), null, 2)}\n`,
    ]),
  ),
  'deploy/crds/postern.dev.yaml': crdPage(),
})

/** `EgressIntent` as `egress-intent`. */
const kebab = (kind: string): string => kind.replace(/(?<=[a-z])[A-Z]/g, letter => `-${letter}`).toLowerCase()

const crdPage = (): string =>
  `# Made from the schemas by \`npm run docs\`.\n${[...KIND_SCHEMAS.map(customResourceDefinition), ...OWN_NAMESPACE].map(document => `---\n${dump(document, { noRefs: true, lineWidth: 120 })}`).join('')}`

const GENERATED = '<!-- Made from the code by `npm run docs`. -->\n'

const findingsPage = (): string => {
  const families = (Object.keys(FAMILIES) as Family[]).filter(family =>
    PAGES.some(check => check.id.startsWith(`PST-${family}`)),
  )
  const chapters = families.map(family => {
    const checks = PAGES.filter(check => check.id.startsWith(`PST-${family}`))
    const table = checks
      .map(check => `| [${check.id}](#${check.id.toLowerCase()}) | ${check.severity} | ${check.title} |`)
      .join('\n')
    const pages = checks
      .map(
        check =>
          `### ${check.id}\n\n**${check.title}** · ${check.severity}\n\n${check.why}\n\n${check.remedy}\n\n${check.references.map(link => `- ${link.startsWith('http') ? `<${link}>` : `[${link}](../../${link})`}`).join('\n')}\n`,
      )
      .join('\n')
    return `## ${family}: ${FAMILIES[family]}\n\n| id | usual severity | title |\n| --- | --- | --- |\n${table}\n\n${pages}`
  })
  return `${GENERATED}
# Findings

${CATALOGUE.length} checks, and ${PAGES.length - CATALOGUE.length} guardrails on plans. An id never changes its meaning. A finding may carry another severity than the usual one where the
object says so; \`postern explain ID\` prints the same text in the terminal.

${chapters.join('\n')}`
}

const verbsPage = (): string => {
  const verbs = ['scan', 'inventory', 'reach', 'can', 'diff', 'plan', 'intent', 'snapshot', 'explain']
  const pages = verbs.map(verb => `## ${verb}\n\n\`\`\`text\n${helpOf(verb).trimEnd()}\n\`\`\`\n`)
  return `${GENERATED}
# Verbs

\`\`\`text
${HELP.trimEnd()}
\`\`\`

${pages.join('\n')}`
}

const STATES = {
  understood: 'understood',
  ignorable: 'safely ignorable',
  partly: 'partly understood',
  notImplemented: 'not implemented',
  unrecognised: 'unrecognised',
} as const

const kindsPage = (): string => {
  const collected = new Set(RESOURCES.map(resource => `${resource.group}/${resource.kind}`))
  const rows = [...knownKinds()].map(([key, support]) => {
    const [group = '', kind = ''] = key.split('/')
    return `| ${group || 'core'} | ${kind} | ${STATES[support.state]} | ${collected.has(key) ? 'yes' : ''} | ${support.why ?? ''} |`
  })
  return `${GENERATED}
# Kubernetes kinds

Every kind that is known by name, how much of it is read, and whether a live read asks for it. A kind that is not in
this table is \`unrecognised\`: it is counted in the coverage of every result and changes nothing else.

| group | kind | state | read live | what is missing |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

const glossaryPage = (): string =>
  `${GENERATED}
# Glossary

One word per concept; \`postern explain TERM\` prints the same.

${GLOSSARY.map(({ term, means }) => `**${term}**\n: ${means}\n`).join('\n')}`
