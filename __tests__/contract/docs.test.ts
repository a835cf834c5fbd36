import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { openHostStore } from '../../src/edges/host-store.ts';
import { OUTCOMES } from '../../src/engine/outcome.ts';
import { FAMILIES } from '../../src/failure/category.ts';
import { MODES } from '../../src/inputs/inputs.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Problem } from '../../src/inputs/problem.ts';
import type { PlanTexts } from '../../src/plan/load.ts';
import { parsePlan } from '../../src/plan/load.ts';
import { temporaryFolder } from '../support/folders.ts';
import { deploymentRecord, lastError, namesOf, stepRecord } from '../support/records.ts';

/** A fenced block of a page. */
interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

interface WorkflowStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly steps?: readonly WorkflowStep[];
        readonly uses?: string;
        readonly permissions?: unknown;
        readonly 'timeout-minutes'?: number;
      }
    >
  >;
}

/** Folders with pages of ours; the rest is code, fixtures and what others wrote. */
const FOLDERS = ['docs', 'examples', 'bench', '.github'].filter((folder) => existsSync(folder));
const PAGES = [
  ...readdirSync('.'),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  ),
]
  .filter((path) => path.endsWith('.md'))
  .sort();
const WORKFLOWS = readdirSync('.github/workflows').map((name) => `.github/workflows/${name}`);

function readPage(page: string): string {
  return readFileSync(page, 'utf8');
}

