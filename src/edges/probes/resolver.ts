import type { NameAnswer } from '../../checks/ports.ts';
import type { Stop } from '../../ports.ts';
import { failure, success } from '../../result.ts';
import { toErrorCode } from './kernel-files.ts';

/** A name server that lost one packet is asked again well within a check's limit. */
const TRY_TIMEOUT_MS = 2000;
const TRIES = 3;

/** Asks the system's name servers, or `server`, for the A or AAAA records of a name. */
export async function resolveName(
  name: string,
  family: 4 | 6,
  server: string | undefined,
  cut: Stop,
): Promise<NameAnswer> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES });
  const forget = cut.onRequest(() => {
    resolver.cancel();
  });
  try {
    if (server !== undefined) resolver.setServers([server]);
    return success(await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name)));
  } catch (error) {
    return failure(cut.requested ? 'TIMEOUT' : toErrorCode(error));
  } finally {
    forget();
  }
}
