import { describe, expect, test } from '@jest/globals';

import { decideRoute } from '../../../src/edges/probes/proxy.ts';

const PROXY = 'http://proxy.example:3128';

function routeOf(url: string, env: Readonly<Record<string, string>>): string {
  const route = decideRoute(new URL(url), env);
  return route.kind === 'proxy' ? `${route.url.host} by ${route.variable}` : route.kind;
}

describe('the way to a URL', () => {
  test.each([
    ['https://a.example/', {}, 'direct'],
    ['https://a.example/', { https_proxy: PROXY }, 'proxy.example:3128 by https_proxy'],
    ['https://a.example/', { HTTPS_PROXY: PROXY }, 'proxy.example:3128 by HTTPS_PROXY'],
    ['https://a.example/', { http_proxy: PROXY }, 'direct'],
    ['http://a.example/', { http_proxy: PROXY }, 'proxy.example:3128 by http_proxy'],
    ['http://a.example/', { all_proxy: PROXY }, 'proxy.example:3128 by all_proxy'],
    [
      'https://a.example/',
      { https_proxy: 'proxy.example:3128' },
      'proxy.example:3128 by https_proxy',
    ],
    ['https://a.example/', { https_proxy: ' ' }, 'direct'],
    ['https://a.example/', { https_proxy: 'http://' }, 'unusable'],
    ['https://a.example/', { https_proxy: 'socks5://proxy.example:1080' }, 'unusable'],
    ['tcp://a.example:5432', { all_proxy: PROXY, https_proxy: PROXY }, 'direct'],
  ] as const)('%s with %j: %s', (url, env, route) => {
    expect(routeOf(url, env)).toBe(route);
  });

  test.each([
    ['https://a.example/', 'a.example', true],
    ['https://sub.a.example/', 'a.example', true],
    ['https://sub.a.example/', '.a.example', true],
    ['https://sub.a.example/', '*.a.example', true],
    ['https://nota.example/', 'a.example', false],
    ['https://A.EXAMPLE/', 'a.example', true],
    ['https://a.example/', 'b.example, a.example', true],
    ['https://a.example/', '*', true],
    ['https://a.example:8443/', 'a.example:8443', true],
    ['https://a.example/', 'a.example:8443', false],
    ['https://10.1.2.3/', '10.0.0.0/8', true],
    ['https://11.1.2.3/', '10.0.0.0/8', false],
    ['https://10.1.2.3/', '10.0.0.0/99', false],
    ['https://10.1.2.3/', '10.1.2.3', true],
    ['https://110.1.2.3/', '10.1.2.3', false],
    ['https://[fd00::1]/', 'fd00::/8', true],
    ['https://[fd00::1]/', 'fd00::1', true],
    ['https://[fd00::1]:8443/', '[fd00::1]:8443', true],
    ['https://a.example/', ',,', false],
  ])('%s with no_proxy "%s": direct %s', (url, noProxy, direct) => {
    const route = decideRoute(new URL(url), { https_proxy: PROXY, no_proxy: noProxy });
    expect(route.kind === 'direct').toBe(direct);
  });
});
