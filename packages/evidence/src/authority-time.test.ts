import { afterEach, expect, it } from 'vitest';
import { typedTime } from './authority-time.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it.each(['UTC', 'Asia/Tokyo', 'America/New_York'])('reads a typed time alike on a machine in %s', (machine) => {
  process.env.TZ = machine;
  expect(typedTime('2026-03-01T10:00')).toBe(Date.UTC(2026, 2, 1, 10));
  expect(typedTime('2026-03-01 10:00:00')).toBe(Date.UTC(2026, 2, 1, 10));
  expect(typedTime('2026-03-01')).toBe(Date.UTC(2026, 2, 1));
  expect(typedTime('2026-03-01T10:00+09:00')).toBe(Date.UTC(2026, 2, 1, 1));
  expect(typedTime('yesterday')).toBeNaN();
});
