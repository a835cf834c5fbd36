import type { Checks } from './check.ts';
import { command } from './kinds/command.ts';
import { cpu } from './kinds/cpu.ts';
import { disk } from './kinds/disk.ts';
import { dns } from './kinds/dns.ts';
import { docker } from './kinds/docker.ts';
import { env } from './kinds/env.ts';
import { file } from './kinds/file.ts';
import { network } from './kinds/network.ts';
import { os } from './kinds/os.ts';
import { port } from './kinds/port.ts';
import { ram } from './kinds/ram.ts';
import { run } from './kinds/run.ts';
import { service } from './kinds/service.ts';
import { time } from './kinds/time.ts';
import { user } from './kinds/user.ts';
import { writable } from './kinds/writable.ts';

/** Every kind of check. The order is that of the documentation. */
export const CHECKS: Checks = {
  ram,
  disk,
  cpu,
  os,
  network,
  dns,
  port,
  command,
  env,
  file,
  writable,
  user,
  service,
  docker,
  time,
  run,
};
