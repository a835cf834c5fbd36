import { BUILDS } from './builds.ts';
import { CLOUD } from './cloud.ts';
import { DOCKER } from './docker.ts';
import { FILES } from './files.ts';
import { GIT } from './git.ts';
import { HTTP } from './http.ts';
import { KUBERNETES } from './kubernetes.ts';
import { LANGUAGES } from './languages.ts';
import { MEMORY } from './memory.ts';
import { MIGRATIONS } from './migrations.ts';
import { MYSQL } from './mysql.ts';
import { NETWORK } from './network.ts';
import { NODE } from './node.ts';
import { PACKAGES } from './packages.ts';
import { POSTGRES } from './postgres.ts';
import { PYTHON } from './python.ts';
import type { RuleTable } from './rule.ts';
import { SERVICES } from './services.ts';
import { SETTINGS } from './settings.ts';
import { SHELL } from './shell.ts';
import { SSH } from './ssh.ts';
import { STORES } from './stores.ts';
import { TERRAFORM } from './terraform.ts';
import { TESTS } from './tests.ts';

/**
 * All shipped rules, in the order in which they are tried on a line: what knows the tool before what
 * only knows the words.
 */
export const TABLES: readonly RuleTable[] = [
  TESTS,
  MIGRATIONS,
  KUBERNETES,
  TERRAFORM,
  GIT,
  SSH,
  DOCKER,
  POSTGRES,
  MYSQL,
  STORES,
  PACKAGES,
  NODE,
  PYTHON,
  LANGUAGES,
  BUILDS,
  CLOUD,
  SERVICES,
  HTTP,
  NETWORK,
  MEMORY,
  SHELL,
  FILES,
  SETTINGS,
];