const FENCE = /^( *)(`{3,})([\w-]*)\n([\s\S]*?)^\1\2$/gmu;

function findSnippets(page: string): readonly Snippet[] {
  const content = readPage(page);
  return [...content.matchAll(FENCE)].map(
    ({ 1: indent = '', 3: language = '', 4: text = '', index }) => ({
      page,
      line: content.slice(0, index).split('\n').length,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gmu'), ''),
    }),
  );
}

const SNIPPETS = PAGES.flatMap(findSnippets);
const nameOf = ({ page, line }: Snippet): string => `${page}:${line}`;
const inLanguage = (...languages: readonly string[]): readonly (readonly [string, Snippet])[] =>
  SNIPPETS.filter(({ language }) => languages.includes(language)).map((each) => [
    nameOf(each),
    each,
  ]);

function withoutCode(content: string): string {
  return content.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/gu, '');
}

/** Anchors as GitHub makes them of headings. */
function findAnchors(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { 1: title = '' } of readPage(page)
    .replaceAll(FENCE, '')
    .matchAll(/^#{1,6} +(.+)$/gmu)) {
    const slug = title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

function findBrokenLinks(page: string): readonly string[] {
  const links = [...withoutCode(readPage(page)).matchAll(/\]\(([^)\s]+)\)/gu)].map(
    ([, to = '']) => to,
  );
  return links.filter((link) => {
    if (/^[a-z]+:/u.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(target)) return true;
    return anchor !== undefined && !findAnchors(target).has(anchor);
  });
}

function readDefaults() {
  const inputs = parseInputs({});
  if (!inputs.ok) throw new Error('the defaults are valid');
  return inputs.value;
}

function problemsOf(texts: PlanTexts): readonly Problem[] {
  const plan = parsePlan(texts, readDefaults());
  return plan.ok ? [] : plan.error;
}

/** What a runner expands is not for us to judge. */
function toGivenInputs(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name, String(value)] as const)
      .filter(([, value]) => !value.includes('${{')),
  );
}

function findStepsOfOurs({ jobs }: Workflow): readonly WorkflowStep[] {
  return Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .filter(({ uses = '' }) => uses.startsWith('freshtrack/preflight-action@') || uses === './');
}

/** What is wrong with how a workflow uses the action. */
function problemsOfWorkflow(workflow: Workflow): readonly unknown[] {
  const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { inputs: object };
  return findStepsOfOurs(workflow).flatMap(({ with: given = {} }) => {
    const strangers = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
    const { mode, steps, checks } = given;
    // A mode that is only known at run time says nothing about the inputs beside it.
    const isKnownMode = typeof mode !== 'string' || !mode.includes('${{');
    const read = parseInputs(isKnownMode ? toGivenInputs(given) : {});
    return [
      ...strangers,
      ...(read.ok ? [] : read.error),
      ...(typeof steps === 'string' ? problemsOf({ steps }) : []),
      ...(typeof checks === 'string' ? problemsOf({ checks }) : []),
    ];
  });
}

/** What is wrong with a snippet of YAML: a workflow, a plan, or a plan's checks. */
function problemsOfYaml({ page, text }: Snippet): readonly unknown[] {
  const value = parse(text) as Record<string, unknown>;
  if ('jobs' in value) return problemsOfWorkflow(value as unknown as Workflow);
  if ('steps' in value) return problemsOf({ file: { label: page, text } });
  const strangers = Object.keys(value).filter((key) => key !== 'checks');
  const withStep = `${text}\nsteps: [{ id: a, run: 'true' }]\n`;
  return [...strangers, ...problemsOf({ file: { label: page, text: withStep } })];
}

describe('the pages', () => {
  test('are found', () => {
    expect(PAGES).toEqual(
      expect.arrayContaining([
        'README.md',
        'CONTRIBUTING.md',
        'docs/resume.md',
        'docs/adr/0001-dependencies.md',
      ]),
    );
  });

  test('README has the tables that the sources give (else: node .github/generate-readme.js)', () => {
    expect(() => {
      execFileSync(process.execPath, ['.github/generate-readme.js', '--check'], { stdio: 'pipe' });
    }).not.toThrow();
  });

  test('docs/cli.md has the tables that the sources give (else: node .github/generate-cli-docs.js)', () => {
    expect(() => {
      execFileSync(process.execPath, ['.github/generate-cli-docs.js', '--check'], {
        stdio: 'pipe',
      });
    }).not.toThrow();
  });

  test.each(PAGES)('%s leads nowhere that is not there', (page) => {
    expect(findBrokenLinks(page)).toEqual([]);
  });

  test.each(PAGES)('%s names files that exist', (page) => {
    const named = [
      ...readPage(page).matchAll(
        /`((?:__tests__|src|docs|examples|bench|\.ci|\.github)\/[\w./-]+)`/gu,
      ),
    ].map(([, path = '']) => path);
    // ADRs tell what was decided then.
    const missing = page.startsWith('docs/adr/') ? [] : named.filter((path) => !existsSync(path));
    expect(missing).toEqual([]);
  });
});

describe('a snippet', () => {
  test.each(inLanguage('yaml'))('of YAML is a valid plan or workflow: %s', (_, snippet) => {
    expect(problemsOfYaml(snippet)).toEqual([]);
  });

  test.each(inLanguage('sh', 'bash'))('of shell can be read by it: %s', (_, { language, text }) => {
    expect(() => {
      execFileSync(language, ['-n'], { input: text, stdio: 'pipe' });
    }).not.toThrow();
  });

  test('is in a language that is checked here', () => {
    const languages = new Set(SNIPPETS.map(({ language }) => language));
    expect(
      [...languages].filter((each) => !['yaml', 'sh', 'bash', 'text', 'json'].includes(each)),
    ).toEqual([]);
  });

  test('of README that is to be run is run by .ci/run', () => {
    const commands = SNIPPETS.filter(
      ({ page, language }) => page === 'README.md' && language === 'sh',
    )
      .map(({ text }) => text.trim())
      .filter((text) => !text.startsWith('sudo '));
    const script = readFileSync('.ci/run', 'utf8');
    expect(commands.length).toBeGreaterThanOrEqual(2);
    expect(commands.filter((command) => !script.includes(command))).toEqual([]);
  });
});

describe('the tables', () => {
  const rowsOf = (page: string, header: string): readonly string[] => {
    const [, table = ''] = readPage(page).split(header);
    const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);
    return rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`?([\w-]+)`?/gu)].map(([, name = '']) => name),
    );
  };

  test('of README list every key of a plan and of a step', () => {
    const schema = JSON.parse(readFileSync('preflight.schema.json', 'utf8')) as {
      readonly properties: object;
      readonly definitions: { readonly step: { readonly properties: object } };
    };
    expect(rowsOf('README.md', '| key | meaning |').toSorted()).toEqual(
      Object.keys(schema.properties).toSorted(),
    );
    expect(rowsOf('README.md', '| step key |').toSorted()).toEqual(
      Object.keys(schema.definitions.step.properties).toSorted(),
    );
  });

  test('of recovery list every family, outcome and mode of repair', () => {
    expect(rowsOf('docs/recovery.md', '| family | means |')).toEqual(FAMILIES);
    expect(rowsOf('docs/recovery.md', '| outcome | what happened |')).toEqual(OUTCOMES);
    const repairing = MODES.filter((mode) => !['run', 'check', 'plan'].includes(mode));
    expect(rowsOf('docs/recovery.md', '| mode | does |').toSorted()).toEqual(repairing.toSorted());
  });
});

describe('the scripts of the page about shell libraries', () => {
  const scripts = new Map(
    findSnippets('docs/migrating-from-shell.md').map(({ text }) => [
      /^# (\S+\.sh)$/mu.exec(text)?.[1] ?? '',
      text,
    ]),
  );

  test('work on the directory of a deployment, in both directions', async () => {
    const folder = temporaryFolder();
    const { target, deployment } = namesOf(deploymentRecord());
    const store = openHostStore({ stateDir: folder.path, target, deployment });
    await store.saveDeployment(deploymentRecord());
    await store.saveStep(stepRecord());
    await store.makeCurrent();
    await store.putMarker('migrate', '2026-11-22T10:46:00+00:00');
    await store.saveLastError(lastError({ script: "it's.sh", line: '7', exit_code: '3' }));
    const current = join(folder.path, target, 'current');
    const bash = (script: string): string =>
      execFileSync('bash', ['-c', script], {
        cwd: folder.path,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], STATE_DIR: current },
      });
    for (const name of ['checkpoints.sh', 'on-host.sh']) {
      const text = scripts.get(name) ?? '';
      writeFileSync(
        join(folder.path, name),
        text.replaceAll(/\/var\/lib\/\S+\/current/gu, current),
      );
    }

    const said = bash('bash on-host.sh');
    expect(said).toContain('migrated at 2026-11-22T10:46:00+00:00');
    expect(said).toContain("failed at it's.sh:7 with 3");
    expect(bash('source ./checkpoints.sh; run_step migrate false; run_step extra echo hello')).toBe(
      '[SKIP] migrate (completed at: 2026-11-22T10:46:00+00:00)\n[RUN] extra\nhello\n[OK] extra completed\n',
    );
    bash(
      'source ./checkpoints.sh; clear_checkpoint migrate; save_error "a b.sh" 4 75 transient:lock',
    );

    const known = await openHostStore({ stateDir: folder.path, target, deployment }).load();
    if (!known.ok) throw new Error(known.error.message);
    expect([...known.value.markers.keys()]).toEqual(['extra']);
    expect(known.value.lastError).toMatchObject({ script: 'a b.sh', line: '4', exit_code: '75' });
    folder.remove();
  });
});

describe('the workflows of this repository', () => {
  const read = (path: string): Workflow => parse(readFileSync(path, 'utf8')) as Workflow;

  test.each(WORKFLOWS)('%s uses the action as it is', (path) => {
    expect(problemsOfWorkflow(read(path))).toEqual([]);
  });

  test.each(WORKFLOWS)('%s has the least permissions, and an end', (path) => {
    const { permissions, jobs } = read(path);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job.uses !== undefined || job['timeout-minutes'] !== undefined).toBe(true);
    }
  });

  test('use other actions by their commit, one for each, and name its version', () => {
    const uses = WORKFLOWS.flatMap((path) => readFileSync(path, 'utf8').split('\n'))
      .filter((line) => /^\s*(?:- )?uses: (?!\.\/)/u.test(line))
      .map((line) => line.trim().replace(/^(?:- )?uses: /u, ''));
    expect(uses.filter((each) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u.test(each))).toEqual(
      [],
    );
    const repositories = uses.map((each) =>
      each.split('/').slice(0, 2).join('/').replace(/@.*$/u, ''),
    );
    const pins = uses.map((each) => each.replace(/^[^@]+/u, ''));
    const byRepository = new Map(repositories.map((name, at) => [name, pins[at]]));
    expect(repositories.map((name) => byRepository.get(name))).toEqual(pins);
  });
});
