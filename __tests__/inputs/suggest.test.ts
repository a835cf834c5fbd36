import { describe, expect, test } from '@jest/globals';
import { renderSuggestion, suggest, toEditDistance } from '../../src/inputs/suggest.ts';

describe('suggest', () => {
  test.each([
    ['tiemout', ['timeout', 'name', 'run'], 'timeout'],
    ['rollbak', ['rollback', 'fail'], 'rollback'],
    ['ROLLBACK', ['rollback', 'fail'], 'rollback'],
    ['max_attempts', ['max-attempts', 'max-delay'], 'max-attempts'],
    ['rma', ['ram', 'run'], 'ram'],
    ['xyz', ['ram', 'run', 'cpu'], undefined],
    ['cpu', ['run'], undefined],
    ['', ['run'], undefined],
    ['x'.repeat(10_000), ['run'], undefined],
  ])('for %s of %j: %s', (word, allowed, meant) => {
    expect(suggest(word, allowed)).toBe(meant);
  });

  test('says nothing when nothing is near', () => {
    expect(renderSuggestion('xyz', ['timeout'])).toBe('');
    expect(renderSuggestion('tiemout', ['timeout'])).toBe(' Did you mean "timeout"?');
  });
});

describe('toEditDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['abc', 'abc', 0],
  ])('from %j to %j is %d', (a, b, distance) => {
    expect(toEditDistance(a, b)).toBe(distance);
    expect(toEditDistance(b, a)).toBe(distance);
  });
});
