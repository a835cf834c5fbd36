import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { transformSync } from '@swc/core';

const SOURCES = join(import.meta.dirname, '../../src');

/**
 * Makes JavaScript of all sources, for tests that need a Node process of their own: jest translates only
 * what runs inside of it. Modules keep their names, with `.js`.
 */
export function compileSources(directory: string): void {
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const target = join(directory, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compile(readFileSync(join(SOURCES, file), 'utf8')));
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
}

function compile(source: string): string {
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
    module: { type: 'es6' },
  });
  return code.replaceAll(/(from |import\()(['"])(\.[^'"]+)\.ts\2/g, '$1$2$3.js$2');
}
